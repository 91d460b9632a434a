from . import (
    test_access,
    test_certificate,
    test_comparison,
    test_contract_profile,
    test_optional_numbers,
    test_services,
    test_translations,
    test_transmission,
    test_upload,
)
