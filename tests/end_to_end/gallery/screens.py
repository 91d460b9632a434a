"""The table of the screens: a new screen is one row.

``test_screens`` fails when a menu, an action, a view mode or a view of the addon has none.
"""

from dataclasses import dataclass

from end_to_end.gallery import moves

ADDON = "copro_registry"


@dataclass(frozen=True)
class Screen:
    """How a syndic comes to a screen, and what it shows."""

    name: str  # of the picture
    caption: str
    action: str = ""  # xml id; of the addon when it names no module
    mode: str = ""  # the view that it opens with
    record: str = ""  # a key of the sample, or "new": the form of this record
    login: str = "manager"
    tab: str = ""  # of the notebook
    call: tuple[str, str] = ()  # model, method of the record: its action opens a dialog
    dialog: str = ""  # xml id of an action, opened above
    moves: tuple = ()  # then these, one after the other: functions of the page
    shows: tuple[str, ...] = ()  # further views to be seen there: "model:type"
    ready: str = ""  # what is there once it is drawn
    raw: tuple[str, ...] = ()  # selectors of what is shown as it was sent: any word goes

    @property
    def xml_id(self) -> str:
        return self.action if "." in self.action else f"{ADDON}.{self.action}"

    @property
    def path(self) -> str:
        record = f"/{{{self.record}}}" if self.record not in ("", "new") else ""
        record = "/new" if self.record == "new" else record
        mode = f"?view_type={self.mode}" if self.mode and not self.record else ""
        return f"action-{self.xml_id}{record}{mode}"

    @property
    def view(self) -> str:
        return "form" if self.record else self.mode

    @property
    def selector(self) -> str:
        return self.ready or (f".o_{self.view}_view" if self.view else ".o_action_manager > *")


def tabs(name: str, caption: str, action: str, titles: dict[str, str], **values):
    """One screen for each page of a notebook: {tab: title}."""
    for tab, title in titles.items():
        yield Screen(f"{name}-{tab}", f"{caption} : {title}", action, tab=tab, **values)


def empty(name: str, caption: str, action: str) -> Screen:
    """A list as one sees it who has nothing yet."""
    return Screen(f"{name}-empty", caption, action, "list", login="nouveau", ready=NOTHING)


CONDOMINIUMS = "copro_condominium_action"
UPLOADS = "copro_transmission_action"
BATCHES = "copro_upload_batch_action"
COMPARISONS = "copro_comparison_action"
ACCOUNT = "copro_declarant_account_action"
REQUESTS = "copro_certificate_request_action"
CERTIFICATES = "copro_certificate_action"
POLICIES = "copro_certificate_policy_action"
PROFILES = "copro_contract_profile_action"
FILTERS = (moves.open_filters,)
NOTHING = ".o_view_nocontent"

TODAY = (
    Screen("today", "Aujourd'hui", "copro_today_action", ready=".copro_today_states"),
    Screen(
        *("today-first", "Aujourd'hui : le premier jour", "copro_today_action"),
        login="nouveau",
        ready=".copro_today_steps",
    ),
    Screen(
        *("today-reader", "Aujourd'hui : en lecture", "copro_today_action"),
        login="reader",
        ready=".copro_today_states",
    ),
)

LISTS = (
    Screen("condominiums-list", "Copropriétés : liste", CONDOMINIUMS, "list"),
    Screen("condominiums-kanban", "Copropriétés : cartes", CONDOMINIUMS, "kanban"),
    Screen("condominiums-calendar", "Copropriétés : calendrier", CONDOMINIUMS, "calendar"),
    Screen("condominiums-graph", "Copropriétés : graphique", CONDOMINIUMS, "graph"),
    Screen("condominiums-pivot", "Copropriétés : tableau croisé", CONDOMINIUMS, "pivot"),
    Screen(
        *("condominiums-filters", "Copropriétés : filtres", CONDOMINIUMS, "kanban"), moves=FILTERS
    ),
    empty("condominiums", "Copropriétés : aucune", CONDOMINIUMS),
    Screen("mandates-list", "Mandats : liste", "copro_mandate_action", "list"),
    Screen("mandates-kanban", "Mandats : cartes", "copro_mandate_action", "kanban"),
    Screen("mandates-filters", "Mandats : filtres", "copro_mandate_action", "list", moves=FILTERS),
    Screen("mandate-form", "Mandat", "copro_mandate_action", record="mandate"),
    Screen("mandate-new", "Mandat : nouveau", "copro_mandate_action", record="new"),
    empty("mandates", "Mandats : aucun", "copro_mandate_action"),
    Screen("fiscal-years-list", "Exercices : liste", "copro_fiscal_year_action", "list"),
    Screen("fiscal-years-kanban", "Exercices : cartes", "copro_fiscal_year_action", "kanban"),
    Screen(
        *("fiscal-years-filters", "Exercices : filtres", "copro_fiscal_year_action", "list"),
        moves=FILTERS,
    ),
    Screen("fiscal_year-form", "Exercice", "copro_fiscal_year_action", record="fiscal_year"),
    Screen("fiscal_year-new", "Exercice : nouveau", "copro_fiscal_year_action", record="new"),
    Screen(
        *("correction", "Correction de la déclaration", "copro_fiscal_year_action"),
        record="declared_year",
        call=("copro.fiscal.year", "action_correct"),
        shows=("copro.correction:form",),
    ),
    empty("fiscal_years", "Exercices : aucun", "copro_fiscal_year_action"),
)

FORMS = (
    *tabs(
        *("condominium", "Copropriété", CONDOMINIUMS),
        {
            "identification": "identification",
            "representation": "représentant légal",
            "procedures": "procédures",
            "finance": "données financières",
            "technique": "données techniques",
        },
        record="accepted",
    ),
    Screen("condominium-findings", "Copropriété à compléter", CONDOMINIUMS, record="incomplete"),
    Screen("condominium-refused", "Copropriété refusée", CONDOMINIUMS, record="refused"),
    Screen(
        *("condominium-lines", "Copropriété : parcelles et adresses", CONDOMINIUMS),
        record="lines",
        tab="identification",
    ),
    Screen(
        *("condominium-buildings", "Copropriété : bâtiments", CONDOMINIUMS),
        record="lines",
        tab="technique",
    ),
    Screen("condominium-new", "Copropriété : nouvelle", CONDOMINIUMS, record="new"),
    Screen(
        *("condominium-reader", "Copropriété : en lecture", CONDOMINIUMS),
        record="accepted",
        login="reader",
    ),
    Screen(
        *("condominium-reader-representation", "Représentant légal : en lecture", CONDOMINIUMS),
        record="accepted",
        login="reader",
        tab="representation",
    ),
    Screen(
        *("renewal", "Renouvellement du mandat", CONDOMINIUMS),
        record="accepted",
        call=("copro.condominium", "action_renew_mandate"),
        shows=("copro.mandate.renewal:form",),
    ),
    Screen(
        *("successor", "Déclaration du successeur", CONDOMINIUMS),
        record="accepted",
        call=("copro.condominium", "action_declare_successor"),
        shows=("copro.successor.declaration:form",),
    ),
    Screen(
        *("affiliation", "Demande de rattachement", CONDOMINIUMS),
        record="foreign",
        call=("copro.condominium", "action_request_affiliation"),
        shows=("copro.affiliation.request:form",),
    ),
    Screen(
        *("affiliation-confirmed", "Confirmation du rattachement", CONDOMINIUMS),
        record="foreign",
        call=("copro.condominium", "action_confirm_affiliation"),
    ),
)

UPLOADED = (
    Screen("uploads-list", "Téléversements : liste", UPLOADS, "list"),
    Screen("uploads-kanban", "Téléversements : cartes", UPLOADS, "kanban"),
    Screen("uploads-pivot", "Téléversements : tableau croisé", UPLOADS, "pivot"),
    Screen("uploads-graph", "Téléversements : graphique", UPLOADS, "graph"),
    Screen("uploads-filters", "Téléversements : filtres", UPLOADS, "list", moves=FILTERS),
    empty("uploads", "Téléversements : aucun", UPLOADS),
    *tabs(
        *("upload", "Téléversement", UPLOADS),
        {
            "payload": "ce qui a été déclaré",
            "answer": "la réponse",
            "timeline": "chronologie",
            "file": "fichier envoyé",
            "technical": "détails techniques",
        },
        record="upload",
        shows=("copro.transmission.attempt:list", "copro.transmission.attempt:kanban"),
        raw=("[name=payload]", "[name=answer]", ".tab-pane .copro_raw"),
    ),
    Screen("upload-refused", "Téléversement refusé", UPLOADS, record="refused_upload"),
    Screen(
        *("upload-refused-answer", "Téléversement refusé : la réponse", UPLOADS),
        record="refused_upload",
        tab="answer",
    ),
    Screen("batches-list", "Envois groupés : liste", BATCHES, "list"),
    Screen("batches-kanban", "Envois groupés : cartes", BATCHES, "kanban"),
    Screen("batches-filters", "Envois groupés : filtres", BATCHES, "list", moves=FILTERS),
    empty("batches", "Envois groupés : aucun", BATCHES),
    Screen(
        *("batch-preview", "Envoi groupé : aperçu", BATCHES),
        record="preview",
        ready=".copro_batch_summary",
        shows=("copro.upload.batch.line:list", "copro.upload.batch.line:kanban"),
    ),
    Screen(
        *("batch-running", "Envoi groupé : en cours", BATCHES),
        record="running",
        ready=".copro_batch_progress",
    ),
    Screen(
        *("batch-paused", "Envoi groupé : en pause", BATCHES),
        record="paused",
        ready=".copro_batch_progress",
    ),
    Screen(
        *("batch-report", "Envoi groupé : rapport", BATCHES),
        record="report",
        ready=".copro_batch_progress",
    ),
    Screen("batch-lines", "Copropriétés des envois", "copro_upload_batch_line_action", "list"),
    Screen(
        *("batch-lines-kanban", "Copropriétés des envois : cartes"),
        *("copro_upload_batch_line_action", "kanban"),
    ),
    Screen(
        *("batch-lines-filters", "Copropriétés des envois : filtres"),
        *("copro_upload_batch_line_action", "list"),
        moves=FILTERS,
    ),
    Screen("comparisons-list", "Comparaisons : liste", COMPARISONS, "list"),
    Screen("comparisons-kanban", "Comparaisons : cartes", COMPARISONS, "kanban"),
    Screen("comparisons-filters", "Comparaisons : filtres", COMPARISONS, "list", moves=FILTERS),
    Screen(
        *("comparison", "Comparaison : des différences", COMPARISONS),
        record="comparison",
        shows=("copro.comparison.line:list", "copro.comparison.line:kanban"),
    ),
    Screen("comparison-same", "Comparaison : rien ne diffère", COMPARISONS, record="same"),
    Screen("comparison-failed", "Comparaison : non téléchargée", COMPARISONS, record="failed"),
    empty("comparisons", "Comparaisons : aucune", COMPARISONS),
    Screen(
        *("registry-import", "Importer depuis le registre", CONDOMINIUMS, "list"),
        dialog="copro_registry_import_action",
        shows=("copro.registry.import:form",),
    ),
    Screen(
        *("registry-import-report", "Importer depuis le registre : résultat", CONDOMINIUMS, "list"),
        dialog="copro_registry_import_action",
        moves=(moves.import_numbers,),
    ),
    Screen(
        *("records-import", "Importer un tableau", CONDOMINIUMS, "list"),
        moves=(moves.import_records,),
    ),
)

CONFIGURED = (
    *tabs(
        *("account", "Paramètres techniques", ACCOUNT),
        {
            "path": "vers le premier téléversement",
            "certificate": "certificat",
            "connection": "connexion",
        },
        record="account",
        login="administrator",
        shows=("copro.declarant.step:kanban",),
    ),
    Screen(
        *("account-menu", "Paramètres techniques : par le menu", "action_server_open_account"),
        login="administrator",
        ready=".o_form_view",
    ),
    Screen(
        *("account-first", "Paramètres techniques : le premier jour"),
        *("action_server_open_account",),
        login="nouveau",
        ready=".o_form_view",
    ),
    Screen(
        *("account-reader", "Paramètres techniques : en lecture", "action_server_open_account"),
        login="reader",
        ready=".o_form_view",
    ),
    Screen(
        *("connection-test", "Test de la connexion", ACCOUNT),
        record="account",
        login="administrator",
        call=("copro.declarant.account", "action_test_connection"),
        shows=("copro.connection.test:form",),
    ),
    Screen(
        *("certificate-import", "Importer un certificat", ACCOUNT),
        record="account",
        login="administrator",
        dialog="copro_certificate_import_action",
        shows=("copro.certificate.import:form",),
    ),
    Screen(
        *("certificate-diagnosis", "Importer un certificat : diagnostic", ACCOUNT),
        record="account",
        login="administrator",
        dialog="copro_certificate_import_action",
        moves=(moves.read_a_certificate,),
    ),
    *(
        Screen(name, caption, action, mode, record, "administrator")
        for name, caption, action, mode, record in (
            ("certificates-list", "Certificats", CERTIFICATES, "list", ""),
            ("certificates-kanban", "Certificats : cartes", CERTIFICATES, "kanban", ""),
            ("certificate", "Certificat", CERTIFICATES, "", "certificate"),
            ("requests-list", "Demandes de certificat", REQUESTS, "list", ""),
            ("requests-kanban", "Demandes de certificat : cartes", REQUESTS, "kanban", ""),
            ("request", "Demande de certificat", REQUESTS, "", "request"),
            ("request-new", "Demander un certificat", f"{REQUESTS}_new", "form", ""),
            ("policies-list", "Politiques de certificat", POLICIES, "list", ""),
            ("policies-kanban", "Politiques de certificat : cartes", POLICIES, "kanban", ""),
            ("profiles-list", "Profils de contrat", PROFILES, "list", ""),
            ("profiles-kanban", "Profils de contrat : cartes", PROFILES, "kanban", ""),
            ("profile", "Profil de contrat", PROFILES, "", "profile"),
        )
    ),
    empty("certificates", "Certificats : aucun", CERTIFICATES),
    empty("requests", "Demandes de certificat : aucune", REQUESTS),
    Screen(
        *("profile-load", "Charger un profil de contrat", PROFILES, "list"),
        login="administrator",
        dialog="copro_contract_load_action",
        shows=("copro.contract.load:form",),
    ),
    Screen(
        *("settings", "Paramètres généraux", "base_setup.action_general_configuration"),
        login="admin",
        ready=".o_form_view .settings_tab",
        moves=(moves.show_our_settings,),
    ),
    Screen(
        *("company", "Société", "base.action_res_company_form"),
        record="company",
        login="admin",
        tab="copro_registry",
        shows=("copro.declarant.account:kanban",),
    ),
    Screen(
        *("preferences", "Mes préférences", CONDOMINIUMS, "list"),
        moves=(moves.open_preferences,),
    ),
)

SCREENS = (*TODAY, *LISTS, *FORMS, *UPLOADED, *CONFIGURED)
