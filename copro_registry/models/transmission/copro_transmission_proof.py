from odoo import models
from odoo.tools import SQL

from ...rnc.states import FINAL_STATES
from ...tools.trigger_columns import any_column, columns

# What is written when an upload is queued, and identifies it.
FROZEN = {
    "condominium_id",
    "company_id",
    "service",
    "fiscal_year_id",
    "payload",
    "payload_sha256",
    "quoted_values",
    "document_payload",
    "standard_digest",
    "reference",
    "contract_profile",
    "environment",
    "rules_date",
    "registration_number",
    "batch_id",
    "corrects_id",
    "mandate_id",
}
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
    "registry_reference",
    "cancelled_by_id",
    *ATTESTED,
}
NONE_YET = {"attempts", "asks", "asks_in_vain", "milliseconds"}


class CoproTransmissionProof(models.AbstractModel):
    """The proof, kept by the database itself: code with every right cannot rewrite it.

    A file begins queued, without an answer; it is never deleted, its bytes and what
    identifies it never change, what has ended never ends otherwise, and what each call
    brought stays. What moves rows about (a migration, a copy of a large table) disables
    the triggers of the table, as its owner.
    """

    _name = "copro.transmission.proof"
    _description = "Proof of the uploads"

    def _create_triggers(self):
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
                nothing_yet=any_column("%s IS NOT NULL", NOTHING_YET),
                none_yet=any_column("COALESCE(%s, 0) != 0", NONE_YET),
                attested=columns(ATTESTED),
                attested_old=columns(ATTESTED, "old"),
                attested_new=columns(ATTESTED, "new"),
                names=columns(FROZEN),
                old=columns(FROZEN, "old"),
                new=columns(FROZEN, "new"),
                final=FINAL_STATES,
                end_names=columns(END),
                end_old=columns(END, "old"),
                end_new=columns(END, "new"),
            )
        )
