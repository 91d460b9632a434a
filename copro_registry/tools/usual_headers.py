"""The headers of the lists that French syndics have, from their software or their spreadsheets.

Labels and technical names are known to Odoo already; these are what people write instead. Some
are of the registry's open file and of its printed form, the others of lists that were met.
"""

from ..rnc.reading import folded
from ..rnc.reading.search import WORD

# What programs shorten, and what says nothing.
WRITTEN = {
    **dict.fromkeys(("n", "no", "num", "nr", "numeros"), "numero"),
    **dict.fromkeys(("nb", "nbr", "nbre", "nombres", "qte"), "nombre"),
    **dict.fromkeys(("ref", "refer", "references"), "reference"),
    **dict.fromkeys(("dt", "dte", "dates"), "date"),
    **dict.fromkeys(("immat", "immatric"), "immatriculation"),
    **dict.fromkeys(("adr", "adresses"), "adresse"),
    **dict.fromkeys(("copro", "coproprietes"), "copropriete"),
    **dict.fromkeys(("imm", "immeubles"), "immeuble"),
    **dict.fromkeys(("lot",), "lots"),
    **dict.fromkeys(("stationnements",), "stationnement"),
    **dict.fromkeys(("parking", "parkings", "garages", "garage"), "parking"),
    **dict.fromkeys(("principal", "principale", "principales"), "principaux"),
    **dict.fromkeys(("batiments", "bat", "bats", "bt"), "batiment"),
    **dict.fromkeys(("ascenseurs",), "ascenseur"),
    **dict.fromkeys(("impaye",), "impayes"),
    **dict.fromkeys(("debiteur",), "debiteurs"),
}
IGNORED = frozenset("a au aux d de des du en et l la le les ou par pour sur eur euros".split())

# {model: {path: headers}}, each once by model; written as a file shows them.
HEADERS = {
    "copro.condominium": {
        "registration_number": "N° registre, N° RNC, RNC, RNIC, N° d'immatriculation, "
        "Immatriculation, N° immatriculation RNC, N° registre national, Numéro registre "
        "copropriétés",
        "internal_reference": "Code, Code immeuble, Code copropriété, Référence, Réf. immeuble, "
        "Référence copropriété, N° immeuble, N° copropriété, N° dossier, Code dossier, "
        "Code syndicat, Code interne, Id immeuble",
        "name": "Nom, Nom immeuble, Nom de la copropriété, Nom d'usage, Libellé, Copropriété, "
        "Résidence, Nom de la résidence, Désignation, Dénomination, Intitulé, Nom du syndicat, "
        "Libellé immeuble, Nom usuel, Nom d'usage de la copropriété",
        "street": "Numéro et voie, Numéro et rue, Rue, Numéro et voie adresse de "
        "référence, Numéro voie adresse, Adresse, Adresse 1, Adresse ligne 1, Adresse immeuble, "
        "Adresse copropriété, Adresse postale, Adresse de référence",
        "zip": "CP, Code postal, CP immeuble, Code post., C.P., Code postal adresse de référence, "
        "Code postal adresse",
        "city": "Ville, Commune adresse de référence, Commune adresse, Commune, Localité, Ville "
        "immeuble, Bureau distributeur",
        "insee_code": "Code INSEE, INSEE, Commune INSEE, Code officiel arrondissement commune",
        "bylaws_date": "Date RCP, Date du règlement, Règlement de copropriété, Date du règlement "
        "de copropriété, Date EDD, Date règlement copro, RCP",
        "siret": "SIRET, N° SIRET, SIRET syndicat, SIRET copropriété",
        "lot_count": "Nb lots, Lots, Nombre total de lots, Nb total lots, Total lots, Nb de lots "
        "total, Tous lots",
        "main_lot_count": "Nb lots principaux, Lots principaux, Nombre total de lots à usage "
        "d'habitation de bureaux ou de commerces, Nombre lots habitation bureaux commerces",
        "housing_lot_count": "Nb lots habitation, Lots habitation, Logements, Nb logements, "
        "Nb appartements, Appartements, Nombre de lots à usage d'habitation",
        "parking_lot_count": "Parkings, Nb parkings, Lots parking, Lots stationnement, Nb lots "
        "stationnement, Nb lots parking, Stationnement, Places de parking, Nombre de lots de "
        "stationnement",
        "building_count": "Nb bâtiments, Bâtiments, Nombre de bâtiments",
        "lift_count": "Nb ascenseurs, Ascenseurs, Nombre d'ascenseurs",
        "construction_period": "Période de construction, Période construction",
        "completion_year": "Année de construction, Année d'achèvement",
        "heating_type": "Chauffage, Type de chauffage, Mode de chauffage",
        "heating_energy": "Énergie, Énergie chauffage, Énergie de chauffage",
        "user_id": "Gestionnaire, Responsable, Collaborateur, Principal gestionnaire, Nom "
        "gestionnaire, Gestionnaire copropriété, En charge",
        "note": "Notes, Remarques, Observations, Commentaire, Commentaires",
        "mandate_ids/start_date": "Début de mandat, Date début mandat, Début du mandat syndic",
        "mandate_ids/end_date": "Fin de mandat, Date fin mandat, Échéance mandat, Date échéance "
        "mandat, Fin du mandat syndic",
        "mandate_ids/meeting_date": "Date AG mandat, Date AG de désignation",
        "fiscal_year_ids/start_date": "Début exercice, Date début exercice, Ouverture exercice",
        "fiscal_year_ids/end_date": "Fin exercice, Date fin exercice, Clôture exercice, Date de "
        "clôture, Date clôture exercice, Clôture",
        "fiscal_year_ids/meeting_date": "Date AG comptes, Date AG approbation, Date AG "
        "d'approbation des comptes",
    },
    "copro.mandate": {
        "condominium_id": "Copropriété, Immeuble, N° registre, N° RNC, N° d'immatriculation, "
        "Code, Code immeuble, Référence, Résidence, Code copropriété, N° immeuble",
        "start_date": "Début, Début de mandat, Date début, Date de début, Date début mandat",
        "end_date": "Fin, Fin de mandat, Date fin, Date de fin, Date fin mandat, Échéance, "
        "Échéance mandat",
        "meeting_date": "Date AG, AG, Date assemblée, AG du, Date AG mandat, Voté le",
    },
    "copro.fiscal.year": {
        "condominium_id": "Copropriété, Immeuble, N° registre, N° RNC, N° d'immatriculation, "
        "Code, Code immeuble, Référence, Résidence, Code copropriété, N° immeuble",
        "start_date": "Début, Début exercice, Date début, Date de début, Date début exercice, "
        "Ouverture",
        "end_date": "Fin, Fin exercice, Date fin, Date de fin, Date fin exercice, Clôture, Date "
        "de clôture, Date clôture exercice",
        "meeting_date": "Date AG, AG, Date assemblée, Date AG approbation, Approuvé le, Date "
        "d'approbation des comptes, Date AG comptes",
        "current_charges": "Charges courantes, Opérations courantes, Charges opérations courantes, "
        "Charges pour opérations courantes",
        "works_charges": "Travaux, Charges travaux, Opérations exceptionnelles, Travaux et "
        "opérations exceptionnelles, Charges pour travaux et opérations exceptionnelles",
        "supplier_debts": "Dettes fournisseurs, Fournisseurs, Fournisseurs impayés, Dettes "
        "fournisseurs et rémunérations",
        "unpaid_amount": "Impayés, Montant des impayés, Copropriétaires débiteurs montant, "
        "Impayés copropriétaires",
        "debtor_count": "Nb débiteurs, Nb copropriétaires débiteurs, Copropriétaires débiteurs, "
        "Nombre de copropriétaires débiteurs, Débiteurs",
        "works_fund": "Fonds travaux, Fonds de travaux, Fonds travaux ALUR, Fonds ALUR",
        "has_staff": "Personnel, Présence de personnel, Salariés",
    },
}
# « Immeuble » is a code in some lists, a name in others: its cells tell.
BY_ITS_CELLS = {"copro.condominium": {"immeuble": ("internal_reference", "name")}}
# How sure: Odoo gives a field to the header that is nearest; 0 is its own label, 1 is unlike.
STEP, BY_CELLS = 0.001, 0.15


def written(header: str) -> str:
    """What a header says: « Nbre de lots (principaux) » and « Nb lots principaux » are one."""
    words = (WRITTEN.get(word, word) for word in WORD.findall(folded(header)))
    return " ".join(word for word in words if word not in IGNORED)


# {model: {what a header says: (path, distance)}}; the first of a field's headers is the nearest.
KNOWN = {
    model: {
        written(header): (path, rank * STEP)
        for path, headers in known.items()
        for rank, header in reversed(list(enumerate(headers.split(","), start=1)))
    }
    for model, known in HEADERS.items()
}


def field_of(model: str, header: str, are_figures: bool) -> tuple[str | None, float]:
    """(path, distance) of the field that ``header`` names; (None, 1) for none.

    ``are_figures``: whether the cells below it are.
    """
    said = written(header)
    if said in BY_ITS_CELLS.get(model, {}):
        return BY_ITS_CELLS[model][said][0 if are_figures else 1], BY_CELLS
    return KNOWN.get(model, {}).get(said, (None, 1))
