from . import (
    copro_contract_profile,
    copro_declarant_step,
    copro_declarant_account_environment,
    copro_declarant_account_connection,
    copro_declarant_account_authorities,
    copro_declarant_account_certificate,
    copro_declarant_account_contract,
    copro_declarant_account_rate_limiter,
    copro_declarant_account_availability,
    copro_declarant_account_sender,
    copro_declarant_account_steps,
    copro_declarant_account,
)
