"""Who may do what: one line a model, one line a public method, one a field for few.

``test_access`` compares this table with the addon itself: a model, a restricted field
or a public method that is not here fails, and tells which line to add.

Letters are the operations that a group may do on the records of its own company: read,
write, create, unlink. Each group may also what the one before it may. Nobody else has
any, system administrators included; nobody reaches another company.
"""

from typing import NamedTuple

READER, MANAGER, ADMINISTRATOR = "reader", "manager", "main_administrator"
NOBODY = "nobody"
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
    "copro.exercise": Rights("r", "rwcu", "rwcu", "an_exercise"),
    "copro.transmission": Rights("r", "r", "r", "a_transmission"),
    "copro.declarant.account": Rights("r", "r", "rwc", "an_account"),
    "copro.declarant.step": Rights("r", "r", "r", "a_step"),
    "copro.certificate": Rights("r", "r", "r", "a_certificate"),
    "copro.certificate.policy": Rights("r", "r", "rwcu", "a_policy"),
    "copro.certificate.request": Rights("", "", "rc", "a_request"),
    "copro.certificate.import": Rights("", "", "rwc", "an_import"),
    "copro.connection.test": Rights("", "", "rc", "a_connection_test"),
}

# Fields that not every reader of their model may read: the first group that may.
# Those whose names begin with "sealed_" are for nobody, without being named here.
FIELDS = {
    "copro.declarant.account.request_count": ADMINISTRATOR,
    "copro.declarant.account.request_ids": ADMINISTRATOR,
    "copro.transmission.answer": ADMINISTRATOR,
    "res.company.copro_account_ids": READER,
    "res.company.copro_account_id": READER,
    "res.config.settings.copro_problem": READER,
}

# Public methods, which anyone may try to call over RPC: the first group that may.
METHODS = {
    "copro.certificate.action_accept_expiry": ADMINISTRATOR,
    "copro.certificate.action_download": READER,
    "copro.certificate.import.action_diagnose": ADMINISTRATOR,
    "copro.certificate.import.action_import": ADMINISTRATOR,
    "copro.certificate.import.action_import_expired": ADMINISTRATOR,
    "copro.certificate.request.action_cancel": ADMINISTRATOR,
    "copro.certificate.request.action_download": ADMINISTRATOR,
    "copro.condominium.action_open_transmissions": READER,
    "copro.condominium.action_upload": MANAGER,
    "copro.connection.test.action_again": ADMINISTRATOR,
    "copro.declarant.account.action_download_certificate": READER,
    "copro.declarant.account.action_open_mine": READER,
    "copro.declarant.account.action_test_connection": ADMINISTRATOR,
    "copro.declarant.account.action_view_certificates": READER,
    "copro.declarant.account.action_view_requests": READER,
    "copro.declarant.step.action_go": READER,
    "copro.declarant.step.action_tick": ADMINISTRATOR,
    "copro.declarant.step.action_untick": ADMINISTRATOR,
    "copro.transmission.action_cancel": MANAGER,
    "res.company.action_open_copro_account": READER,
    "res.config.settings.action_open_copro_account": READER,
}
