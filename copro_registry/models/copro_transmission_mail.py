from odoo import models

TEMPLATE = "copro_registry.mail_template_refusal"


class CoproTransmission(models.Model):
    """An e-mail at each refusal, to who is in charge and has asked for it."""

    _inherit = "copro.transmission"

    def _tell_the_person_in_charge(self):
        result = super()._tell_the_person_in_charge()
        if self._person_in_charge().copro_mail_refusals:
            self.env.ref(TEMPLATE).send_mail(self.id)
        return result

    def _lines_told(self):
        """What the e-mail lists: each sentence, in the person's language."""
        told = self._in_the_language_of(self._person_in_charge())
        return (told.message or "").splitlines()
