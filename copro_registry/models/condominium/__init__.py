# A concern comes before the model that lists it.
from . import (
    copro_condominium_import,
    copro_condominium_dossier,
    copro_condominium_readiness,
    copro_condominium_findings,
    copro_condominium_deadlines,
    copro_condominium_duties,
    copro_condominium_upload,
    copro_condominium_affiliation,
    copro_condominium_comparison,
    copro_condominium,
    copro_mandate,
    copro_fiscal_year_dates,
    copro_fiscal_year,
    copro_building,
    copro_parcel,
    copro_address,
)
