import {
    click,
    edit,
    field,
    form,
    menu,
    noButtonBut,
    openFromList,
    openTab,
    see,
    without,
} from "./steps";
import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

const SECTIONS = ".o_menu_sections:has(" + menu("condominiums") + ")";
const PROVEN = ".o_copro_path .text-success:contains(Le registre a reconnu)";
const noDialog = "body:not(:has(.modal))";
// To read a certificate opens the dialog anew: what is saved already shows in the former one, for
// as long as it takes, and a click there is lost.
const READ = ".modal:not([data-former])";

/** The certificate and its key, which the test has put there. */
async function identity() {
    const answer = await fetch("/web/content/copro_registry.tour_identity");
    return new File([await answer.blob()], "identity.pem", {type: "application/x-pem-file"});
}

registry.category("web_tour.tours").add("copro_registry_certificate", {
    steps: () => [
        click(`.o_menu_sections ${menu("configuration")}`),
        click(`.o-dropdown--menu ${menu("account")}`),
        edit("number", "T0000001"),
        edit("email", "registre@cabinet-fictif.example"),
        click(".o_statusbar_buttons button.btn-primary", "Import a certificate"),
        {
            trigger: ".modal .o_field_widget[name='certificate_file']",
            content: "Give the certificate and its key",
            run: async () => {
                document.querySelector(".modal").dataset.former = "";
                await inputFiles(".modal [name='certificate_file'] .o_input_file", [
                    await identity(),
                ]);
            },
        },
        see(".modal [name='certificate_file'] input:value(identity.pem)"),
        click(".modal button[name='action_diagnose']"),
        see(`${READ} .copro_diagnosis .text-success`, "The sheet of checks is shown"),
        without(".copro_diagnosis .text-danger", READ),
        click(`${READ} button[name='action_import']`),
        click(`${noDialog} button[name='action_test_connection']`),
        see(".modal .alert-success", "The registry recognises the certificate"),
        without(".copro_diagnosis .text-danger", ".modal:has(.alert-success)"),
        click(".modal-footer button.btn-primary", "Close"),
        see(`${noDialog} ${PROVEN}`, "The path, read again, shows it"),
        openTab("certificate"),
        see(`${noDialog} ${field("certificate_end")}`),
        see(`${field("diagnosis")} .copro_diagnosis`),
    ],
});

registry.category("web_tour.tours").add("copro_registry_certificate_look", {
    steps: () => [
        without(menu("configuration"), SECTIONS),
        ...openFromList("Écart"),
        openTab("representation"),
        click(`${field("account_id")} a`, "Open the technical parameters"),
        see(field("siren")),
        noButtonBut(["action_download_certificate"], form("siren")),
        see("button[name='action_download_certificate']", "What is public can be had"),
        without("input", `${field("number")}`),
        without("button", ".o_copro_path:has(.o_kanban_record)"),
        openTab("certificate"),
        see(field("certificate_end"), "Until when it is good is known to all"),
        see(`${field("diagnosis")} .copro_diagnosis`),
        openTab("connection"),
        without("input:enabled, select, textarea", ".o_notebook:has([name='environment'])"),
    ],
});
