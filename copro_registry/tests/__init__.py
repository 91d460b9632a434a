from . import (
    test_access,
    test_batch,
    test_certificate,
    test_log,
    test_optional_numbers,
    test_translations,
    test_transmission,
    test_upload,
)
