import hashlib

from odoo import SUPERUSER_ID, api

TOGETHER = 200


def migrate(cr, version):
    """The digest of each attestation stands with its upload."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    uploads = env["copro.transmission"].search(
        [("attestation_id", "!=", False), ("attestation_sha256", "=", False)], order="id"
    )
    env.flush_all()
    cr.execute("ALTER TABLE copro_transmission DISABLE TRIGGER copro_transmission_attested")
    for start in range(0, len(uploads), TOGETHER):
        _digest(uploads[start : start + TOGETHER])
        env.invalidate_all()
    cr.execute("ALTER TABLE copro_transmission ENABLE TRIGGER copro_transmission_attested")


def _digest(uploads):
    for upload in uploads:
        content = upload.attestation_id.raw
        if content:  # a file that is lost has no digest: there is nothing to compare with
            upload.attestation_sha256 = hashlib.sha256(content).hexdigest()
    uploads.flush_recordset()
