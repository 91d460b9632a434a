from odoo import api, fields, models

ABOUT_A_MANDATE = ("WS1", "WS4", "WS5", "WS6", "WS7")


class CoproTransmission(models.Model):
    """What the services on mandates add to an upload."""

    _inherit = "copro.transmission"

    mandate_id = fields.Many2one("copro.mandate", readonly=True, ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("service") in ABOUT_A_MANDATE:
                vals["mandate_id"] = self._mandate_declared(vals["condominium_id"]).id
        return super().create(vals_list)

    @api.model
    def _mandate_declared(self, condominium_id):
        condominium = self.env["copro.condominium"].browse(condominium_id)
        return condominium._mandate_of_call() or condominium.mandate_id

    def _record_answer(self, outcome):
        result = super()._record_answer(outcome)
        if self.state == "accepted" and self.service == "WS4":
            self.condominium_id.attachment_state = "requested"
        return result

    def _record_rejected(self, outcome):
        result = super()._record_rejected(outcome)
        means = self.company_id.sudo().copro_account_id._profile().means
        codes = {means(refusal.code) for refusal in outcome.answer.refusals}
        self.condominium_id._refused(self, codes)
        return result
