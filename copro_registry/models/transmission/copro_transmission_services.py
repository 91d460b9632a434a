from odoo import api, fields, models

ABOUT_A_MANDATE = ("WS1", "WS4", "WS5", "WS6", "WS7")


class CoproTransmission(models.Model):
    """What the services on mandates add to an upload."""

    _inherit = "copro.transmission"

    mandate_id = fields.Many2one(
        "copro.mandate", readonly=True, protected=True, index="btree_not_null", ondelete="restrict"
    )

    @api.model
    def _frozen(self, condominium, service, on):
        mandate = condominium.mandate_id
        if service in ABOUT_A_MANDATE:
            mandate = condominium._mandate_of_call() or mandate
        # The registry takes no update under a mandate that it does not know.
        frozen = super()._frozen(condominium, service, on)
        return {**frozen, "mandate_id": mandate.id}

    def _record_answer(self, outcome):
        result = super()._record_answer(outcome)
        if self.state == "received" and self.service == "WS4":
            self.condominium_id.affiliation_state = "requested"
        return result

    def _record_rejected(self, outcome):
        result = super()._record_rejected(outcome)
        profile = outcome.profile or self.company_id.sudo().copro_account_id._profile()
        codes = {profile.means(refusal.code) for refusal in outcome.answer.refusals}
        self.condominium_id._refused(self, codes)
        return result
