import {_t} from "@web/core/l10n/translation";
import {formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const {DateTime} = luxon;
const FORM = ".o_form_view .o_field_widget";
const DIALOG = ".modal .o_field_widget";
const box = (name, place = FORM) => `${place}[name='${name}'] :is(input, textarea)`;
/** Done by the user himself: only a test, which has no hands, is shown how. */
const alone = (step) => ({isActive: ["auto"], ...step});
const typed = (name, value, place) => alone({trigger: box(name, place), run: `edit ${value}`});
const picked = (name, day, place) =>
    alone({
        trigger: box(name, place),
        run: ({edit}) => edit(formatDate(day)),
    });
const chosen = (name, label) => [
    alone({trigger: `${FORM}[name='${name}'] :is(input, select)`, run: "click"}),
    alone({trigger: `.o_select_menu_item:contains(${label})`, run: "click"}),
    alone({trigger: `${FORM}[name='${name}'] input:value(${label})`}),
];
const tab = (name, content) => ({
    trigger: `.o_notebook .nav-link[name='${name}']`,
    content,
    tooltipPosition: "bottom",
    run: "click",
});
const addLine = (name, content) => ({
    trigger: `${FORM}[name='${name}'] .o_field_x2many_list_row_add a`,
    content,
    tooltipPosition: "right",
    run: "click",
});

const identification = () => [
    {
        trigger: box("name"),
        content: _t("Give the condominium the name that you use in the office."),
        tooltipPosition: "bottom",
        run: "edit Résidence des Premiers Pas",
    },
    {
        trigger: box("street"),
        content: _t(
            "The reference address: number and street here, then the postcode and the town."
        ),
        tooltipPosition: "right",
        run: "edit 21 rue de la Visite",
    },
    typed("zip", "35000"),
    typed("city", "Rennes"),
    {
        trigger: box("lot_count"),
        content: _t("The lots, as the bylaws count them: all, main, housing, parking."),
        tooltipPosition: "left",
        run: "edit 12",
    },
    typed("main_lot_count", "8"),
    typed("housing_lot_count", "8"),
    typed("parking_lot_count", "4"),
    picked("bylaws_date", DateTime.local(1972, 4, 18)),
];

const mandate = (today) => [
    tab("representation", _t("Now your mandate: it gives you the right to declare.")),
    addLine("mandate_ids", _t("Add the mandate in force, with its first and last days.")),
    picked("start_date", today.minus({months: 3}), ".o_selected_row .o_field_widget"),
    picked("end_date", today.plus({months: 20}), ".o_selected_row .o_field_widget"),
];

const fiscalYear = (today) => [
    tab("finance", _t("Then the last fiscal year that the general meeting has approved.")),
    addLine("fiscal_year_ids", _t("Add it: its dates, then its figures, in euros.")),
    picked("start_date", DateTime.local(today.year - 2, 1, 1), DIALOG),
    picked("end_date", DateTime.local(today.year - 2, 12, 31), DIALOG),
    picked("meeting_date", DateTime.local(today.year - 1, 5, 15), DIALOG),
    typed("current_charges", "41250", DIALOG),
    typed("works_charges", "0", DIALOG),
    typed("supplier_debts", "1820", DIALOG),
    typed("unpaid_amount", "2410", DIALOG),
    typed("debtor_count", "2", DIALOG),
    typed("works_fund", "6000", DIALOG),
    {
        trigger: ".modal .o_form_button_save",
        content: _t("Keep the fiscal year. An amount of zero is typed: empty means “not known”."),
        tooltipPosition: "top",
        run: "click",
    },
];

const building = () => [
    tab("technique", _t("Last, the building: how many, when it was built, how it is heated.")),
    ...chosen("construction_period", "De 1961 à 1974"),
    ...chosen("heating_type", "Individuel"),
    typed("building_count", "1"),
    typed("lift_count", "0"),
];

/** From nothing to an upload on its way: the first one of a syndic. */
registry.category("web_tour.tours").add("copro_registry_first_upload", {
    url: "/odoo",
    steps: () => {
        const today = DateTime.local();
        return [
            ...stepUtils.goToAppSteps(
                "copro_registry.menu_root",
                _t("Declare your condominiums to the national registry from here.")
            ),
            {
                trigger: ".o_menu_sections [data-menu-xmlid='copro_registry.menu_condominiums']",
                content: _t("Your condominiums are kept here."),
                tooltipPosition: "bottom",
                run: "click",
            },
            {
                trigger:
                    ".o-dropdown--menu [data-menu-xmlid='copro_registry.menu_condominiums_all']",
                content: _t("Open their list."),
                tooltipPosition: "right",
                run: "click",
            },
            {
                trigger: ".o_list_button_add",
                content: _t("Create your first condominium, or import them all later."),
                tooltipPosition: "bottom",
                run: "click",
            },
            ...identification(),
            ...mandate(today),
            ...fiscalYear(today),
            ...building(),
            {
                trigger: ".o_form_button_save",
                content: _t("Save: what is missing or wrong is then listed above."),
                tooltipPosition: "bottom",
                run: "click",
            },
            {
                trigger: ".copro_findings:not(:has(.text-danger))",
            },
            {
                trigger: ".o_statusbar_buttons button[data-hotkey='q']",
                content: _t("Nothing is red any more? Then upload it to the registry."),
                tooltipPosition: "bottom",
                run: "click",
            },
            {
                isActive: ["auto"],
                trigger: ".o_form_view .o_field_widget[name='upload_state']",
            },
        ];
    },
});
