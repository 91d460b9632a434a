import {TABLE, click, field, form, menu, noButtonBut, openFromList, see, without} from "./steps";
import {registry} from "@web/core/registry";

const DIFFERS = ".o_data_row:has(.text-bg-danger)";
const LINES = field("line_ids");

registry.category("web_tour.tours").add("copro_registry_comparison", {
    steps: () => [
        ...openFromList("Écart"),
        click("button[name='action_compare']"),
        click(`${LINES} ${DIFFERS}:contains(ascenseurs) button[name='action_take']`),
        see(`${LINES} .o_data_row:has(.text-bg-success):contains(ascenseurs)`),
        click(`${LINES} ${DIFFERS} button[name='action_keep']`),
        see(".o_form_view .alert-success", "Nothing differs that is not settled"),
    ],
});

registry.category("web_tour.tours").add("copro_registry_comparison_look", {
    steps: () => [
        click(`.o_menu_sections ${menu("comparisons")}`),
        click(`${TABLE} .o_data_row .o_data_cell`),
        see(`${LINES} ${DIFFERS}`, "He sees what differs"),
        without("button[name='action_take'], button[name='action_keep']", LINES),
        noButtonBut(["action_open_condominium"], form("line_ids")),
        click("button[name='action_open_condominium']"),
        see(".copro_findings"),
        without("button[name='action_compare']", ".o_form_view:has(.copro_findings)"),
    ],
});
