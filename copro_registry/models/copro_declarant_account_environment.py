from odoo import api, models
from odoo.exceptions import UserError

from .environments import TRIALS
from .upload_states import ASKED


class CoproDeclarantAccount(models.Model):
    """Passing from a trial to the national registry.

    What Test or the Simulator recorded is unknown to Production: kept, it would say that
    a condominium is registered, or up to date, which the national registry never heard of.
    """

    _inherit = "copro.declarant.account"

    def write(self, vals):
        self.check_access("write")
        wanted = vals.get("environment")
        left = {a: a.environment for a in self if wanted and a.environment != wanted}
        for account, environment in left.items():
            account._give_up_uploads(environment)
        result = super().write(vals)
        for account, environment in left.items():
            account._condominiums_of(environment)._forget_trial(environment)
        return result

    def _give_up_uploads(self, environment):
        """Nothing is on its way to what is left. Raises UserError.

        A trial that examines without end must not hold the account back; what the national
        registry has received is awaited, whatever it takes.
        """
        uploads = self._open_uploads()
        on_its_way = uploads.filtered_domain(uploads._sent_to(environment))
        examined = ASKED if environment in TRIALS else ()
        given_up = on_its_way.filtered(lambda upload: upload.state in examined)
        left = len(on_its_way - given_up) + self._count_unwritten()
        if left:
            raise UserError(
                self.env._(
                    "Uploads on their way to the environment that you leave: %(count)s. Wait "
                    "until they have ended, or cancel those that are queued.",
                    count=left,
                )
            )
        given_up._cancel(self.env.user)

    def _condominiums_of(self, environment):
        """Those of which a trial recorded something."""
        condominiums = self.env["copro.condominium"].sudo().with_context(active_test=False)
        if environment not in TRIALS:
            return condominiums
        return condominiums.search(
            [
                ("company_id", "=", self.company_id.id),
                ("transmission_ids.environment", "=", environment),
            ]
        )

    @api.onchange("environment")
    def _onchange_environment(self):
        left = self._origin.environment
        concerned = self._origin and left != self.environment and self._condominiums_of(left)
        if not concerned:
            return None
        return {
            "warning": {
                "title": self.env._("What was a trial will be forgotten"),
                "message": self.env._(
                    "Condominiums uploaded as a trial: %(count)s. When you save, the numbers "
                    "that the trial gave and what it recorded are forgotten; your data and the "
                    "uploads stay.",
                    count=len(concerned),
                ),
            }
        }
