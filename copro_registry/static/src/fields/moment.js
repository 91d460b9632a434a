import {DateTimeField, dateTimeField} from "@web/views/fields/datetime/datetime_field";
import {formatDateTime} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {registry} from "@web/core/registry";

/**
 * A day and an hour in figures, to the minute: Odoo's own numeric format has seconds.
 */
class MomentField extends DateTimeField {
    getFormattedValue(index) {
        const hour = localization.timeFormat.replace(/[:.]ss/, "");
        return formatDateTime(this.values[index], {
            format: `${localization.dateFormat} ${hour}`,
        });
    }
}

registry.category("fields").add("copro_moment", {...dateTimeField, component: MomentField});
