import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {registry} from "@web/core/registry";

/** Odoo's bar, which screen readers know for one, and whose average says that it is a percentage. */
class CoproProgressField extends ProgressBarField {
    static template = "copro_registry.ProgressField";
}

registry
    .category("fields")
    .add("copro_progress", {...progressBarField, component: CoproProgressField});
registry
    .category("formatters")
    .add("copro_progress", (value) => (value === false ? "" : `${Math.round(value)}\u00a0%`));
