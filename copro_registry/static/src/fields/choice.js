import {RadioField, radioField} from "@web/views/fields/radio/radio_field";
import {registry} from "@web/core/registry";

/**
 * One of several things that the record itself lists, in ``choices``: [value, label]…
 * The server looks at once into what is chosen.
 */
class ChoiceField extends RadioField {
    get items() {
        return this.props.record.data.choices || [];
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    async onChange([value]) {
        await this.props.record.update({[this.props.name]: value});
        await this.props.record.save();
    }
}

registry.category("fields").add("copro_choice", {
    ...radioField,
    component: ChoiceField,
    supportedTypes: ["char"],
});
