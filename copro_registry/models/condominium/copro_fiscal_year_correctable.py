from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ...rnc.comparison import from_json, to_json
from ...rnc.states import REFUSED
from ...rnc.today import today

AGAIN = "again"  # the contract takes the annual update of a declared fiscal year once more


class CoproFiscalYearCorrectable(models.AbstractModel):
    """A figure that was declared and is wrong: corrected, and everybody sees who did and why.

    ::

        declared ──why──► correcting ──┬─ upload accepted ────────────► declared
                                       ├─ corrected on the site, when ─► declared
                                       └─ given up, as before ─────────► declared

    The figures may be changed while it is being corrected, and at no other time.
    """

    _name = "copro.fiscal.year.correctable"
    _inherit = "copro.dossier.mixin"
    _description = "Correction of a fiscal year"

    correction_ids = fields.One2many(
        "copro.fiscal.year.correction",
        "fiscal_year_id",
        string="Corrections",
        readonly=True,
        protected=True,
    )
    correction_message = fields.Text(compute="_compute_correction_message")

    @api.depends("correction_ids.state", "correction_ids.reason")
    @api.depends_context("lang", "tz")
    def _compute_correction_message(self):
        """Who is correcting it, why, and what is left to do; False when nobody is."""
        for fiscal_year in self:
            fiscal_year.correction_message = False
            if correction := fiscal_year._correction():
                told = fiscal_year._correction_begun(correction)
                fiscal_year.correction_message = f"{told}\n{fiscal_year._how_to_correct()}"

    def _correction(self):
        """The correction that is in progress, or none."""
        return self.sudo().correction_ids.filtered(lambda one: one.state == "open").sudo(False)

    def _correction_begun(self, correction):
        return self.env._(
            "%(person)s is correcting this declaration since %(moment)s: %(reason)s",
            person=correction.user_id.sudo().name,
            moment=format_datetime(self.env, correction.begun_at, dt_format="short"),
            reason=correction.reason,
        )

    def _how_to_correct(self):
        if self._may_be_uploaded_again():
            return self.env._(
                "Correct the figures and save them, then upload the condominium: the new upload "
                "names the one that it corrects. What you have corrected on the registry's site "
                "is to be noted as such."
            )
        if self.condominium_id.fiscal_year_id != self:
            return self.env._(
                "An upload carries the last fiscal year only: correct this one on the registry's "
                "site, enter the same figures here, then note that it is corrected there."
            )
        return self.env._(
            "The contract profile takes no correction by upload: correct it on the registry's "
            "site, enter the same figures here, then note that it is corrected there."
        )

    def _may_be_uploaded_again(self):
        account = self.condominium_id._account()
        is_last = self.condominium_id.fiscal_year_id == self
        return is_last and account._contract_or_default().correction == AGAIN

    def _figures(self):
        """{item code: value as JSON} of what is declared of it."""
        [part] = self._own_parts().values()
        return {code: to_json(value) for code, value in part.items()}

    # -- beginning ----------------------------------------------------------------

    def action_correct(self):
        """The window that asks why."""
        return self._open_correction(self.env._("Correct the declaration"))

    def action_corrected_on_site(self):
        """The window that asks when."""
        return self._open_correction(self.env._("Corrected on the registry's site"))

    def _open_correction(self, title):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "copro.correction",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_fiscal_year_id": self.id},
        }

    def _begin_correction(self, reason):
        """Allow its figures to be changed. Raises UserError, with what to do, when it cannot."""
        self.ensure_one()
        self.check_access("write")
        self.condominium_id.check_access("write")
        problem = self._why_not_corrected() or self.condominium_id._in_progress()
        if problem:
            raise UserError(problem)
        self._record_correction(reason, self._figures())

    def _why_not_corrected(self):
        """Why no correction can begin, in the user's language; or False."""
        correction = self._correction()
        if correction:
            begun = self._correction_begun(correction)
            return self.env._("%(told)s Finish that correction, or give it up.", told=begun)
        if self.state != "declared":
            return self.env._(
                "This fiscal year is not declared: change its figures, then upload it."
            )
        return self.is_first and self.env._(
            "Of a first fiscal year the registry has the dates only: change them, then upload it."
        )

    def _record_correction(self, reason, before):
        values = {
            "fiscal_year_id": self.id,
            "begun_at": fields.Datetime.now(),
            "user_id": self.env.uid,
            "reason": reason,
            "before": before,
            "state": "open",
        }
        nothing = dict.fromkeys(("after", "ended_on", "ended_by_id", "transmission_id"), False)
        return self.env["copro.fiscal.year.correction"].sudo().create({**values, **nothing})

    # -- how it ends ----------------------------------------------------------------

    def _is_correction_due(self):
        """Whether figures are corrected, and an upload may carry them."""
        if self.state != "correcting" or not self._may_be_uploaded_again():
            return False
        return self._correction().before != self._figures()

    def _correction_accepted(self, transmission):
        """The registry has accepted an upload that carried the corrected figures."""
        for fiscal_year in self:
            person = transmission.create_uid
            speaking = fiscal_year.with_user(person).with_context(lang=person.lang)
            speaking._correction().sudo()._end("uploaded", today(), transmission)

    def _end_on_site(self, day):
        """They were corrected on the registry's site on ``day``. Raises UserError."""
        correction = self._correction_to_end()
        if correction.before == self._figures():
            raise UserError(
                self.env._(
                    "No figure was changed: enter here those that the registry's site has now, or "
                    "give the correction up."
                )
            )
        if not self.declared_on <= day <= today():
            raise UserError(
                self.env._(
                    "It was declared on %(first)s and today is %(last)s: enter the day of the "
                    "correction, between both.",
                    first=format_date(self.env, self.declared_on),
                    last=format_date(self.env, today()),
                )
            )
        correction.sudo()._end("site", day)
        self._forget_refusal()

    def action_give_up_correction(self):
        """The figures are again those that were declared."""
        for fiscal_year in self:
            correction = fiscal_year._correction_to_end()
            items = {code: from_json(code, one) for code, one in correction.before.items()}
            fiscal_year.write(fiscal_year._values_of(items))
            correction.sudo()._end("abandoned", today())
            fiscal_year._forget_refusal()

    def _correction_to_end(self):
        """The one in progress, that nothing is sending. Raises UserError."""
        self.ensure_one()
        self.check_access("write")
        self.condominium_id.check_access("write")
        problem = self.condominium_id._in_progress()
        correction = self._correction()
        if not correction:
            problem = self.env._(
                "Nobody is correcting this fiscal year any more: reload the page to see its "
                "corrections."
            )
        if problem:
            raise UserError(problem)
        return correction

    def _forget_refusal(self):
        """A refused upload of this correction asks for nothing any more."""
        last = self.condominium_id.transmission_id
        if last.fiscal_year_id == self and last.state in REFUSED:
            last.sudo()._close_the_activity()

    def _note_taken(self, before):
        """Somebody took the registry's figures of what was declared; ``before`` were ours."""
        if before and before != self._figures() and not self._correction():
            reason = self.env._("The registry's figures were taken, by a comparison.")
            self._record_correction(reason, before)._end("taken", today())

    def _drop_correction(self):
        """What a trial declared is forgotten: there is nothing to correct."""
        for fiscal_year in self:
            fiscal_year._correction().sudo()._end("abandoned", today())

    def _declaration_to_correct(self):
        """The upload that declared what is being corrected, or none."""
        uploads = self.env["copro.transmission"].sudo()
        if self.state != "correcting":
            return uploads
        accepted = [("fiscal_year_id", "=", self.id), ("state", "=", "accepted")]
        return uploads.search(accepted, order="id desc", limit=1)
