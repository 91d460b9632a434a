from odoo import models
from odoo.tools import SQL

from .copro_transmission import FROZEN

FINAL_STATES = ("registered", "rejected", "failed", "cancelled")


class CoproTransmission(models.Model):
    """The proof, kept by the database itself: code with every right cannot rewrite it.

    A file that was queued is never deleted, its bytes and what identifies it never
    change, and what has ended never ends otherwise.
    """

    _inherit = "copro.transmission"

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION copro_transmission_is_proof() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'An upload is the proof: it is never changed nor deleted.';
                END $$ LANGUAGE plpgsql;

                DROP TRIGGER IF EXISTS copro_transmission_kept ON copro_transmission;
                CREATE TRIGGER copro_transmission_kept BEFORE DELETE ON copro_transmission
                    FOR EACH ROW EXECUTE FUNCTION copro_transmission_is_proof();

                DROP TRIGGER IF EXISTS copro_transmission_frozen ON copro_transmission;
                CREATE TRIGGER copro_transmission_frozen BEFORE UPDATE OF %(names)s
                    ON copro_transmission
                    FOR EACH ROW WHEN ((%(old)s) IS DISTINCT FROM (%(new)s))
                    EXECUTE FUNCTION copro_transmission_is_proof();

                DROP TRIGGER IF EXISTS copro_transmission_ended ON copro_transmission;
                CREATE TRIGGER copro_transmission_ended BEFORE UPDATE OF state
                    ON copro_transmission
                    FOR EACH ROW WHEN (OLD.state IN %(final)s AND NEW.state <> OLD.state)
                    EXECUTE FUNCTION copro_transmission_is_proof();
                """,
                names=_columns(""),
                old=_columns("old"),
                new=_columns("new"),
                final=FINAL_STATES,
            )
        )
        return result


def _columns(of):
    names = [SQL.identifier(of, name) if of else SQL.identifier(name) for name in sorted(FROZEN)]
    return SQL(", ").join(names)
