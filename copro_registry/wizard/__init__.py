from . import base_module_uninstall, copro_certificate_import
