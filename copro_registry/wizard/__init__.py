from . import base_import, base_module_uninstall, copro_certificate_import
