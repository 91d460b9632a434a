from .mixins import (
    copro_protected_mixin,
    copro_dossier_mixin,
    copro_dossier_writing,
)
from .condominium import (
    copro_address,
    copro_parcel,
    copro_building,
    copro_mandate,
    copro_fiscal_year,
)
from .mixins import copro_sealed_mixin
from .certificate import (
    copro_certificate,
    copro_certificate_policy,
    copro_certificate_request,
)
from .declarant import (
    copro_declarant_account,
    copro_declarant_account_authorities,
    copro_declarant_account_certificate,
)
from .certificate import copro_certificate_of_account
from .declarant import (
    copro_declarant_account_connection,
    copro_declarant_account_expiry,
)
from .certificate import copro_certificate_expiry
from .declarant import copro_declarant_step
from .certificate import copro_certificate_step
from .declarant import copro_declarant_account_steps
from .certificate import copro_certificate_diagnosis
from .declarant import (
    copro_declarant_account_diagnosis,
    copro_declarant_account_engine,
)
from .condominium import (
    copro_condominium,
    copro_condominium_dossier,
    copro_condominium_readiness,
    copro_condominium_findings,
    copro_condominium_deadlines,
    copro_condominium_upload,
    copro_condominium_search,
)
from .mixins import copro_dossier_import
from .condominium import (
    copro_condominium_refusals,
    copro_condominium_person,
)
from .declarant import copro_declarant_account_review
from .condominium import copro_review
from . import (
    ir_attachment,
    ir_fields_converter,
)
from .transmission import (
    copro_transmission,
    copro_transmission_twin,
    copro_transmission_attempt,
    copro_transmission_proof,
    copro_transmission_queue,
    copro_transmission_flow,
    copro_transmission_send,
    copro_transmission_ask,
    copro_transmission_news,
    copro_transmission_outcome,
)
from .condominium import (
    copro_condominium_trial,
    copro_mandate_services,
    copro_condominium_services,
)
from .transmission import copro_transmission_services
from .comparison import (
    copro_comparison,
    copro_comparison_scheduled,
    copro_comparison_line,
)
from .condominium import (
    copro_condominium_comparison,
    copro_condominium_duties,
)
from .declarant import (
    copro_contract_profile,
    copro_declarant_account_services,
    copro_declarant_account_environment,
    copro_declarant_account_repair,
)
from .certificate import copro_certificate_repair
from .declarant import (
    copro_declarant_account_pace,
    copro_declarant_account_availability,
)
from .transmission import copro_transmission_rest
from .declarant import copro_declarant_account_sender
from .transmission import (
    copro_transmission_sender,
    copro_transmission_document,
)
from .batch import (
    copro_upload_batch,
    copro_upload_batch_line,
    copro_upload_batch_run,
    copro_upload_batch_annual,
    copro_upload_batch_progress,
    copro_upload_batch_report,
)
from . import ir_websocket
from .dashboard import copro_today
from .mixins import copro_import_template
from . import (
    res_company,
    res_config_settings,
    res_users,
)
