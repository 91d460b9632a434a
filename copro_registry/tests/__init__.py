from . import (
    test_access,
    test_certificate,
    test_coverage,
    test_deadlines,
    test_import,
    test_optional_numbers,
    test_readiness,
    test_reform_screens,
    test_translations,
    test_transmission,
    test_upload,
)
