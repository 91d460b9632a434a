import {stepUtils} from "@web_tour/tour_utils";

/** The first screen: it is drawn once the board has come. */
export const TODAY = ".copro_today_states";
export const TABLE = ".o_list_view .o_list_renderer";
/** What only those who may upload are shown; a look says that it is not there. */
export const UPLOAD = ".o_statusbar_buttons button[data-hotkey='q']";
export const UPLOAD_MENU = ".o-dropdown-item:contains(Téléverser au registre)";
export const NEW = ".o_list_button_add, .o_form_button_create";
/** A menu, by the end of its identifier. */
export const menu = (name) => `[data-menu-xmlid='copro_registry.menu_${name}']`;
export const field = (name) => `.o_form_view .o_field_widget[name='${name}']`;
/** The form that has a field. */
export const form = (name) => `.o_form_view:has(.o_field_widget[name='${name}'])`;
const tab = (name) => `.o_notebook .nav-link[name='${name}']`;

export const see = (trigger, content) => ({trigger, content});
export const click = (trigger, content) => ({trigger, content, run: "click"});
export const edit = (name, value) => ({
    trigger: `${field(name)} input`,
    content: `Type in ${name}`,
    run: `edit ${value}`,
});
/** ``what`` is not in ``where``, which is drawn. */
export const without = (what, where, content) =>
    see(`${where}:not(:has(${what}))`, content || `No ${what} in ${where}`);
export const openTab = (name) => click(tab(name), `Open the page ${name}`);
/** A step of developer mode only, and one of the ordinary mode only. */
export const inDeveloperMode = (step) => ({...step, isActive: [".o_debug_manager"]});
export const inOrdinaryMode = (step) => ({
    ...step,
    isActive: ["body:not(:has(.o_debug_manager))"],
});

const row = (name) => `${TABLE} .o_data_row:contains(${name}) .o_data_cell[name='name']`;

/** From the desk to a condominium that a number counts. */
export const openFromToday = (number, name) => [
    see(TODAY, "The board is drawn"),
    click(`.copro_today [data-name='${number}']`, `Open the number ${number}`),
    click(row(name), "Open the condominium"),
    see(`${field("name")}`, "The form is drawn"),
];

export const openList = () => [
    click(`.o_menu_sections ${menu("condominiums")}`),
    click(`.o-dropdown--menu ${menu("condominiums_all")}`),
];

export const openFromList = (name) => [...openList(), click(row(name), "Open it")];

export const save = () => stepUtils.saveForm();

/** Neither those who look nor anything on their form may change a condominium. */
export const onlyLooks = () => [
    see(".copro_findings", "What is ready, and what is not, is shown"),
    without(UPLOAD, ".o_form_view:has(.copro_findings)"),
    without(NEW, "body:has(.copro_findings)"),
    without("input", `${field("name")}:visible`),
    without("input", `${field("street")}:visible`),
];

/** A form whose header has no button but those that are named. */
export const noButtonBut = (names, where) => {
    const allowed = names.map((name) => `:not([name='${name}'])`).join("");
    return without(`.o_statusbar_buttons button${allowed}`, where);
};
