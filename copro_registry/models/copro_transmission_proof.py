from odoo import models
from odoo.tools import SQL

from .copro_transmission import FROZEN

END = {"state", "refusals", "answered_at"}  # how an upload has ended
CALL = {"moment", "kind", "outcome", "http_status", "milliseconds", "answer"}
FINAL_STATES = ("registered", "rejected", "failed", "cancelled")


class CoproTransmission(models.Model):
    """The proof, kept by the database itself: code with every right cannot rewrite it.

    A file that was queued is never deleted, its bytes and what identifies it never
    change, what has ended never ends otherwise, and what each call brought stays.
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
                CREATE TRIGGER copro_transmission_ended BEFORE UPDATE OF %(end_names)s
                    ON copro_transmission
                    FOR EACH ROW WHEN (
                        OLD.state IN %(final)s
                        AND (%(end_old)s) IS DISTINCT FROM (%(end_new)s)
                    )
                    EXECUTE FUNCTION copro_transmission_is_proof();
                """,
                names=_columns(FROZEN),
                old=_columns(FROZEN, "old"),
                new=_columns(FROZEN, "new"),
                final=FINAL_STATES,
                end_names=_columns(END),
                end_old=_columns(END, "old"),
                end_new=_columns(END, "new"),
            )
        )
        return result


class CoproTransmissionAttempt(models.Model):
    """The timeline is proof too."""

    _inherit = "copro.transmission.attempt"

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS copro_transmission_attempt_kept
                    ON copro_transmission_attempt;
                CREATE TRIGGER copro_transmission_attempt_kept BEFORE DELETE OR UPDATE OF %s
                    ON copro_transmission_attempt
                    FOR EACH ROW EXECUTE FUNCTION copro_transmission_is_proof();
                """,
                _columns(CALL),
            )
        )
        return result


def _columns(names, of=None):
    return SQL(", ").join(
        SQL.identifier(of, name) if of else SQL.identifier(name) for name in sorted(names)
    )
