import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A sheet of checks (of a certificate, of the connection): one line a check, green,
 * orange or red.
 */
class DiagnosisField extends Component {
    static template = "copro_registry.Diagnosis";
    static props = {...standardFieldProps};

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    icon(level) {
        return {
            ok: "fa-check-circle text-success",
            warn: "fa-exclamation-triangle text-warning",
            refuse: "fa-times-circle text-danger",
            skip: "fa-minus-circle text-muted",
        }[level];
    }

    label(level) {
        return {
            ok: _t("Good"),
            warn: _t("To watch"),
            refuse: _t("To correct"),
            skip: _t("Not tried"),
        }[level];
    }
}

/**
 * What is still missing or wrong: each line opens the tab and focuses the field.
 */
class FindingsField extends Component {
    static template = "copro_registry.Findings";
    static props = {...standardFieldProps};

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    get blocking() {
        return this.lines.filter((line) => line.blocking);
    }

    get warnings() {
        return this.lines.filter((line) => !line.blocking);
    }

    open(line) {
        const tab = document.querySelector(`.o_notebook .nav-link[name="${line.page}"]`);
        tab?.click();
        // The page is drawn in the next frame: the field is there in the one after.
        const focus = () => this.focus(line.field);
        requestAnimationFrame(() => requestAnimationFrame(focus));
    }

    focus(name) {
        const field =
            name && document.querySelector(`.o_form_view .o_field_widget[name="${name}"]`);
        field?.scrollIntoView({block: "center"});
        field?.querySelector("input, select, textarea, button")?.focus();
    }
}

registry.category("fields").add("copro_diagnosis", {
    component: DiagnosisField,
    supportedTypes: ["jsonb", "json"],
});
registry.category("fields").add("copro_findings", {
    component: FindingsField,
    supportedTypes: ["jsonb", "json"],
});
