from datetime import timedelta

from odoo import api, fields, models

from ...rnc import rules
from ...rnc.deadlines import turning_points
from ...rnc.items import next_switch
from ...rnc.rules import formats
from ...tools.today import today
from ..transmission.copro_transmission import SERVICES


class CoproCondominium(models.Model):
    """Readiness: what the rules say, kept until something changes.

    It changes with the records (the ORM knows), with the account (`copro_review`), and
    with time alone: a mandate ends, a fiscal year closes, a reform comes. ``review_date``
    is the next day on which it may; the scheduled action looks at those only.
    """

    _inherit = "copro.condominium"

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
    verdict = fields.Json(
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
        for condominium, dossier, service, verdict in self._judged(now):
            condominium.service_due = service
            condominium.readiness = verdict.percentage
            condominium.blocking_count = len(verdict.blocking)
            condominium.readiness_state = _state(verdict)
            condominium.verdict = condominium._kept(verdict)
            condominium.review_date = condominium._next_review(dossier, now)

    def _judged(self, on):
        """(condominium, dossier, service due or False, verdict) of each, for its next upload."""
        dossiers = self._dossiers(on)
        for condominium in self:
            dossier = dossiers[condominium.id]
            service = condominium._service_due(dossier)
            described = condominium._service(service or "WS2_STANDARD")
            yield condominium, dossier, service, rules.judge(dossier, described, on)

    @api.model
    def _readiness_triggers(self):
        lines = {
            "mandate_ids": "copro.mandate",
            "fiscal_year_ids": "copro.fiscal.year",
            "address_ids": "copro.address",
            "parcel_ids": "copro.parcel",
            "building_ids": "copro.building",
        }
        own = [name for name in self._declared_fields() if name != "last_update"]
        below = [
            f"{line}.{name}"
            for line, model in lines.items()
            for name in self.env[model]._declared_fields()
        ]
        others = ["company_id", "fiscal_year_ids.state", "mandate_ids.declared_on"]
        others.append("fiscal_year_ids.is_checked")
        known = ["affiliation_state", "declared_digest", "deadlines_told"]
        return [*own, *lines, *below, *others, *known]

    def _kept(self, verdict):
        """The findings as they are stored: codes and parameters, in no language."""
        return [
            {
                "code": finding.code,
                "item": finding.item,
                "blocking": finding.severity == rules.BLOCKING,
                "params": dict(finding.params),
                "law": finding.law,
                "member": finding.member,
            }
            for finding in verdict.findings
        ]

    def _next_review(self, dossier, now):
        """The next day on which time alone may change the verdict or call for a reminder."""
        deadlines = self._deadlines(now)
        if any(deadline.opens <= now for deadline in self._untold(deadlines)):
            return now
        held = [value for value in dossier.values() if formats.is_day(value)]
        days = [day + timedelta(days=extra) for day in held for extra in (0, 1) if day >= now]
        days += [*turning_points(deadlines, now), next_switch(now)]
        return min((day for day in days if day and day > now), default=False)


def _state(verdict):
    if verdict.blocking:
        return "not_ready"
    return "to_check" if verdict.findings else "ready"
