import hashlib
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rnc.codec import Invalid, codec_for
from ...rnc.codec.writing import FILE_ITEM
from ...rnc.contract.service import DOCUMENT_CALL
from ...rnc.requests import place_of_document
from ...tools import frozen

ABOUT_A_MANDATE = ("WS1", "WS4", "WS5", "WS6", "WS7")


class CoproTransmissionFile(models.AbstractModel):
    """The file of an upload: written once, when it is queued, and frozen."""

    _name = "copro.transmission.file"
    _inherit = "copro.protected.mixin"
    _description = "File of an upload"

    quoted_values = fields.Json(
        readonly=True,
        protected=True,
        prefetch=False,
        help="What the address and the headers quote of the dossier, frozen with the file",
    )
    document_payload = fields.Text(
        readonly=True,
        protected=True,
        prefetch=False,
        help="The supporting document, where it travels by a call of its own",
    )

    @api.model
    def _sent_to(self, environment):
        """A domain; older uploads do not say where they were sent."""
        return Domain("environment", "in", (environment, False))

    @api.model
    def _queue(self, condominium, service, on, dossier=None, *, mandate=None):
        """Freeze the file of ``service`` and queue it. Returns the transmission.

        ``dossier``: the one that was judged, else it is built. ``mandate``: the one that the
        call is about, else the one to declare. Raises UserError when the same file is on its
        way.
        """
        if dossier is None:
            dossier = condominium._dossier(on, mandate=mandate)
        values = self._frozen(condominium, service, on, dossier, mandate=mandate)
        duplicate = self._find_duplicate(values)
        if duplicate:
            raise UserError(duplicate)
        return self._queue_frozen(values)

    @api.model
    def _frozen(self, condominium, service, on, dossier, *, batch=None, mandate=None):
        """The values of a transmission of ``service``, by the rules of the date ``on``."""
        account = condominium._account()
        profile, fiscal_year = account._limited_contract(), condominium.fiscal_year_id
        reference = str(uuid.uuid4())
        told = account._told_of(reference, condominium.registration_number)
        body, document, quoted = self._written(profile, service, dossier, on, told)
        with_finance = "finance" in profile.services[service].groups
        carried = with_finance and fiscal_year.state in ("approved", "correcting")
        # The registry takes no update under a mandate that it does not know.
        declared = service in ABOUT_A_MANDATE and condominium._mandate_of_call(mandate)
        return {
            "condominium_id": condominium.id,
            "company_id": condominium.company_id.id,
            "service": service,
            "fiscal_year_id": fiscal_year.id if carried else False,
            "mandate_id": (declared or condominium.mandate_id).id,
            "registration_number": condominium.registration_number,
            "reference": reference,
            "payload": frozen.as_text(body, profile, service),
            "document_payload": document and frozen.as_text(document, profile, DOCUMENT_CALL),
            "quoted_values": quoted or False,
            "payload_sha256": hashlib.sha256(body).hexdigest(),
            "standard_digest": condominium._standard_digest(on, dossier),
            "contract_profile": account._contract_key(),
            "environment": account.environment,
            "rules_date": on,
            "batch_id": batch.id if batch else False,
            "corrects_id": self._to_correct(condominium, service).id,
        }

    @api.model
    def _written(self, profile, service, dossier, on, told):
        """(body, body of its supporting document, what is quoted) of a file. Raises UserError."""
        codec = codec_for(profile)
        apart = DOCUMENT_CALL in profile.services and (dossier.get("piece") or {}).get(FILE_ITEM)
        try:
            if apart:
                told = {**told, "document_reference": place_of_document(told["reference"])}
            body = codec.encode(service, dossier, on, told)
            document = apart and codec.encode(DOCUMENT_CALL, dossier, on, told)
            return body, document or False, codec.quoted(service, dossier)
        except Invalid as error:
            raise UserError(
                self.env._(
                    "The contract profile cannot write this file: %(place)s. Ask your integrator "
                    "to correct the profile, or correct this data of the condominium.",
                    place=error,
                )
            ) from None

    @api.model
    def _queue_frozen(self, values):
        # The unique indexes see the database, not what is still to be written.
        self.sudo().flush_model(["state"])
        return self.sudo().create(values)

    @api.model
    def _to_correct(self, condominium, service):
        """What the next upload corrects: the last one, when it did not succeed; what declared a
        fiscal year that is being corrected; or none.
        """
        last = condominium.transmission_id
        if last.service == service and last.state in ("rejected", "failed", "cancelled"):
            return last
        if service == "WS2_ANNUAL":
            return condominium.fiscal_year_id._declaration_to_correct()
        return self.browse()
