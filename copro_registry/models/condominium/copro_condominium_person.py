from odoo import api, models
from odoo.exceptions import ValidationError


class CoproCondominium(models.Model):
    """Who is told of what concerns a condominium."""

    _inherit = "copro.condominium"

    @api.model
    def _person_at_first(self):
        """Who makes it, unless it is Odoo itself."""
        return self.env.user.filtered(lambda user: user.active and not user.share)

    @api.constrains("user_id")
    def _check_person(self):
        # Constraints are called by ``sudo()``; nothing is told of a company that is not entered.
        self.sudo(False).check_access("read")
        for condominium in self.filtered("user_id"):
            if not condominium._is_there(condominium.user_id):
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be in charge of “%(condominium)s”: choose somebody "
                        "who works in its company and logs in to Odoo.",
                        person=condominium.user_id.sudo().name,
                        condominium=condominium.name,
                    )
                )

    def _person_in_charge(self, *others):
        """The person in charge, else one of ``others``, else a main administrator.

        Never who has left, nor Odoo itself: nobody would see it.
        """
        self.ensure_one()
        account = self.company_id.sudo().copro_account_id
        asked = (self.user_id, *others, self.create_uid)
        present = [person for person in asked if self._is_there(person)]
        present += account._main_administrators() if account else []
        return present[0] if present else self.user_id or self.create_uid

    def _is_there(self, person):
        """Whether they would see what they are told: they work there, and have the right."""
        someone = person.sudo()
        is_there = someone.active and not someone.share and self.company_id in someone.company_ids
        return is_there and someone.has_group("copro_registry.group_reader")
