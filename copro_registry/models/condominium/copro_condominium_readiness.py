from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...rnc import rules
from ...rnc.deadlines import to_prepare, turning_points
from ...rnc.items import next_switch
from ...rnc.rules import formats
from ...rnc.rules.version import version
from ...rnc.today import today
from ...tools.in_parts import each_part
from ..transmission.copro_transmission import SERVICES
from .copro_condominium_dossier import LINES

REVIEW_BATCH = 500
PARAMETER = "copro_registry.rules"  # by which rules the findings of the database were found


class CoproCondominiumReadiness(models.AbstractModel):
    """Readiness: what the rules say, kept until something changes.

    It changes with the records (the ORM knows), with the account, which has a portfolio
    reviewed, and with time alone: a mandate ends, a fiscal year closes, a reform comes.
    ``review_date`` is the next day on which it may; the scheduled action looks at those only.
    """

    _name = "copro.condominium.readiness"
    _inherit = "copro.dossier.mixin"
    _description = "Readiness of a condominium"

    service_due = fields.Selection(
        SERVICES,
        string="Awaited",
        compute="_compute_readiness",
        store=True,
        protected=True,
        index=True,
        help="What the registry awaits next.",
    )
    readiness = fields.Integer(
        string="Complete (%)",
        compute="_compute_readiness",
        store=True,
        protected=True,
        aggregator="avg",
        help="Share of what the next upload cannot do without.",
    )
    readiness_state = fields.Selection(
        [("not_ready", "Not ready"), ("to_check", "To check"), ("ready", "Ready")],
        string="Readiness",
        compute="_compute_readiness",
        store=True,
        protected=True,
        index=True,
        help="Not ready: something blocks the next upload. To check: it can leave, yet a "
        "value is surprising.",
    )
    blocking_count = fields.Integer(
        string="To complete",
        compute="_compute_readiness",
        store=True,
        protected=True,
        aggregator="sum",
    )
    stored_findings = fields.Json(
        compute="_compute_readiness", store=True, protected=True, export_string_translation=False
    )
    review_date = fields.Date(
        string="To judge again on",
        compute="_compute_readiness",
        store=True,
        protected=True,
        index=True,
    )

    @api.depends(lambda self: self._readiness_triggers())
    def _compute_readiness(self):
        now = today()
        for condominium, dossier, service, found in self._judged(now):
            condominium.service_due = service
            condominium.readiness = found.percentage
            condominium.blocking_count = len(found.blocking)
            condominium.readiness_state = found.state
            condominium.stored_findings = [self._stored(one) for one in found.findings]
            condominium.review_date = condominium._next_review(dossier, now)

    @api.model
    def _stored(self, finding):
        """A finding as it is stored: code and parameters, in no language."""
        return {
            "code": finding.code,
            "item": finding.item,
            "blocking": finding.severity == rules.BLOCKING,
            "params": dict(finding.params),
            "law": finding.law,
            "member": finding.member,
        }

    def _judged(self, on):
        """(condominium, dossier, service due or False, readiness) of each, for its next upload."""
        dossiers = self._dossiers(on)
        for condominium in self:
            dossier = dossiers[condominium.id]
            service = condominium._service_due(dossier)
            described = condominium._service(service or "WS2_STANDARD")
            yield condominium, dossier, service, rules.judge(dossier, described, on)

    @api.model
    def _readiness_triggers(self):
        own = [name for name in self._declared_fields() if name != "last_update"]
        below = [
            f"{line}.{name}"
            for model, line in LINES.items()
            for name in self.env[model]._declared_fields()
        ]
        others = ["company_id", "fiscal_year_ids.state", "mandate_ids.declared_on"]
        others += ["fiscal_year_ids.is_checked", "fiscal_year_ids.dates_supposed", "active"]
        known = ["affiliation_state", "declared_digest", "notified_deadlines", "closing_day"]
        return [*own, *LINES.values(), *below, *others, *known]

    def _next_review(self, dossier, now):
        """The next day on which time alone may change the findings or call for a reminder."""
        facts = self._facts()
        if self._to_notify(self._reminders(now, facts)) or to_prepare(facts, now):
            return now
        held = [value for value in dossier.values() if formats.is_day(value)]
        days = [day + timedelta(days=extra) for day in held for extra in (0, 1) if day >= now]
        days += [*turning_points(facts, now), next_switch(now)]
        return min((day for day in days if day and day > now), default=False)

    # -- what is judged again, though nothing of it has changed -----------------------

    @api.model
    def _process_review(self, batch=REVIEW_BATCH):
        """Scheduled action: judge again what time alone changes, and remind.

        Also the condominiums whose reminder went with the person who had it.
        """
        domain = [("review_date", "<=", today())]
        waiting = self.search(domain, order="review_date, id")
        each_part(waiting | self._without_assignee(), batch, lambda part: part._review())

    def _review(self):
        self._assign_duties()
        self._prepare_fiscal_years()
        self._judge_again()
        self._close_done_activities()

    def _judge_again(self):
        for name in ("stored_findings", "deadline_state"):
            self.env.add_to_compute(self._fields[name], self)
        self.flush_recordset()

    @api.model
    def _review_soon(self, domain):
        """Have the scheduled action judge again those of a domain, the archived ones too."""
        self.env.flush_all()
        found = self.sudo().with_context(active_test=False)._search(domain)
        # By the ORM, every date that follows from this one would be computed here and now.
        self.env.cr.execute(
            SQL(
                "UPDATE copro_condominium SET review_date = %s WHERE id IN %s",
                *(today(), found.subselect()),
            )
        )
        self.invalidate_model(["review_date"])
        self.env.ref("copro_registry.ir_cron_review")._trigger()

    @api.model
    def _review_after_upgrade(self):
        """At each upgrade: what other rules, or another catalogue, have found is found again.

        Called by ``data/copro_review.xml``, which every ``-u`` reads.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param(PARAMETER) != version():
            parameters.set_param(PARAMETER, version())
            self._review_soon([])
