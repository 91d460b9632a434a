from functools import partial
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...fields import OptionalInteger, RegistryDate, declared
from ...rnc import reading
from .copro_condominium_duties import LOST

MAP = "https://www.openstreetmap.org/search"

tracked = partial(declared, tracking=True)


class CoproCondominium(models.Model):
    """A condominium, as the registry knows it; what it declares is held by ``declared()`` fields.

    The concerns below are in the order in which a syndic meets them.
    """

    _name = "copro.condominium"
    _inherit = [
        "copro.condominium.import",
        "copro.condominium.dossier",
        "copro.condominium.readiness",
        "copro.condominium.findings",
        "copro.condominium.deadlines",
        "copro.condominium.duties",
        "copro.condominium.upload",
        "copro.condominium.affiliation",
        "copro.condominium.comparison",
        "mail.thread",
        "mail.activity.mixin",
        "copro.dossier.mixin",
        "copro.import.template",
    ]
    _description = "Condominium"
    _order = "name, id"
    _rec_names_search = ["name", "registration_number", "street", "zip", "city"]

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="In charge",
        default=lambda self: self._default_person(),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )

    account_id = fields.Many2one(
        "copro.declarant.account",
        string="Declarant account",
        related="company_id.copro_account_id",
        help="The account on the registry's site that declares the condominiums of this company.",
    )
    note = fields.Text(string="Internal notes", help="Never sent to the registry")

    # Given by the registry
    registration_number = tracked(
        fields.Char, "numero_immatriculation", copy=False, index="btree_not_null"
    )
    registration_date = declared(
        RegistryDate, "date_immatriculation", readonly=True, protected=True, copy=False
    )
    last_update = declared(
        fields.Datetime,
        "date_derniere_maj",
        string="Last update at the registry",
        readonly=True,
        protected=True,
        copy=False,
    )

    # Identification
    name = tracked(fields.Char, "nom_usage", required=True)
    street = tracked(
        fields.Char,
        "adresse_reference_numero_voie",
        string="Number and street",
    )
    zip = tracked(fields.Char, "adresse_reference_code_postal", string="Postcode")
    city = tracked(fields.Char, "adresse_reference_commune", string="Town")
    insee_code = tracked(fields.Char, "adresse_reference_code_insee", string="INSEE code")
    address_ids = fields.One2many("copro.address", "condominium_id", "Additional addresses")
    parcel_ids = fields.One2many("copro.parcel", "condominium_id", "Parcels")
    bylaws_date = tracked(RegistryDate, "date_reglement")
    siret = tracked(fields.Char, "siret_syndicat")
    is_serviced = tracked(fields.Boolean, "residence_service")
    is_cooperative = tracked(fields.Boolean, "syndicat_cooperatif")
    association_type = tracked(
        fields.Selection, "type_syndicat", default="principal", required=True
    )
    principal_number = tracked(fields.Char, "numero_immatriculation_principal")
    asl_count = tracked(OptionalInteger, "nb_asl", string="ASL")
    aful_count = tracked(OptionalInteger, "nb_aful", string="AFUL")
    union_count = tracked(OptionalInteger, "nb_unions", string="Unions")
    lot_count = tracked(OptionalInteger, "nb_lots_total")
    main_lot_count = tracked(OptionalInteger, "nb_lots_principaux")
    housing_lot_count = tracked(OptionalInteger, "nb_lots_habitation")
    parking_lot_count = tracked(OptionalInteger, "nb_lots_stationnement")

    # Disappearance: declared on the registry's site only
    dissolution_reason = tracked(fields.Selection, "motif_dissolution")
    dissolution_date = tracked(RegistryDate, "date_dissolution", string="Date of disappearance")
    successor_numbers = tracked(fields.Text, "numeros_nouveaux_syndicats")

    # Procedures
    health_order_count = tracked(OptionalInteger, "nb_arretes_sante_publique", default=0)
    danger_order_count = tracked(OptionalInteger, "nb_arretes_peril", default=0)
    equipment_order_count = tracked(OptionalInteger, "nb_arretes_equipements", default=0)
    has_ad_hoc_mandate = tracked(fields.Boolean, "mandat_ad_hoc")
    provisional_administration = tracked(
        fields.Selection, "administration_provisoire", default="non"
    )
    deficiency_order_date = tracked(RegistryDate, "date_ordonnance_carence")

    # Legal representative and accounts
    mandate_ids = fields.One2many("copro.mandate", "condominium_id", "Mandates")
    fiscal_year_ids = fields.One2many("copro.fiscal.year", "condominium_id", "Fiscal years")

    # Uploads and comparisons
    transmission_ids = fields.One2many(
        "copro.transmission", "condominium_id", readonly=True, protected=True
    )
    upload_state = fields.Selection(
        related="transmission_id.state", string="State of the last upload"
    )
    upload_service = fields.Selection(related="transmission_id.service", string="Last declaration")
    upload_message = fields.Text(related="transmission_id.message", string="Result")
    waiting_line_ids = fields.One2many(
        "copro.upload.batch.line",
        "condominium_id",
        string="Waits in a batch",
        domain=lambda self: self.env["copro.upload.batch.line"]._waiting_domain(),
        readonly=True,
        protected=True,
    )
    comparison_ids = fields.One2many(
        "copro.comparison", "condominium_id", readonly=True, protected=True
    )

    # Technical data
    building_count = tracked(OptionalInteger, "nb_batiments")
    label_a_count = tracked(OptionalInteger, "etiquette_a", string="Buildings labelled A")
    label_b_count = tracked(OptionalInteger, "etiquette_b", string="Buildings labelled B")
    label_c_count = tracked(OptionalInteger, "etiquette_c", string="Buildings labelled C")
    label_d_count = tracked(OptionalInteger, "etiquette_d", string="Buildings labelled D")
    label_e_count = tracked(OptionalInteger, "etiquette_e", string="Buildings labelled E")
    label_f_count = tracked(OptionalInteger, "etiquette_f", string="Buildings labelled F")
    label_g_count = tracked(OptionalInteger, "etiquette_g", string="Buildings labelled G")
    label_unknown_count = tracked(
        OptionalInteger, "etiquette_non_determine", string="Buildings whose label is unknown"
    )
    construction_period = tracked(fields.Selection, "periode_construction")
    completion_year = tracked(OptionalInteger, "annee_achevement")
    heating_type = tracked(fields.Selection, "type_chauffage")
    district_heating = tracked(fields.Selection, "chauffage_urbain", string="District heating")
    heating_energy = tracked(fields.Selection, "energie_chauffage", string="Energy of the heating")
    lift_count = tracked(OptionalInteger, "nb_ascenseurs")

    # Building data of décret 2025-831, from 21 February 2027
    building_ids = fields.One2many("copro.building", "condominium_id", "Buildings")
    heating_nature = tracked(fields.Char, "nature_chauffage")
    heating_system = tracked(fields.Char, "systeme_chauffage")
    hot_water = tracked(fields.Selection, "presence_ecs")
    hot_water_system = tracked(fields.Char, "systeme_ecs")
    diagnostics = tracked(fields.Char, "caracteristiques_diagnostics")
    structural_diagnostic = tracked(fields.Char, "diagnostic_structurel")
    works_plan_on_agenda = tracked(fields.Selection, "projet_ppt_ordre_du_jour")
    works_plan_adopted = tracked(fields.Selection, "ppt_adopte")
    charging_points = tracked(fields.Selection, "presence_irve")
    joinery = tracked(fields.Char, "menuiseries")
    floor_structure = tracked(fields.Char, "planchers")
    insulation = tracked(fields.Char, "isolation")
    unfit_housing_decisions = tracked(fields.Text, "decisions_habitat_indigne")

    _registration_number_uniq = models.UniqueIndex(
        "(registration_number, company_id) WHERE registration_number IS NOT NULL",
        "Another condominium of this company has this registration number: open that "
        "one, or check the number.",
    )
    # The list reads its first page in this order, however many condominiums there are.
    _list_idx = models.Index("(next_deadline, name, id)")
    # The columns of the board, and their cards.
    _board_idx = models.Index(
        "(company_id, deadline_state, next_deadline, name, id) WHERE active IS TRUE"
    )
    # The counts, read from an index alone: of all, and of those whose last upload is of a state.
    _last_upload_idx = models.Index(
        "(transmission_id, company_id, deadline_state, readiness_state, service_due, user_id) "
        "WHERE active IS TRUE"
    )
    _facts_idx = models.Index(
        "(company_id, deadline_state, readiness_state, service_due, user_id) WHERE active IS TRUE"
    )
    # Few of them end within the weeks that are shown: no need to go through all.
    _mandate_end_idx = models.Index("(company_id, mandate_end, user_id) WHERE active IS TRUE")

    @api.depends("name", "registration_number")
    def _compute_display_name(self):
        for condominium in self:
            parts = [condominium.registration_number, condominium.name]
            condominium.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        """Each word typed is found somewhere: « exemple rennes », « 12 rue 35000 »."""
        words = value.split() if isinstance(value, str) else []
        if operator not in ("ilike", "like") or len(words) < 2:
            return super()._search_display_name(operator, value)
        found = super()._search_display_name
        return Domain.AND(Domain(found(operator, word)) for word in words)

    @api.model_create_multi
    def create(self, vals_list):
        condominiums = super().create(vals_list)
        condominiums.filtered("registration_number")._presume_mandates_known()
        return condominiums

    def write(self, vals):
        result = super().write(vals)
        if "registration_number" in vals and "number_environment" not in vals:
            self.sudo().number_environment = False  # typed, or downloaded
        if vals.get("registration_number"):
            self._presume_mandates_known()
            self.sudo().transmission_id._conclude_by_number()
        if vals.keys() & {"user_id", "company_id"}:
            self._reassign_activities()
        if "active" in vals or vals.get("affiliation_state") in LOST:
            self._close_done_activities()
        return result

    @api.onchange("name", "street", "city")
    def _onchange_name(self):
        """Many have no usual name: the address is one, as in an import."""
        values = {name: self[name] for name in ("name", "street", "city")}
        self._name_by_address(values)
        self.name = values["name"]

    @api.constrains("name")
    def _check_name(self):
        for condominium in self:
            if not (condominium.name or "").strip():
                raise ValidationError(
                    self.env._(
                        "The condominium has no name: give it its usual name, or its address."
                    )
                )

    @api.constrains("registration_number", "principal_number")
    def _check_numbers(self):
        for condominium in self:
            for name in ("registration_number", "principal_number"):
                number = condominium[name]
                if number and not reading.is_registration_number(number):
                    raise ValidationError(
                        self.env._(
                            "“%(number)s” is not a registration number: two letters and "
                            "seven digits are expected, such as AB1234567.",
                            number=number,
                        )
                    )

    @api.constrains("company_id")
    def _check_company_of_uploads(self):
        for condominium in self:
            others = condominium.sudo().transmission_ids.company_id - condominium.company_id
            if others:
                raise ValidationError(
                    self.env._(
                        "“%(condominium)s” stays in %(company)s: its uploads, which prove what "
                        "was declared, are there. Archive it, and create it in the other company.",
                        condominium=condominium.name,
                        company=others[0].name,
                    )
                )

    def _creation_message(self):
        return self.env._("Condominium created")

    @api.model
    def _import_title(self):
        return self.env._("Condominiums")

    @api.model
    def _import_columns(self):
        on_site_only = ("dissolution_reason", "dissolution_date", "successor_numbers")
        return [name for name in super()._import_columns() if name not in on_site_only]

    def _open_form(self):
        """The action that opens the form of this condominium."""
        self.ensure_one()
        return self._get_records_action(context={})

    def action_open_map(self):
        """The address on a public map, in the user's own browser: nothing leaves Odoo."""
        self.ensure_one()
        address = " ".join(part for part in (self.street, self.zip, self.city) if part)
        if not address:
            raise UserError(self.env._("Enter the address first: there is nothing to look for."))
        return {
            "type": "ir.actions.act_url",
            "url": f"{MAP}?{urlencode({'query': address})}",
            "target": "new",
        }
