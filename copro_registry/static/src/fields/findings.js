import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {openPlace} from "./place";
import {plural} from "../plural";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

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
 * Lines that lead to what they speak of.
 */
class LinesField extends Component {
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    open(line) {
        if (line.model && !line.field) {
            // Not of this record: the account of the company.
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: line.model,
                res_id: line.line,
                views: [[false, "form"]],
            });
            return;
        }
        document.querySelector(`.o_notebook .nav-link[name="${line.page}"]`)?.click();
        if (line.field) {
            openPlace(this.props.record, line);
        }
    }
}

/**
 * Readiness: a bar, then what is missing or wrong; each line opens its very field.
 */
class FindingsField extends LinesField {
    static template = "copro_registry.Findings";

    setup() {
        super.setup();
        // An empty form is not scolded: the list unfolds when it is asked for, or once saved.
        this.state = useState({unfolded: false});
    }

    get folded() {
        return this.props.record.isNew && this.lines.length > 0 && !this.state.unfolded;
    }

    unfold() {
        this.state.unfolded = true;
    }

    get countSaid() {
        const count = this.blocking.length;
        const words = {
            one: _t("%s information to complete: see it", count),
            other: _t("%s pieces of information to complete: see them", count),
        };
        return plural(count, words);
    }

    get title() {
        return this.props.record.data.registration_number
            ? _t("To complete before the next upload")
            : _t("To complete before the first upload");
    }

    /** A reference does not break in the middle. */
    law(line) {
        return line.law
            .replaceAll("; ", "\u00a0; ")
            .replaceAll("art. ", "art.\u00a0")
            .replace(/arrêté (?=\d)/g, "arrêté du ");
    }

    get blocking() {
        return this.lines.filter((line) => line.blocking);
    }

    get warnings() {
        return this.lines.filter((line) => !line.blocking);
    }

    get percentage() {
        return this.props.record.data.readiness || 0;
    }

    /** A full bar is not green on what is late: complete is not declared. */
    get color() {
        if (this.props.record.data.deadline_state === "late" && !this.blocking.length) {
            return "secondary";
        }
        const colors = {ready: "success", to_check: "warning", not_ready: "danger"};
        return colors[this.props.record.data.readiness_state] || "secondary";
    }
}

/**
 * Why the registry refused: each reason that names an item opens its field.
 */
class RefusalsField extends LinesField {
    static template = "copro_registry.Refusals";

    leads(line) {
        return Boolean(line.field || line.model);
    }
}

registry.category("fields").add("copro_diagnosis", {
    component: DiagnosisField,
    supportedTypes: ["json"],
});
registry.category("fields").add("copro_refusals", {
    component: RefusalsField,
    supportedTypes: ["json"],
});
registry.category("fields").add("copro_findings", {
    component: FindingsField,
    supportedTypes: ["json"],
});
