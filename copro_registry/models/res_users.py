import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..rnc.today import today
from ..tools.in_parts import in_parts

_logger = logging.getLogger(__name__)
TEMPLATE = "copro_registry.mail_template_digest"
LIGHT_DAYS = 6  # a digest a week, even when the scheduled action is run by hand
OWN = ["copro_digest", "copro_mail_refusals"]
# What decides whether somebody is there to see to what they have.
PRESENCE = {"active", "share", "company_ids", "group_ids"}


class ResUsers(models.Model):
    """What a person has asked to be told by e-mail: nothing, until they choose."""

    _inherit = "res.users"

    copro_digest = fields.Selection(
        [("mine", "Of the condominiums in my charge"), ("all", "Of all the condominiums I see")],
        string="Weekly e-mail",
        help="Each Monday: what is late, to declare soon, or refused. No e-mail when there "
        "is nothing to say.",
    )
    copro_digest_on = fields.Date(string="Last weekly e-mail", readonly=True, copy=False)
    copro_mail_refusals = fields.Boolean(
        string="E-mail at each refusal",
        help="As soon as the registry refuses an upload of a condominium in my charge.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + OWN

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + OWN

    def write(self, vals):
        """What they had to do is given to others without waiting for the night."""
        result = super().write(vals)
        cron = self.env.ref("copro_registry.ir_cron_review", raise_if_not_found=False)
        if cron and PRESENCE & vals.keys():
            cron._trigger()
        return result

    @api.model
    def _process_copro_digest(self):
        """Scheduled action: the digest of each who asked for it, once a week."""
        for user in in_parts(self.search(self._awaits_digest()), 1):
            user._send_copro_digest()

    @api.model
    def _awaits_digest(self):
        last = today() - timedelta(days=LIGHT_DAYS)
        readers = self.env.ref("copro_registry.group_reader")
        return Domain.AND(
            [
                Domain("copro_digest", "!=", False),
                Domain("all_group_ids", "in", readers.ids),
                Domain("copro_digest_on", "=", False) | Domain("copro_digest_on", "<", last),
            ]
        )

    def _send_copro_digest(self):
        """One person's trouble (a template changed by hand) does not stop the others'."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                if self._copro_digest() and not self._copro_is_in_a_copy():
                    self.env.ref(TEMPLATE).send_mail(self.id)
                self.copro_digest_on = today()
        except Exception:
            _logger.exception("The digest of user %s could not be sent", self.id)

    def _copro_is_in_a_copy(self):
        return bool(self.company_id.sudo().copro_account_id._why_not_from_here())

    def _copro_digest(self):
        """What the template shows, in the person's language and within their rights."""
        self.ensure_one()
        if not self.has_group("copro_registry.group_reader"):
            return False  # the template is tried on any user when it is saved
        companies = self.company_ids.filtered("active").ids
        own = self.with_user(self).with_context(
            lang=self.lang, tz=self.tz, allowed_company_ids=companies
        )
        return own.env["copro.today"]._digest(self.copro_digest == "mine")
