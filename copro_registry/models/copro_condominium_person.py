from odoo import models


class CoproCondominium(models.Model):
    """Who is told of what concerns a condominium."""

    _inherit = "copro.condominium"

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
