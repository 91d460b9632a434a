import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.in_parts import apart, in_parts
from ...tools.localised import localised

_logger = logging.getLogger(__name__)

# The commits are the design: no transaction is open around a call.
# pylint: disable=invalid-commit

ACTIVITY = "copro_registry.mail_activity_certificate"
WARNED_AT = (7, 30, 60)  # days before the end, the nearest first


class CoproDeclarantAccount(models.Model):
    """A certificate never ends by surprise: its main administrators are warned in time."""

    _inherit = "copro.declarant.account"

    expiry_message = fields.Char(compute="_compute_expiry_message")

    @api.depends("certificate_id.not_after")
    @api.depends_context("lang", "tz")
    def _compute_expiry_message(self):
        """The banner, from the first warning on."""
        for account in self:
            warned = account._threshold() is not None
            account.expiry_message = account._expiry_sentence() if warned else False

    def _days_left(self):
        end = self.certificate_id.not_after
        return (end - fields.Date.context_today(self)).days if end else None

    def _threshold(self):
        """The warning that is due: 60, 30 or 7; -1 once it is over; None before."""
        left = self._days_left()
        if left is None:
            return None
        return -1 if left < 0 else next((days for days in WARNED_AT if left <= days), None)

    def _expiry_sentence(self):
        end = localised(self.env, {"date": str(self.certificate_id.not_after)})["date"]
        left = self._days_left()
        if left < 0:
            return self.env._(
                "The client certificate expired on %(date)s. Order another one, declare it "
                "on the registry's site and import it.",
                date=end,
            )
        return self.env._(
            "The client certificate expires on %(date)s, in %(days)s days. Order the next "
            "one, declare it on the registry's site and import it before that day.",
            date=end,
            days=left,
        )

    @api.model
    def _process_certificates(self):
        """Scheduled action: warn of what ends, prove the new certificates."""
        accounts = self.search(self._with_certificate())
        for account in in_parts(accounts, 1):
            apart(account, lambda one: one._warn_of_the_end())
            self.env.cr.commit()  # no transaction is open around a call
            account._prove_the_next()

    @api.model
    def _with_certificate(self):
        """Those that call, or soon will: an archived company calls no more."""
        able = Domain("certificate_id", "!=", False) | Domain("next_certificate_id", "!=", False)
        return able & Domain("company_id.active", "=", True)

    def _warn_of_the_end(self):
        """One activity a main administrator and a threshold; a nearer one replaces it."""
        threshold, certificate = self._threshold(), self.certificate_id
        if threshold is None:
            return
        if certificate.warned_at == threshold and self._is_somebody_s(ACTIVITY):
            return
        self._close_expiry_activities()
        self._tell_main_administrators(
            ACTIVITY,
            lambda told: {
                "summary": told.env._("Client certificate to renew"),
                "note": told._expiry_sentence(),
            },
            date_deadline=certificate.not_after,
        )
        certificate.sudo().warned_at = threshold

    def _prove_the_next(self):
        """A new certificate replaces the old one as soon as the registry takes it."""
        following = self.next_certificate_id
        if not following or not self.number or not self.email:
            return
        try:
            steps = self._steps_with(following)
        except UserError as error:  # the seal: the connection test says it too
            _logger.warning("The new certificate of account %s: %s", self.id, error)
        except Exception:
            _logger.exception("The new certificate of account %s", self.id)
        else:
            apart(self, lambda account: account._keep_what_is_proven(following, steps))

    def _tell_main_administrators(self, activity, words, **values):
        """An activity for each, in his language: ``words`` gives its summary and its note."""
        for user in self._main_administrators():
            told = self.with_context(lang=user.lang or self.env.lang)
            told.activity_schedule(activity, user_id=user.id, **words(told), **values)

    def _is_somebody_s(self, activity):
        """Whether a main administrator who is there has an activity of this kind."""
        holders = self.sudo().activity_search([activity]).user_id
        return bool(holders & self._main_administrators())

    def _main_administrators(self):
        group = self.env.ref("copro_registry.group_main_administrator").sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )

    def _close_expiry_activities(self):
        self.sudo().activity_unlink([ACTIVITY])
