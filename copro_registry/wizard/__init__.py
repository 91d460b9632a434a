from . import copro_certificate_import
