import {
    TABLE,
    click,
    field,
    form,
    noButtonBut,
    onlyLooks,
    openFromToday,
    openTab,
    save,
    see,
} from "./steps";
import {registry} from "@web/core/registry";

const readTheRefusal = () => [
    see(".alert-danger:contains(Adresse inconnue)", "The condominium tells the reason"),
    click("button[name='action_open_transmissions']"),
    click(`${TABLE} .o_data_row .o_data_cell[name='service']`),
    openTab("answer"),
    see(`${field("answer_document")}:contains(ADDRESS_UNKNOWN)`, "The registry's own words"),
];

registry.category("web_tour.tours").add("copro_registry_refusal", {
    steps: () => [
        ...openFromToday("refused", "Sans Voie"),
        {
            trigger: `${field("street")} input`,
            content: "Give the address a street, and keep the rest of it",
            run: ({anchor, edit: type}) => type(`12 rue de la ${anchor.value}`),
        },
        ...save(),
        ...readTheRefusal(),
        click("button[name='action_correct']"),
        see(`${field("state")} .o_arrow_button_current[data-value='accepted']`),
        see(field("corrects_id"), "It names the one that it corrects"),
    ],
});

registry.category("web_tour.tours").add("copro_registry_refusal_look", {
    steps: () => [
        ...openFromToday("refused", "Sans Voie"),
        ...onlyLooks(),
        ...readTheRefusal(),
        noButtonBut([], form("answer_document")),
    ],
});
