from . import (
    test_access,
    test_certificate,
    test_certificate_life,
    test_optional_numbers,
    test_path,
    test_seal,
    test_translations,
    test_transmission,
    test_upload,
)
