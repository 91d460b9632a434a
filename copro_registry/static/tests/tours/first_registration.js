import {
    UPLOAD,
    click,
    edit,
    field,
    onlyLooks,
    openFromToday,
    openTab,
    save,
    see,
    without,
} from "./steps";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("copro_registry_first_registration", {
    steps: () => [
        ...openFromToday("not_ready", "Premier Pas"),
        click(".copro_findings button:has(.text-danger)", "Go where something is missing"),
        see(`${field("lift_count")} input:focus`, "The finding leads to its very field"),
        edit("lift_count", "0"),
        ...save(),
        without("button .text-danger", ".copro_findings"),
        click(UPLOAD),
        see(`${field("registration_number")} input:value(/^ZZ\\d{7}$/)`),
        see(".alert-success", "What the registry said is shown"),
    ],
});

registry.category("web_tour.tours").add("copro_registry_first_registration_look", {
    steps: () => [
        without(".btn-primary", ".copro_today:has(.copro_today_states)", "Nothing to create"),
        ...openFromToday("not_ready", "Premier Pas"),
        ...onlyLooks(),
        click(".copro_findings button:has(.text-danger)", "He may see where it is missing"),
        without("input:enabled", ".tab-pane.active:has([name='lift_count'])"),
        openTab("representation"),
        see(field("mandate_end"), "He sees until when the mandate runs"),
        without(
            "button[name^='action_']",
            ".tab-pane.active:has([name='mandate_ids'])",
            "Nothing to declare"
        ),
    ],
});
