from odoo import models
from odoo.tools import SQL

from .copro_transmission import FROZEN

END = {"state", "refusals", "answered_at", "given_number"}  # how an upload has ended
ATTESTED = {"attestation_id", "attestation_sha256"}  # kept once the registry has given it
# What only a call, or a decision about the upload, brings.
NOTHING_YET = {
    "claimed_at",
    "recipient",
    "asked_as",
    "quiet_until",
    "answered_at",
    "given_number",
    "news",
    "failure_code",
    "failure_params",
    "refusals",
    "cancelled_by_id",
    *ATTESTED,
}
NONE_YET = {"attempts", "asks", "milliseconds"}
CALL = {"moment", "kind", "outcome", "http_status", "milliseconds", "answer"}
FINAL_STATES = ("accepted", "rejected", "failed", "cancelled")


class CoproTransmission(models.Model):
    """The proof, kept by the database itself: code with every right cannot rewrite it.

    A file begins queued, without an answer; it is never deleted, its bytes and what
    identifies it never change, what has ended never ends otherwise, and what each call
    brought stays. What moves rows about (a migration, a copy of a large table) disables
    the triggers of the table, as its owner.
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

                CREATE OR REPLACE FUNCTION copro_transmission_has_not_left() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'An upload begins queued: what became of it is the proof.';
                END $$ LANGUAGE plpgsql;

                DROP TRIGGER IF EXISTS copro_transmission_begins ON copro_transmission;
                CREATE TRIGGER copro_transmission_begins BEFORE INSERT ON copro_transmission
                    FOR EACH ROW WHEN (
                        NEW.state != 'queued' OR NEW.on_hold OR %(nothing_yet)s OR %(none_yet)s
                    )
                    EXECUTE FUNCTION copro_transmission_has_not_left();

                DROP TRIGGER IF EXISTS copro_transmission_not_emptied ON copro_transmission;
                CREATE TRIGGER copro_transmission_not_emptied BEFORE TRUNCATE
                    ON copro_transmission EXECUTE FUNCTION copro_transmission_is_proof();

                DROP TRIGGER IF EXISTS copro_transmission_attested ON copro_transmission;
                CREATE TRIGGER copro_transmission_attested BEFORE UPDATE OF %(attested)s
                    ON copro_transmission
                    FOR EACH ROW WHEN (
                        OLD.attestation_id IS NOT NULL
                        AND (%(attested_old)s) IS DISTINCT FROM (%(attested_new)s)
                    )
                    EXECUTE FUNCTION copro_transmission_is_proof();

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
                nothing_yet=_any("%s IS NOT NULL", NOTHING_YET),
                none_yet=_any("COALESCE(%s, 0) != 0", NONE_YET),
                attested=_columns(ATTESTED),
                attested_old=_columns(ATTESTED, "old"),
                attested_new=_columns(ATTESTED, "new"),
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
    """The timeline is proof too: there is none of what was never claimed."""

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

                DROP TRIGGER IF EXISTS copro_transmission_attempt_not_emptied
                    ON copro_transmission_attempt;
                CREATE TRIGGER copro_transmission_attempt_not_emptied BEFORE TRUNCATE
                    ON copro_transmission_attempt
                    EXECUTE FUNCTION copro_transmission_is_proof();

                CREATE OR REPLACE FUNCTION copro_transmission_attempt_was_claimed()
                    RETURNS trigger AS $$
                BEGIN
                    PERFORM FROM copro_transmission WHERE id = NEW.transmission_id
                        AND company_id = NEW.company_id
                        AND (state != 'queued' OR claimed_at IS NOT NULL);
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'No call was made for an upload that has not left.';
                    END IF;
                    RETURN NEW;
                END $$ LANGUAGE plpgsql;

                DROP TRIGGER IF EXISTS copro_transmission_attempt_begins
                    ON copro_transmission_attempt;
                CREATE TRIGGER copro_transmission_attempt_begins BEFORE INSERT
                    ON copro_transmission_attempt
                    FOR EACH ROW EXECUTE FUNCTION copro_transmission_attempt_was_claimed();
                """,
                _columns(CALL),
            )
        )
        return result


def _any(condition, names):
    """Whether one of the columns of the new row is so."""
    columns = (SQL.identifier("new", name) for name in sorted(names))
    return SQL(" OR ").join(SQL(condition, column) for column in columns)


def _columns(names, of=None):
    return SQL(", ").join(
        SQL.identifier(of, name) if of else SQL.identifier(name) for name in sorted(names)
    )
