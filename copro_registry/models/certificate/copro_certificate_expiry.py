from odoo import fields, models

# The commits are the design: no transaction is open around a call.
# pylint: disable=invalid-commit


class CoproCertificate(models.Model):
    _inherit = "copro.certificate"

    warned_at = fields.Integer(
        readonly=True,
        protected=True,
        help="The last warning that was given, in days before the end",
    )
