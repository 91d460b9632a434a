import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {readAmount, readCount} from "./read_number";
import {useOptionalNumber} from "./optional_number_hook";

/**
 * A number that may be left empty: empty is "not filled in", which is not 0.
 */
class OptionalNumberField extends Component {
    static template = "copro_registry.OptionalNumber";
    static props = {
        ...standardFieldProps,
        grouped: {type: Boolean, optional: true},
        placeholder: {type: String, optional: true},
    };
    static defaultProps = {grouped: true};

    setup() {
        this.typing = useOptionalNumber({
            format: () => this.formatted,
            parse: (text) => this.parse(text),
        });
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get isEmpty() {
        return this.value === false || this.value === null || this.value === undefined;
    }

    get formatted() {
        return this.isEmpty ? "" : this.format(this.value);
    }
}

class OptionalIntegerField extends OptionalNumberField {
    parse(text) {
        return readCount(text);
    }

    format(value) {
        return this.props.grouped ? formatInteger(value) : String(value);
    }
}

class OptionalAmountField extends OptionalNumberField {
    parse(text) {
        return readAmount(text);
    }

    format(value) {
        return formatFloat(value, {digits: [12, 2]});
    }
}

const isEmpty = (record, name) => record.data[name] === false;

registry.category("fields").add("copro_integer", {
    component: OptionalIntegerField,
    displayName: _t("Optional integer"),
    supportedTypes: ["integer"],
    isEmpty,
    extractProps: ({options, placeholder}) => ({
        grouped: options.enable_formatting !== false,
        placeholder,
    }),
});

registry.category("fields").add("copro_amount", {
    component: OptionalAmountField,
    displayName: _t("Optional amount"),
    supportedTypes: ["float"],
    isEmpty,
    extractProps: ({placeholder}) => ({placeholder}),
});
