import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const COLOURS = {late: "danger", soon: "warning", in_order: "success", unknown: "muted"};

/**
 * What else the calendar asks for, below the most urgent, which the head of the form says;
 * then why some dates are not sure, each reason once.
 */
class DutiesField extends Component {
    static template = "copro_registry.Duties";
    static props = {...standardFieldProps};

    get all() {
        return this.props.record.data[this.props.name] || [];
    }

    get others() {
        return this.all.slice(1);
    }

    get reasons() {
        const pressing = this.all.filter((duty, rank) => !rank || duty.state !== "in_order");
        return [...new Set(pressing.flatMap((duty) => duty.reasons))];
    }

    colour(duty) {
        return COLOURS[duty.state];
    }
}

registry.category("fields").add("copro_duties", {
    component: DutiesField,
    supportedTypes: ["json"],
});
