from odoo import fields, models


class CoproConnectionTest(models.TransientModel):
    """The result of a connection test: a line for each part of the way to the registry."""

    _name = "copro.connection.test"
    _inherit = "copro.protected.mixin"
    _description = "Connection test"

    account_id = fields.Many2one(
        "copro.declarant.account", required=True, readonly=True, protected=True
    )
    company_id = fields.Many2one(related="account_id.company_id")
    certificate_id = fields.Many2one("copro.certificate", readonly=True, protected=True)
    url = fields.Char(related="account_id.used_url")
    steps = fields.Json(readonly=True, protected=True)
    is_proven = fields.Boolean(readonly=True, protected=True)

    def _show(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connection test"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_again(self):
        """Test once more, after a correction."""
        return self.account_id.action_test_connection()
