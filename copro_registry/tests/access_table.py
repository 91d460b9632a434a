"""Who may do what: one line a model, one line a public method, one a field for few.

``test_access`` compares this table with the addon itself: a model, a restricted field
or a public method that is not here fails, and tells which line to add.

Letters are the operations that a group may do on the records of its own company: read,
write, create, unlink. Each group may also what the one before it may. Nobody else has
any, system administrators included; nobody reaches another company.
"""

from typing import NamedTuple

from psycopg2.errors import NotNullViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError

READER, MANAGER, ADMINISTRATOR = "reader", "manager", "main_administrator"
NOBODY = "nobody"
ANYBODY = None  # says nothing of any record
ROLES = (READER, MANAGER, ADMINISTRATOR)


class Rights(NamedTuple):
    """What the three groups may; ``sample`` makes or finds a record of the company."""

    reader: str
    manager: str
    main_administrator: str
    sample: str  # the name of a method of TestAccess


MODELS = {
    "copro.condominium": Rights("r", "rwcu", "rwcu", "a_condominium"),
    "copro.address": Rights("r", "rwcu", "rwcu", "an_address"),
    "copro.parcel": Rights("r", "rwcu", "rwcu", "a_parcel"),
    "copro.building": Rights("r", "rwcu", "rwcu", "a_building"),
    "copro.mandate": Rights("r", "rwcu", "rwcu", "a_mandate"),
    "copro.fiscal.year": Rights("r", "rwcu", "rwcu", "an_fiscal_year"),
    "copro.fiscal.year.correction": Rights("r", "r", "r", "a_correction"),
    "copro.transmission": Rights("r", "r", "r", "a_transmission"),
    "copro.transmission.attempt": Rights("r", "r", "r", "an_attempt"),
    "copro.upload.batch": Rights("r", "r", "r", "a_batch"),
    "copro.upload.batch.line": Rights("r", "r", "r", "a_batch_line"),
    "copro.comparison": Rights("r", "r", "r", "a_comparison"),
    "copro.comparison.line": Rights("r", "r", "r", "a_comparison_line"),
    "copro.mandate.renewal": Rights("", "rwc", "rwc", "a_renewal"),
    "copro.successor.declaration": Rights("", "rwc", "rwc", "a_succession"),
    "copro.affiliation.request": Rights("", "rwc", "rwc", "an_affiliation_request"),
    "copro.correction": Rights("", "rwc", "rwc", "a_correction_window"),
    "copro.registry.import": Rights("", "rwc", "rwc", "a_registry_import"),
    "copro.contract.profile": Rights("", "", "r", "a_contract_profile"),
    "copro.contract.load": Rights("", "", "rwc", "a_contract_load"),
    "copro.declarant.account": Rights("r", "r", "rwc", "an_account"),
    "copro.declarant.step": Rights("r", "r", "r", "a_step"),
    "copro.certificate": Rights("r", "r", "r", "a_certificate"),
    "copro.certificate.policy": Rights("r", "r", "rwcu", "a_policy"),
    "copro.certificate.request": Rights("", "", "rc", "a_request"),
    "copro.certificate.import": Rights("", "", "rwc", "an_import"),
    "copro.connection.test": Rights("", "", "r", "a_connection_test"),
}

# What is of no company: whoever may see it sees it all.
SHARED = {"copro.contract.profile"}
# What each sees of his own only.
ONES_OWN = {
    "copro.certificate.import",
    "copro.contract.load",
    "copro.correction",
    "copro.mandate.renewal",
    "copro.successor.declaration",
    "copro.affiliation.request",
    "copro.registry.import",
}

# Fields that not every reader of their model may read: the first group that may.
# Those whose names begin with "sealed_" are for nobody, without being named here.
FIELDS = {
    "copro.condominium.account_id": READER,
    "copro.declarant.account.forgiven_claim": NOBODY,
    "copro.declarant.account.request_count": ADMINISTRATOR,
    "copro.declarant.account.request_ids": ADMINISTRATOR,
    "copro.declarant.account.sender_identity": NOBODY,
    "copro.transmission.answer": ADMINISTRATOR,
    "copro.transmission.attempt.answer": ADMINISTRATOR,
    "copro.transmission.attempt.attestation": ADMINISTRATOR,
    "res.company.copro_account_ids": READER,
    "res.company.copro_account_id": READER,
    "res.config.settings.copro_problem": READER,
}

# Public methods, which anyone may try to call over RPC: the first group that may.
METHODS = {
    "copro.affiliation.request.action_declare": MANAGER,
    "copro.certificate.action_accept_expiry": ADMINISTRATOR,
    "copro.certificate.action_download": READER,
    "copro.certificate.import.action_diagnose": ADMINISTRATOR,
    "copro.certificate.import.action_import": ADMINISTRATOR,
    "copro.certificate.import.action_import_expired": ADMINISTRATOR,
    "copro.certificate.request.action_cancel": ADMINISTRATOR,
    "copro.certificate.request.action_download": ADMINISTRATOR,
    "copro.comparison.action_fetch": MANAGER,
    "copro.comparison.action_keep_all": MANAGER,
    "copro.comparison.action_open_condominium": READER,
    "copro.comparison.action_take_all": MANAGER,
    "copro.comparison.line.action_keep": MANAGER,
    "copro.comparison.line.action_take": MANAGER,
    "copro.condominium.action_compare": MANAGER,
    "copro.condominium.action_confirm_affiliation": MANAGER,
    "copro.condominium.action_declare_successor": MANAGER,
    "copro.condominium.action_open_map": READER,
    "copro.condominium.action_open_transmissions": READER,
    "copro.condominium.action_renew_mandate": MANAGER,
    "copro.condominium.action_request_affiliation": MANAGER,
    "copro.condominium.action_upload": MANAGER,
    "copro.condominium.get_import_templates": ANYBODY,
    "copro.connection.test.action_again": ADMINISTRATOR,
    "copro.contract.load.action_load": ADMINISTRATOR,
    "copro.correction.action_begin": MANAGER,
    "copro.correction.action_end": MANAGER,
    "copro.declarant.account.action_confirm_sender": ADMINISTRATOR,
    "copro.declarant.account.action_download_certificate": READER,
    "copro.declarant.account.action_open_mine": READER,
    "copro.declarant.account.action_test_connection": ADMINISTRATOR,
    "copro.declarant.account.action_view_certificates": READER,
    "copro.declarant.account.action_view_requests": READER,
    "copro.declarant.step.action_go": READER,
    "copro.declarant.step.action_tick": ADMINISTRATOR,
    "copro.declarant.step.action_untick": ADMINISTRATOR,
    "copro.fiscal.year.action_correct": MANAGER,
    "copro.fiscal.year.action_corrected_on_site": MANAGER,
    "copro.fiscal.year.action_give_up_correction": MANAGER,
    "copro.fiscal.year.get_import_templates": ANYBODY,
    "copro.import.template.get_import_templates": ANYBODY,
    "copro.mandate.action_renew": MANAGER,
    "copro.mandate.get_import_templates": ANYBODY,
    "copro.mandate.renewal.action_declare": MANAGER,
    "copro.registry.import.action_import": MANAGER,
    "copro.registry.import.action_list": MANAGER,
    "copro.registry.import.action_open": MANAGER,
    "copro.successor.declaration.action_back": MANAGER,
    "copro.successor.declaration.action_check": MANAGER,
    "copro.successor.declaration.action_declare": MANAGER,
    "copro.today.get_board": READER,
    "copro.transmission.action_ask_now": MANAGER,
    "copro.transmission.action_cancel": MANAGER,
    "copro.transmission.action_close": ADMINISTRATOR,
    "copro.transmission.action_correct": MANAGER,
    "copro.transmission.action_open_attestation": READER,
    "copro.transmission.action_open_condominium": READER,
    "copro.upload.batch.action_cancel": MANAGER,
    "copro.upload.batch.action_discard": MANAGER,
    "copro.upload.batch.action_export": READER,
    "copro.upload.batch.action_open": READER,
    "copro.upload.batch.action_open_lines": READER,
    "copro.upload.batch.action_pause": MANAGER,
    "copro.upload.batch.action_resume": MANAGER,
    "copro.upload.batch.action_start": MANAGER,
    "copro.upload.batch.action_start_all": MANAGER,
    "copro.upload.batch.action_upload_again": MANAGER,
    "copro.upload.batch.line.action_open_condominium": READER,
    "res.company.action_open_copro_account": READER,
    "res.config.settings.action_open_copro_account": READER,
}

# What a granted call raises, on the samples: each is called with nothing more than a record,
# and a record is made of nothing. Whatever else is raised is a fault.
RAISES = {
    **dict.fromkeys(
        (
            "copro.address.create",
            "copro.affiliation.request.create",
            "copro.building.create",
            "copro.certificate.import.create",
            "copro.certificate.policy.create",
            "copro.condominium.create",
            "copro.contract.load.create",
            "copro.correction.create",
            "copro.fiscal.year.create",
            "copro.mandate.create",
            "copro.mandate.renewal.create",
            "copro.parcel.create",
            "copro.successor.declaration.create",
        ),
        NotNullViolation,
    ),
    "copro.certificate.request.create": ValidationError,  # no SIREN
    "copro.declarant.account.create": UniqueViolation,  # the company has its own
    "copro.affiliation.request.action_declare": UserError,  # without a document
    "copro.certificate.action_accept_expiry": UserError,  # it has not expired
    "copro.comparison.action_fetch": UserError,  # not registered
    "copro.condominium.action_compare": UserError,  # not registered
    "copro.contract.load.action_load": UserError,  # no zip
    "copro.correction.action_begin": UserError,  # no reason
    "copro.correction.action_end": UserError,  # nothing is being corrected
    "copro.fiscal.year.action_give_up_correction": UserError,  # the same
    "copro.declarant.account.action_confirm_sender": UserError,  # it is the one that sends
    "copro.declarant.step.action_go": UserError,  # done outside Odoo
    "copro.import.template.get_import_templates": NotImplementedError,  # of no model
    "copro.mandate.renewal.action_declare": UserError,  # not registered
    "copro.successor.declaration.action_check": UserError,  # not registered
    "copro.successor.declaration.action_declare": UserError,  # not registered
    "copro.upload.batch.action_upload_again": UserError,  # nothing is left
}
