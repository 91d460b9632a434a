import logging

import psycopg2.extensions

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rnc.dispatch import NOT_IN_TIME, Dispatch
from ...tools.in_parts import apart, in_parts
from ...tools.localised import internal_error
from ...tools.time_limits import RUN_AHEAD

_logger = logging.getLogger(__name__)

# The commits are the design: no transaction is open while a call is awaited.
# pylint: disable=invalid-commit

TOGETHER = 20
LEAST_DAYS = 1  # between two tries of what fails


class CoproComparisonScheduled(models.AbstractModel):
    """The scheduled comparison: a few at a time, each kept as it comes."""

    _name = "copro.comparison.scheduled"
    _description = "Scheduled comparison with the registry"

    @api.model
    def _process(self, together=TOGETHER):
        """Scheduled action: download what waits, and what is due again."""
        self._make_due()
        domain = [("state", "=", "waiting"), ("condominium_id.active", "=", True)]
        waiting = self.search([*domain, ("company_id.active", "=", True)], order="id")
        for part in in_parts(waiting, together):
            part._fetch_by_company()
            apart(part.condominium_id, lambda condominiums: condominiums._assign_duties())

    def _fetch_by_company(self):
        """The failure of one company's account does not concern the others."""
        for company, comparisons in self.grouped("company_id").items():
            account = comparisons._account()
            try:
                if account._is_paused():
                    cron = self.env.ref("copro_registry.ir_cron_compare")
                    cron._trigger(at=account.busy_until)
                    continue
                comparisons._fetch_each()
            except UserError as error:
                comparisons._record_failure(str(error))
            except Exception:
                _logger.exception("The comparisons of company %s are postponed", company.id)
                self.env.cr.rollback()
                left = comparisons.filtered(lambda one: one.state == "waiting")
                left._record_failure(internal_error(self.env))
            account._notify_hold()

    def _fetch_each(self):
        """Download, and keep each as it comes: no transaction is open around the calls.

        Once the registry does not let the account in, or asks to wait, the others wait too.
        """
        by_condominium = {comparison.condominium_id.id: comparison for comparison in self}
        account = self._account()
        with Dispatch() as dispatch:
            self._submit(dispatch, self.condominium_id, RUN_AHEAD)
            while dispatch:
                self.env.cr.commit()
                for identity, outcome in dispatch.completed():
                    if outcome.code == NOT_IN_TIME:  # it waits for the next run
                        self.env.ref("copro_registry.ir_cron_compare")._trigger()
                    else:
                        by_condominium[identity]._record_alone(outcome)
                if account._is_paused():
                    dispatch.cancel_pending(dispatch.busy())

    def _record_alone(self, outcome):
        """As ``_record``, and commit; the failure of one download never undoes another."""
        try:
            self._record(outcome)
            self.env.cr.commit()
        except psycopg2.extensions.TransactionRollbackError:
            self.env.cr.rollback()  # somebody saves it: it waits for the next run
        except Exception:
            _logger.exception("The download of comparison %s could not be recorded", self.id)
            self.env.cr.rollback()
            self._record_failure(internal_error(self.env))
            self.env.cr.commit()

    def _record_failure(self, reason):
        self.write({"state": "failed", "failure": reason, "tried_at": fields.Datetime.now()})

    @api.model
    def _make_due(self):
        """The regular comparison, where the company has asked for it."""
        asked = [("compare_every", ">", 0), ("company_id.active", "=", True)]
        accounts = self.env["copro.declarant.account"].search(asked)
        apart(accounts, self._make_due_for_accounts)

    @api.model
    def _make_due_for_accounts(self, accounts):
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
