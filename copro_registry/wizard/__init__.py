from . import (
    base_import,
    base_module_uninstall,
    copro_certificate_import,
    copro_connection_test,
    copro_contract_load,
    copro_correction,
    copro_declaration,
    copro_affiliation_request,
    copro_mandate_renewal,
    copro_registry_import,
    copro_successor_declaration,
)
