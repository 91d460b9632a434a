from . import (
    copro_protected_mixin,
    copro_dossier_import,
    copro_dossier_mixin,
    copro_import_template,
    copro_sealed_mixin,
)
