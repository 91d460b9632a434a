from odoo import api, models
from odoo.tools import SQL

from ...tools.upload_states import OPEN_STATES


class CoproTransmission(models.Model):
    """The very file that is on its way already, queued by another at the same moment.

    The unique index would refuse it too, in an error whose log quotes the document.
    """

    _inherit = "copro.transmission"

    @api.model
    def _on_its_way_already(self, frozen):
        """The sentence that says so, or False.

        Whoever queues the same file waits here until this transaction has ended; what it
        wrote meanwhile is not seen by a transaction that had begun, hence the second look.
        """
        same = (frozen["company_id"], frozen["service"], frozen["number"] or "")
        same += (frozen["payload_sha256"],)
        lock = SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", f"upload {same}")
        self.env.cr.execute(lock)
        self.flush_model(["state"])
        name = self._name_of_twin(self.env.cr, same)
        if not name:
            with self.env.registry.cursor() as cursor:
                name = self._name_of_twin(cursor, same)
        return name and self.env._(
            "The same file is on its way already, for %(name)s: wait for its answer.", name=name
        )

    @api.model
    def _name_of_twin(self, cursor, same):
        cursor.execute(
            SQL(
                "SELECT condominium.name FROM copro_transmission upload "
                "JOIN copro_condominium condominium ON condominium.id = upload.condominium_id "
                "WHERE upload.company_id = %s AND upload.service = %s "
                "AND COALESCE(upload.number, '') = %s AND upload.payload_sha256 = %s "
                "AND upload.state IN %s LIMIT 1",
                *same,
                OPEN_STATES,
            )
        )
        [name] = cursor.fetchone() or [False]
        return name
