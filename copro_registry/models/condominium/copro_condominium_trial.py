from odoo import fields, models

from ...tools.environments import ENVIRONMENTS, TRIALS


class CoproCondominium(models.Model):
    """What is known of a condominium from a trial alone."""

    _inherit = "copro.condominium"

    number_environment = fields.Selection(
        [choice for choice in ENVIRONMENTS if choice[0] in TRIALS],
        string="Number given by",
        readonly=True,
        protected=True,
        copy=False,
        help="This number was given in a trial: it registers nothing at the national registry.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "registration_number" in vals and "number_environment" not in vals:
            self.sudo().number_environment = False  # typed, or downloaded
        return result

    def _values_of_number(self, transmission, answer):
        values = super()._values_of_number(transmission, answer)
        if values and transmission.environment in TRIALS:
            values["number_environment"] = transmission.environment
        return values

    def _forget_trial(self, environment):
        """As before the uploads to ``environment``; these stay, as proof of what was done."""
        uploads = self.transmission_ids.filtered(lambda t: t.environment == environment)
        numbered = self.filtered(lambda c: c.number_environment == environment)
        uploads.fiscal_year_id.sudo().declared_on = False
        (uploads.mandate_id | numbered.mandate_ids).declared_on = False
        (self - numbered)._presume_mandates_known()
        self.comparison_ids.unlink()
        numbered._message_log_batch(
            {
                condominium.id: self.env._(
                    "Number %(number)s, given in a trial, is forgotten.",
                    number=condominium.registration_number,
                )
                for condominium in numbered
            }
        )
        numbered.write({"registration_number": False, "registration_date": False})
        self.write(
            {
                "declared_digest": False,
                "last_update": False,
                "affiliation_state": False,
                "update_follows": False,
                "transmission_id": False,
            }
        )
