import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

# How the files that the registry reads begin, whatever their name.
READABLE = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
NAMES = (".pdf", ".jpg", ".jpeg", ".png")
# Attributes of a computed field that the user may change before they declare.
PROPOSED = {"store": True, "compute_sudo": False, "precompute": True, "readonly": False}


class CoproDeclaration(models.AbstractModel):
    """What the guided declarations to the registry share: they say why they cannot go."""

    _name = "copro.declaration"
    _inherit = "copro.protected.mixin"
    _description = "Guided declaration to the registry"

    condominium_id = fields.Many2one("copro.condominium", required=True, readonly=True)
    company_id = fields.Many2one(related="condominium_id.company_id", related_sudo=False)
    obstacle = fields.Char(compute="_compute_obstacle")

    @api.model
    def _service(self):
        """The service that the wizard calls."""
        raise NotImplementedError

    @api.model
    def _title(self, **defaults):
        """The title of the dialog, in the user's language."""
        raise NotImplementedError

    @api.depends("condominium_id")
    def _compute_obstacle(self):
        for wizard in self:
            condominium = wizard.condominium_id
            wizard.obstacle = condominium and condominium._obstacle(wizard._service())

    def action_declare(self):
        """Write the mandate, queue the call; it leaves as soon as this is saved."""
        self.ensure_one()
        self.check_access("read")
        self.condominium_id.check_access("write")
        self.condominium_id._queue_service(self._service(), self._mandate())
        return {"type": "ir.actions.act_window_close"}

    def _mandate(self):
        """The mandate that the call is about, as the wizard says it."""
        raise NotImplementedError

    def _document_values(self):
        """The document, checked against what the registry takes. Raises UserError."""
        if not self.document:
            return {}
        limit = self.company_id.sudo().copro_account_id._limited_contract().limits.document_bytes
        content = base64.b64decode(self.document)
        if len(content) > limit:
            raise UserError(
                self.env._(
                    "The document is too large: the registry takes %(size)s MB at most, choose "
                    "a lighter one.",
                    size=limit // 1_000_000,
                )
            )
        named = (self.document_name or "").lower().endswith(NAMES)
        if not named or not content.startswith(READABLE):
            raise UserError(self.env._("The document must be a PDF, JPEG or PNG file."))
        return {
            "document": self.document,
            "document_name": self.document_name,
            "document_type": self.document_type,
        }


class CoproDeclarationDocument(models.AbstractModel):
    """A supporting document, for the declarations that need one."""

    _name = "copro.declaration.document"
    _description = "Supporting document of a declaration"

    document = fields.Binary(
        string="Supporting document (PDF, JPEG or PNG)",
        attachment=False,
        help="The signed contract, or the signed minutes of the general meeting.",
    )
    document_name = fields.Char()
    document_type = fields.Selection(
        selection=lambda self: self.env["copro.mandate"]._choices("document_type"),
        string="Kind of document",
        default="contrat_syndic",
    )
