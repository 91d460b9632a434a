import {TABLE, UPLOAD_MENU, click, menu, noButtonBut, openList, see, without} from "./steps";
import {registry} from "@web/core/registry";

const PROGRESS = ".copro_batch_progress";

const selectAll = () => [
    ...openList(),
    // Not those of the list that was open before.
    click(`${TABLE}:has(th[data-name='readiness']) thead .o_list_record_selector input`),
    // Before, the same button is the gear of the whole list.
    see(".o_selection_box", "They are selected"),
    click(".o_cp_action_menus .dropdown-toggle", "Open the actions"),
    see(".o-dropdown--menu .o-dropdown-item"),
];

const openReport = (recorded) => [
    click(`.o_menu_sections ${menu("uploads")}`),
    click(`.o-dropdown--menu ${menu("batches")}`),
    click(`${TABLE} .o_data_row .o_data_cell[name='create_date']`),
    see(`${PROGRESS}[data-batch='done'] [data-outcome='accepted']:contains(${recorded})`),
    see(`${PROGRESS} [data-outcome='incomplete']:contains(1)`),
    see("button[name='action_export']", "All who see the batch may have its report"),
];

registry.category("web_tour.tours").add("copro_registry_batch", {
    steps: () => [
        ...selectAll(),
        click(`.o-dropdown--menu ${UPLOAD_MENU}`),
        see(".copro_batch_summary [data-plan='ready']:contains(3)"),
        see(".copro_batch_summary [data-plan='incomplete']:contains(1)"),
        click("button[name='action_start']"),
        see(`${PROGRESS}[data-batch='running']`, "It has started"),
        see("button[name='action_pause']"),
    ],
});

registry.category("web_tour.tours").add("copro_registry_batch_report", {
    steps: () => [...openReport(3), see("button[name='action_upload_again']")],
});

registry.category("web_tour.tours").add("copro_registry_batch_look", {
    steps: () => [
        ...selectAll(),
        without(UPLOAD_MENU, ".o-dropdown--menu"),
        click(".o_cp_action_menus .dropdown-toggle", "Close the actions"),
        without("button:contains(Téléverser)", ".o_control_panel:has(.o_cp_action_menus)"),
        ...openReport(2),
        noButtonBut(["action_export"], `.o_form_view:has(${PROGRESS})`),
    ],
});
