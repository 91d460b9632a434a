import logging

import psycopg2.extensions

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rnc.dispatch import NOT_IN_TIME, Dispatch
from ...tools.in_parts import apart, in_parts
from ...tools.localised import internal_error
from ..declarant.copro_declarant_account_pace import RUN_AHEAD

_logger = logging.getLogger(__name__)

# The commits are the design: no transaction is open while a call is awaited.
# pylint: disable=invalid-commit

TOGETHER = 20
LEAST_DAYS = 1  # between two tries of what fails


class CoproComparison(models.Model):
    """The scheduled comparison: a few at a time, each kept as it comes."""

    _inherit = "copro.comparison"

    tried_at = fields.Datetime(
        string="Tried on",
        readonly=True,
        protected=True,
        help="Last download, whether it succeeded or not",
    )

    @api.model
    def _process(self, together=TOGETHER):
        """Scheduled action: download what waits, and what is due again."""
        self._make_due()
        domain = [("state", "=", "waiting"), ("condominium_id.active", "=", True)]
        waiting = self.search([*domain, ("company_id.active", "=", True)], order="id")
        for part in in_parts(waiting, together):
            part._fetch_by_company()
            apart(part.condominium_id, lambda condominiums: condominiums._see_to_duties())

    def _fetch_by_company(self):
        """One company whose account fails costs no other its comparisons."""
        for company, comparisons in self.grouped("company_id").items():
            account = company.sudo().copro_account_id
            try:
                if account._is_resting():
                    cron = self.env.ref("copro_registry.ir_cron_compare")
                    cron._trigger(at=account.busy_until)
                    continue
                comparisons._fetch_each()
            except UserError as error:
                comparisons._not_kept(str(error))
            except Exception:
                _logger.exception("The comparisons of company %s are put off", company.id)
                self.env.cr.rollback()
                left = comparisons.filtered(lambda one: one.state == "waiting")
                left._not_kept(internal_error(self.env))
            account._tell_of_the_hold()

    def _fetch_each(self):
        """Download, and keep each as it comes: no transaction is open around the calls.

        Once the registry does not let the account in, or asks to wait, the others wait too.
        """
        of = {comparison.condominium_id.id: comparison for comparison in self}
        account = self.company_id.sudo().copro_account_id
        with Dispatch() as dispatch:
            self._take_off(dispatch, self.condominium_id, RUN_AHEAD)
            while dispatch:
                self.env.cr.commit()
                for identity, outcome in dispatch.landed():
                    if outcome.code == NOT_IN_TIME:  # it waits for the next run
                        self.env.ref("copro_registry.ir_cron_compare")._trigger()
                    else:
                        of[identity]._keep_alone(outcome)
                if account._is_resting():
                    dispatch.call_off()

    def _keep_alone(self, outcome):
        """One that cannot be kept never costs the others theirs."""
        try:
            self._record(outcome)
            self.env.cr.commit()
        except psycopg2.extensions.TransactionRollbackError:
            self.env.cr.rollback()  # somebody saves it: it waits for the next run
        except Exception:
            _logger.exception("The download of comparison %s could not be kept", self.id)
            self.env.cr.rollback()
            self._not_kept(internal_error(self.env))
            self.env.cr.commit()

    def _not_kept(self, why):
        self.write({"state": "failed", "failure": why, "tried_at": fields.Datetime.now()})

    @api.model
    def _make_due(self):
        """The regular comparison, where the company has asked for it."""
        asked = [("compare_every", ">", 0), ("company_id.active", "=", True)]
        accounts = self.env["copro.declarant.account"].search(asked)
        apart(accounts, self._make_due_of)

    @api.model
    def _make_due_of(self, accounts):
        for account in accounts:
            condominiums = self.env["copro.condominium"].search(
                [
                    ("company_id", "=", account.company_id.id),
                    ("registration_number", "!=", False),
                    ("affiliation_state", "not in", ("unaffiliated", "requested")),
                ]
            )
            comparisons = self._of(condominiums)
            comparisons.filtered(lambda c, a=account: c._is_due(a.compare_every)).state = "waiting"

    def _is_due(self, days):
        """Whether the last download is so old; one that failed is tried again the next day."""
        now = fields.Datetime.now()
        tried = fields.Datetime.subtract(now, days=LEAST_DAYS)
        if self.tried_at and self.tried_at >= tried:
            return False
        return not self.fetched_at or self.fetched_at < fields.Datetime.subtract(now, days=days)
