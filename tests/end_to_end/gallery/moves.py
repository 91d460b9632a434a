"""What a user does on a page before its picture is taken."""

from certificate_files import Maker
from conftest import OTHER_SIREN


def open_filters(page) -> None:
    """The search panel; on a telephone it hides behind the magnifying glass."""
    if not page.locator(".o_searchview_dropdown_toggler").first.is_visible():
        page.locator(".o_control_panel button:has(.fa-search)").first.click()
    page.locator(".o_searchview_dropdown_toggler").first.click()
    page.wait_for_selector(".o_search_bar_menu, .o_filter_menu")


def import_numbers(page) -> None:
    """One that is here already, one that the registry does not know."""
    page.fill(".modal [name=numbers] textarea", "ZZ0000003\nAB7654321")
    page.click(".modal button[name=action_import]")
    page.wait_for_selector(".modal [name=failure_text]")


def import_records(page) -> None:
    """Odoo's own screen, with our templates."""
    do = "odoo.__WOWL_DEBUG__.root.env.services.action.doAction"
    what = "{type: 'ir.actions.client', tag: 'import', params: {active_model: 'copro.condominium'}}"
    page.evaluate(f"() => {{ {do}({what}) }}")
    page.wait_for_selector(".o_import_action")


def open_preferences(page) -> None:
    """Of the menu of the user: whether he wants the weekly e-mail."""
    page.evaluate("""async () => {
        const {action, orm} = odoo.__WOWL_DEBUG__.root.env.services;
        const {uid} = await orm.call("res.users", "context_get");
        action.doAction({...(await orm.call("res.users", "action_get")), res_id: uid});
    }""")
    page.wait_for_selector(".o_form_view [name=copro_digest]")


def read_a_certificate(page) -> None:
    """One of another organisation: its sheet has green, orange and red lines."""
    maker = Maker()
    certificate = maker.certificate(ou=f"0002 {OTHER_SIREN}", identifier=f"NTRFR-{OTHER_SIREN}")
    bundle = {"name": "client.pem", "mimeType": "application/x-pem-file"}
    chooser = page.locator(".modal [name=certificate_file] input[type=file]")
    chooser.set_input_files({**bundle, "buffer": maker.identity(certificate)})
    page.wait_for_timeout(500)
    page.click(".modal button[name=action_diagnose]")
    page.wait_for_selector(".modal .copro_diagnosis li")


def show_our_settings(page) -> None:
    page.click(".settings_tab [data-key=copro_registry]")
    page.wait_for_selector("[data-key=copro_registry].app_settings_block")
