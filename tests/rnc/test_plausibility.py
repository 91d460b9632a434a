"""What is possible, yet surprising; and what looks so, and is not."""

from datetime import date
from decimal import Decimal

import pytest

from conftest import a_dossier
from rnc import contract, rules
from rnc.rules import plausibility

TODAY = date(2026, 11, 23)
PROFILE = contract.named()
INSEE, POSTCODE = "adresse_reference_code_insee", "adresse_reference_code_postal"
START, END = "date_debut_exercice", "date_fin_exercice"
CHARGES = "charges_operations_courantes"


def found(service="WS1", **changes):
    checked = rules.check(a_dossier(TODAY, **changes), PROFILE.services[service], TODAY)
    return {(finding.code, finding.item) for finding in checked}


def codes(**changes):
    return {code for code, _item in found(**changes)}


def at(insee, postcode):
    place = a_dossier()["adresse_reference"]
    return {"adresse_reference": {**place, INSEE: insee, POSTCODE: postcode}}


def parcel(written):
    insee, prefix, section, number = written.split()
    return {
        "parcelles_code_insee": insee,
        "parcelles_prefixe": prefix,
        "parcelles_section": section,
        "parcelles_numero": number,
    }


@pytest.mark.parametrize(
    ("insee", "postcode"),
    [
        ("35238", "35000"),
        ("03250", "42620"),  # served by the post of another department
        ("91479", "94390"),
        ("2A004", "20000"),
        ("2B033", "20200"),
        ("97411", "97400"),
        ("97701", "97133"),
        ("98818", "98800"),
        ("99138", "98000"),  # Monaco
        ("75056", "75015"),
    ],
)
def test_places_that_the_post_knows(insee, postcode):
    assert "INSEE_POSTCODE" not in codes(**at(insee, postcode))


@pytest.mark.parametrize(
    ("insee", "postcode"),
    [("75115", "35000"), ("35238", "53000"), ("2A004", "06000"), ("01053", "10000")]
    + [("97411", "35000"), ("42250", "03250")],
)
def test_places_of_two_departments(insee, postcode):
    assert "INSEE_POSTCODE" in codes(**at(insee, postcode))


@pytest.mark.parametrize(
    ("street", "code"),
    [
        ("12 bis, rue de l'Église – Bât. A", "BEYOND_STREET"),
        ("Résidence les Lilas, 5 rue du Bac", "BEYOND_STREET"),
        ("5 rue du Bac, rés. les Lilas", "BEYOND_STREET"),
        ("5 rue du Bac - Immeuble Le Grand", "BEYOND_STREET"),
        ("5 rue du Bac bâtiment 2", "BEYOND_STREET"),
        ("5 rue du Bac esc. B", "BEYOND_STREET"),
        ("BP 12", "POST_BOX"),
        ("3 rue du Port B.P. 40", "POST_BOX"),
        ("CS 10012", "POST_BOX"),
        ("12 bis, rue de l'Église", None),
        ("16-18 av de lowendal", None),
        ("4 allée de la Résidence", None),
        ("7 rue du Lot", None),
        ("1 rue du Bât d'Argent", None),
        ("2 cour des Bâtiments", None),
        ("9 rue de l'Entrée du Port", None),
    ],
)
def test_what_is_no_street(street, code):
    found = codes(adresse_reference={"adresse_reference_numero_voie": street})
    assert found & {"BEYOND_STREET", "POST_BOX"} == ({code} if code else set())


@pytest.mark.parametrize("town", ["AJACCIO CEDEX", "Sainte-Clotilde (LA RÉUNION)", "35000 Rennes"])
def test_what_is_no_town(town):
    assert "NOT_TOWN" in codes(adresse_reference={"adresse_reference_commune": town})


@pytest.mark.parametrize("town", ["Paris 15e Arrondissement", "Saint-Denis", "L'Haÿ-les-Roses"])
def test_what_is_a_town(town):
    assert "NOT_TOWN" not in codes(adresse_reference={"adresse_reference_commune": town})


def test_the_code_of_a_whole_city():
    assert "WHOLE_TOWN" in codes(**at("75056", "75015"))
    assert "WHOLE_TOWN" not in codes(**at("75115", "75015"))


@pytest.mark.parametrize(
    ("year", "period"),
    [(1948, "AVANT_1949"), (1965, "DE_1961_A_1974"), (2011, "A_COMPTER_DE_2011"), (None, None)],
)
def test_the_period_of_a_year(year, period):
    assert plausibility.period_of(year) == period


def test_towns_of_one_department_that_the_post_tells_apart():
    """Réunion and Martinique both begin with 97."""
    assert "INSEE_POSTCODE" in codes(**at("97411", "97200"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("75115 000 DH 0016", "75056 115 DH 0016"),
        ("69383 000 AB 0001", "69123 383 AB 0001"),
        ("13201 000 AB 0001", "13055 201 AB 0001"),
        ("35238 000 AB 0012", "35238 000 AB 0012"),
    ],
)
def test_a_parcel_written_in_two_ways(one, other):
    assert ("PARCEL_TWICE", "parcelles") in found(parcelles=[parcel(one), parcel(other)])


def test_parcels_that_differ():
    ours = ["35238 000 AB 0012", "35238 000 AB 0013", "35238 115 AB 0012", "35047 000 AB 0012"]
    assert codes(parcelles=[parcel(one) for one in ours], **at("35238", "35000")) == set()
    towns = ["75115 000 DH 0016", "75116 000 DH 0016", "75056 117 DH 0016"]
    assert "PARCEL_TWICE" not in codes(parcelles=[parcel(one) for one in towns])


def test_a_parcel_of_another_department():
    far = parcel("53130 000 AB 0012")
    assert found(parcelles=[far], **at("35238", "35000")) == {
        ("PARCEL_DEPARTMENT", "parcelles_code_insee")
    }
    # Without the town's code, the postcode tells, unless its post serves several departments.
    assert "PARCEL_DEPARTMENT" in codes(parcelles=[far])
    assert "PARCEL_DEPARTMENT" not in codes(
        parcelles=[parcel("03250 000 AB 0012")], **at(None, "42620")
    )
    assert codes(parcelles=[parcel("2B033 000 AB 0012")], **at("2B033", "20200")) == set()


def test_a_section_that_begins_with_a_letter_o():
    assert found(parcelles=[parcel("35238 000 OA 0012")]) == {
        ("SECTION_LETTER", "parcelles_section")
    }
    assert codes(parcelles=[parcel("35238 000 0A 0012"), parcel("35238 000 AO 0012")]) == set()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2024, 12, 31), date(2025, 12, 30)),  # a day was lost to midnight
        (date(2025, 1, 1), date(2025, 12, 30)),
        (date(2024, 12, 31), date(2025, 12, 31)),
        (date(2024, 6, 30), date(2025, 6, 29)),
        (date(2023, 3, 1), date(2024, 2, 28)),  # there was a 29 February
    ],
)
def test_a_day_too_few_or_too_many(start, end):
    changes = {START: start, END: end, "date_ag_approbation": date(2026, 3, 1)}
    assert ("FISCAL_YEAR_DAY", END) in found(**changes)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2024, 7, 1), date(2025, 6, 30)),
        (date(2024, 3, 1), date(2025, 2, 28)),
        (date(2024, 10, 15), date(2025, 10, 14)),
        (date(2024, 7, 1), date(2025, 12, 31)),
    ],
)
def test_fiscal_years_of_any_length_in_whole_days(start, end):
    changes = {START: start, END: end, "date_ag_approbation": date(2026, 3, 1)}
    assert "FISCAL_YEAR_DAY" not in codes(**changes)


def test_the_first_fiscal_year_starts_on_any_day():
    changes = {START: date(2026, 5, 31), "premier_exercice": True}
    assert "FISCAL_YEAR_DAY" not in codes(**{END: date(2026, 12, 31)}, **changes)
    assert "FISCAL_YEAR_DAY" in codes(**{END: date(2026, 12, 30)}, **changes)


def test_dates_of_another_century():
    assert found(date_reglement=date(1872, 4, 18)) == {("OLD_DATE", "date_reglement")}
    assert codes(date_reglement=date(1925, 4, 18)) == set()
    old = {
        START: date(1995, 1, 1),
        END: date(1995, 12, 31),
        "date_ag_approbation": date(1996, 3, 1),
    }
    wanted = {("OLD_DATE", name) for name in old}
    assert wanted <= found(**old)
    assert "OLD_DATE" not in codes(**{START: date(2012, 1, 1), END: date(2012, 12, 31)})


def test_a_first_year_out_of_proportion():
    for amount in ("4125030.00", "96000.01", "41.25"):
        assert ("FIRST_AMOUNT", CHARGES) in found(**{CHARGES: Decimal(amount)}), amount
    for amount in ("41250.30", "4000.00", "96000.00", "0.00"):
        assert "FIRST_AMOUNT" not in codes(**{CHARGES: Decimal(amount)}), amount
    assert ("FIRST_AMOUNT", "impayes") in found(impayes=Decimal("241055"))
    # Services are charged too: meals, care.
    assert "FIRST_AMOUNT" not in codes(residence_service=True, **{CHARGES: Decimal(200_000)})
    # With a fiscal year before it, it is compared with that one.
    before = {CHARGES: Decimal(120_000)}
    assert codes(exercice_precedent=before, **{CHARGES: Decimal(120_000)}) == set()
    assert "FIRST_AMOUNT" not in codes(nb_lots_principaux=None, **{CHARGES: Decimal(4125030)})
