"""An example dossier, made from the catalogue: what every service can send."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .items import Catalogue, Item, catalogue, nomenclature

EXACT = {
    "numero_immatriculation": "AB1234567",
    "adresse_reference_numero_voie": "12 rue de l'Exemple",
    "adresse_reference_code_postal": "35000",
    "adresse_reference_commune": "Rennes",
    "adresse_reference_code_insee": "35238",
    "parcelles_code_insee": "35238",
    "parcelles_prefixe": "000",
    "parcelles_section": "AB",
    "parcelles_numero": "0012",
    "siret_syndicat": "55210055400013",
    "representant_siret": "55210055400013",
    "successeur_siret": "55210055400013",
    "successeur_email": "registre@successeur.example",
    "successeur_telephone": "0299000000",
    "representant_civilite": "M",
    "piece_nom": "contrat.pdf",
    "annee_achevement": 1972,
    "nb_lots_total": 12,
    "nb_lots_principaux": 8,
    "nb_lots_habitation": 8,
    "premier_exercice": False,
    "administration_provisoire": "non",
    "numero_immatriculation_principal": None,
    "date_ordonnance_carence": None,
}


def example_dossier(on: date) -> dict[str, Any]:
    """A dossier with every item in effect on ``on``, valid for every service."""
    known = catalogue(on)
    dossier = {item.code: _value(item, known, on) for item in known if not item.parent}
    return {**dossier, **_dates(on)}


def _dates(on: date) -> dict[str, date]:
    closing = date(on.year - 1, 12, 31)
    return {
        "date_reglement": date(1972, 4, 18),
        "date_debut_exercice": date(closing.year, 1, 1),
        "date_fin_exercice": closing,
        "date_ag_approbation": max(closing + timedelta(days=1), on - timedelta(days=1)),
        "date_debut_mandat": on,
        "date_fin_mandat": on + timedelta(days=365),
        "date_fin_mandat_precedent": on - timedelta(days=1),
    }


def _value(item: Item, known: Catalogue, on: date) -> Any:
    if item.code in EXACT:
        return EXACT[item.code]
    children = known.children(item.code)
    if item.type != "list" and children:
        return {child.code: _value(child, known, on) for child in children}
    if item.type == "list":
        member = {child.code: _value(child, known, on) for child in children}
        return [member or "14 rue de l'Exemple, 35000 Rennes"]
    return _SCALARS.get(item.type, lambda *_: "exemple")(item, on)


_SCALARS = {
    "bool": lambda item, on: False,
    "int": lambda item, on: 1,
    "decimal": lambda item, on: Decimal("1234.50"),
    "date": lambda item, on: on,
    "enum": lambda item, on: nomenclature(item.nomenclature)[0].code,
    "file": lambda item, on: b"%PDF-1.4 exemple",
}
