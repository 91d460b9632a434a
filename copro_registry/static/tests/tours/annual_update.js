import {
    TABLE,
    UPLOAD,
    click,
    field,
    form,
    inDeveloperMode,
    inOrdinaryMode,
    noButtonBut,
    onlyLooks,
    openFromToday,
    openTab,
    see,
    without,
} from "./steps";
import {registry} from "@web/core/registry";

const FISCAL_YEARS = field("fiscal_year_ids");
const FISCAL_YEAR = ".modal .o_form_view:has([name='current_charges'])";
const APPROVED = ".text-bg-info";

/** The fiscal year that is approved, and not yet declared. */
const openFiscalYear = () => [
    openTab("finance"),
    click(`${FISCAL_YEARS} .o_data_row:has(${APPROVED}) .o_data_cell`),
    see(FISCAL_YEAR),
    inDeveloperMode(see(".modal:has([name='budget_amount'])", "Developer mode shows two more")),
    inOrdinaryMode(without("[name='budget_amount']", FISCAL_YEAR)),
];

/** The last upload, and the registry's attestation with it. */
const openLastUpload = () => [
    click("button[name='action_open_transmissions']"),
    click(`${TABLE} .o_data_row .o_data_cell[name='service']`),
    see(field("attestation_id"), "The attestation is kept"),
];

registry.category("web_tour.tours").add("copro_registry_annual_update", {
    steps: () => [
        ...openFromToday("ready", "Exercice"),
        ...openFiscalYear(),
        {
            trigger: ".modal [name='unpaid_amount'] input",
            content: "Type what is unpaid",
            run: "edit 1250",
        },
        click(".modal .o_form_button_save"),
        click(`body:not(:has(.modal)) ${UPLOAD}`),
        without(APPROVED, `${FISCAL_YEARS}:has(.text-bg-success)`, "The fiscal year is declared"),
        ...openLastUpload(),
    ],
});

registry.category("web_tour.tours").add("copro_registry_annual_update_look", {
    steps: () => [
        ...openFromToday("ready", "Exercice"),
        ...onlyLooks(),
        ...openFiscalYear(),
        without("input:enabled", FISCAL_YEAR),
        without(".o_form_button_save, .o_btn_remove", ".modal:has([name='current_charges'])"),
        click(".modal .o_form_button_cancel"),
        see(`body:not(:has(.modal)) ${field("annual_deadline")}`, "He sees the deadline"),
        click("body:not(:has(.modal)) button[name='action_open_transmissions']"),
        click(`${TABLE} .o_data_row .o_data_cell[name='service']`),
        noButtonBut([], form("payload_document")),
    ],
});
