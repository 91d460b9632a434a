from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rnc.states import OPEN_STATES, REFUSED
from ...tools.localised import localised

SEPARATOR = "|"  # between the codes of the items that a line of a batch speaks of


class CoproCondominiumBatch(models.AbstractModel):
    """A click on several: what a batch would do with each of them, and why."""

    _name = "copro.condominium.batch"
    _inherit = "copro.protected.mixin"
    _description = "Condominium in a batch"

    def _preview_upload(self):
        if len(self._companies()) > 1:
            raise UserError(
                self.env._(
                    "These condominiums belong to several companies, each with its own "
                    "account: upload those of one company at a time."
                )
            )
        return self.env["copro.upload.batch"]._preview(self).action_open()

    def _companies(self):
        """Their companies; of a portfolio, nothing else is read, nor kept in memory."""
        self.sudo().fetch(["company_id"])
        return self.company_id

    def _upload_plans(self):
        """What a batch would do with each: the values of its lines."""
        busy = self._on_their_way()
        same = self.filtered(lambda one: one.service_due == "WS1")._same_addresses()
        return [
            condominium._upload_plan(busy.get(condominium), same.get(condominium.id))
            for condominium in self
        ]

    def _upload_plan(self, busy, same):
        """The values of a line.

        ``busy``: why it is left alone, if it is; ``same``: of one that is to be registered,
        another one at the same address.
        """
        values = {"condominium_id": self.id, "reason": False, "service": False, "lacking": False}
        obstacle = self._obstacle_to_upload()
        if obstacle:
            return {**values, "plan": "incomplete", "reason": obstacle}
        if busy:
            return {**values, "plan": "open", "reason": busy}
        service = self.service_due
        if not service:
            return {**values, "plan": "up_to_date", "reason": self._up_to_date_message()}
        values["service"] = service
        found = self.stored_findings or []
        if self.readiness_state == "not_ready":
            found = [finding for finding in found if finding["blocking"]]
            return {**values, "plan": "incomplete", **self._told(found)}
        told = self._told(found)
        if same:
            told["reason"] = "\n".join(filter(None, [self._same_address(same), told["reason"]]))
        if told["reason"]:
            return {**values, "plan": "to_check", **told}
        return {**values, "plan": "ready", "reason": self._last_refusal_message()}

    def _told(self, found):
        """{lacking, reason} of stored findings: the codes of their items, and sentences."""
        codes = dict.fromkeys(finding["item"] for finding in found)
        return {
            "lacking": SEPARATOR.join(["", *codes, ""]) if codes else False,
            "reason": self._shortened(found, self._remark) or False,
        }

    def _remark(self, finding):
        """A sentence; of a figure that has changed, the one before and the new one."""
        code, item, params = finding["code"], finding["item"], finding["params"]
        message = self._finding_message(code, item, params)
        if finding["blocking"] or not {"old", "new"} <= params.keys():
            return message
        figures = localised(self.env, {name: params[name] for name in ("old", "new")})
        label = self._item_label(item)
        return self.env._("%(item)s: %(old)s € → %(new)s €", item=label, **figures)

    def _on_their_way(self):
        """{those that leave already, or wait for their turn in a batch: why not again}."""
        these = Domain("condominium_id", "in", self.ids)
        uploads = self.env["copro.transmission"].sudo()
        lines = self.env["copro.upload.batch.line"].sudo()
        open_uploads = uploads.search(these & Domain("state", "in", OPEN_STATES))
        waiting = lines.search(these & lines._waiting_domain())
        held = open_uploads.filtered("on_hold").condominium_id
        held |= waiting.filtered(lambda line: line.batch_id.state == "paused").condominium_id
        with_others = self.env._("It leaves with another batch.")
        paused = self.env._("It waits in a batch that is paused: resume that one, or cancel it.")
        return {
            **dict.fromkeys(open_uploads.condominium_id, self._in_progress_message()),
            **dict.fromkeys(waiting.condominium_id, with_others),
            **dict.fromkeys(held, paused),
        }

    def _last_refusal_message(self):
        """What to check before an upload when the last one was refused; else False."""
        if self.sudo().transmission_id.state not in REFUSED:
            return False
        return self.env._("The last upload did not succeed: is it corrected since?")
