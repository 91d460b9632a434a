import {progressBarField} from "@web/views/fields/progress_bar/progress_bar_field";
import {registry} from "@web/core/registry";

/** Odoo's bar, whose average in a list by groups says that it is a percentage. */
registry.category("fields").add("copro_progress", progressBarField);
registry
    .category("formatters")
    .add("copro_progress", (value) => (value === false ? "" : `${Math.round(value)}\u00a0%`));
