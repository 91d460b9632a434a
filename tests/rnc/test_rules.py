"""What the rules find, and that a dossier they accept always travels."""

import string
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import REFORM, a_dossier
from rnc import contract, rules
from rnc.codec import codec_for
from rnc.items import all_items, catalogue, item, nomenclature
from rnc.rules import fingerprint

TODAY = date(2026, 11, 23)
EVE = REFORM - timedelta(days=1)
PROFILE = contract.named()
CHARGES, PRINCIPAL = "charges_operations_courantes", "numero_immatriculation_principal"
PARCEL = {
    "parcelles_code_insee": "35238",
    "parcelles_prefixe": "000",
    "parcelles_section": "AB",
    "parcelles_numero": "0012",
}
SENT = ("WS1", "WS2_STANDARD", "WS2_ANNUAL")


def found(service="WS1", on=TODAY, **changes):
    checked = rules.check(a_dossier(TODAY, **changes), PROFILE.services[service], on)
    return {(finding.code, finding.item) for finding in checked}


def test_a_complete_dossier_has_no_finding():
    for service in SENT:
        assert found(service) == set()


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"nb_lots_total": None}, ("MISSING", "nb_lots_total")),
        ({"nb_lots_stationnement": 0}, None),
        ({"nb_lots_total": -1}, ("NEGATIVE", "nb_lots_total")),
        ({"nb_lots_total": 10**15}, ("TOO_LARGE", "nb_lots_total")),
        ({"nb_lots_total": 0}, ("TOO_SMALL", "nb_lots_total")),
        ({"nb_lots_total": True}, ("NOT_INTEGER", "nb_lots_total")),
        ({"nb_lots_principaux": 13}, ("LOTS_MAIN", "nb_lots_principaux")),
        ({"nb_lots_habitation": 9}, ("LOTS_HOUSING", "nb_lots_habitation")),
        ({"nom_usage": "a\x00b"}, ("UNPRINTABLE", "nom_usage")),
        ({"nom_usage": "x" * 256}, ("TOO_LONG", "nom_usage")),
        ({"nom_usage": "Résidence 🏢"}, ("UNPRINTABLE", "nom_usage")),
        ({"nom_usage": "L’Orée n° 3 – Œuvre « Été »"}, None),
        ({"date_reglement": date(36, 3, 13)}, ("IMPOSSIBLE_DATE", "date_reglement")),
        ({"siret_syndicat": "12345678901234"}, ("BAD_SIRET", "siret_syndicat")),
        ({"siret_syndicat": "35600000000048"}, None),  # La Poste
        ({"type_syndicat": "tertiaire"}, ("UNKNOWN_CODE", "type_syndicat")),
        (
            {"type_syndicat": "secondaire"},
            ("MISSING", "numero_immatriculation_principal"),
        ),
        (
            {"type_syndicat": "secondaire", "numero_immatriculation_principal": "AB12"},
            ("BAD_NUMBER", "numero_immatriculation_principal"),
        ),
        ({"impayes": None}, ("MISSING", "impayes")),
        ({"impayes": None, "comptabilite_simplifiee": True}, ("MISSING", None)),
        ({"impayes": Decimal("1.001")}, ("NOT_AMOUNT", "impayes")),
        ({"impayes": Decimal("NaN")}, ("NOT_AMOUNT", "impayes")),
        ({"impayes": Decimal("17")}, ("DEBTORS_AMOUNT", "nb_coproprietaires_debiteurs")),
        ({"date_fin_exercice": date(2024, 1, 1)}, ("FISCAL_YEAR_DATES", "date_fin_exercice")),
        ({"date_ag_approbation": date(2025, 6, 1)}, ("MEETING_EARLY", "date_ag_approbation")),
        ({"date_ag_approbation": date(2026, 12, 1)}, ("MEETING_FUTURE", "date_ag_approbation")),
        ({"date_fin_exercice": date(2026, 12, 31)}, ("FISCAL_YEAR_OPEN", "date_fin_exercice")),
        ({"date_fin_mandat": date(2026, 11, 22)}, ("MANDATE_ENDED", "date_fin_mandat")),
        (
            {"date_fin_mandat": date(2026, 11, 22), "numero_immatriculation": "AB1234567"},
            ("MANDATE_NOT_RENEWED", "date_fin_mandat"),
        ),
        ({"date_fin_mandat": date(2030, 1, 1)}, ("MANDATE_LONG", "date_fin_mandat")),
        ({"date_debut_mandat": date(2026, 12, 1)}, ("MANDATE_FUTURE", "date_debut_mandat")),
        ({"nb_batiments": 0}, ("TOO_SMALL", "nb_batiments")),
        ({"etiquettes": {"etiquette_a": 2}}, ("LABELS_SUM", "etiquettes")),
        ({"annee_achevement": 1990}, ("PERIOD_YEAR", "annee_achevement")),
        ({"nb_lots_stationnement": 9}, ("LOTS_SUM", "nb_lots_total")),
        ({"date_reglement": date(2026, 12, 1)}, ("FUTURE", "date_reglement")),
        ({"date_ordonnance_carence": date(2026, 12, 1)}, ("FUTURE", "date_ordonnance_carence")),
        ({"administration_provisoire": "oui"}, ("ADMINISTERED", "administration_provisoire")),
        (
            {"cadre_intervention": "mission_administration_provisoire"},
            ("NOT_ADMINISTERED", "administration_provisoire"),
        ),
        ({"date_ag_mandat": date(2026, 9, 1)}, ("MANDATE_VOTE", "date_debut_mandat")),
        ({"nb_coproprietaires_debiteurs": 13}, ("DEBTORS_LOTS", "nb_coproprietaires_debiteurs")),
        ({"charges_operations_courantes": Decimal(0)}, ("NO_CHARGES", CHARGES)),
        ({"exercice_precedent": {CHARGES: Decimal(20000)}}, ("CHANGED", CHARGES)),
        ({"exercice_precedent": {CHARGES: Decimal(30000)}}, None),
        ({"exercice_precedent": {CHARGES: Decimal(400)}}, ("JUMPED", CHARGES)),
        (
            {"exercice_precedent": {CHARGES: Decimal(400), "impayes": Decimal(24)}},
            ("JUMPED", CHARGES),
        ),
        (
            {"exercice_precedent": {CHARGES: Decimal(400), "montants_verifies": True}},
            ("CHANGED", CHARGES),
        ),
        (
            {"exercice_precedent": {CHARGES: Decimal(400), "dettes_fournisseurs": Decimal(1800)}},
            ("CHANGED", CHARGES),
        ),
        ({"comptabilite_simplifiee": True}, ("NOT_SMALL", "comptabilite_simplifiee")),
        ({"presence_personnel": True}, ("STAFF_SIRET", "siret_syndicat")),
        ({"parcelles": [PARCEL, PARCEL]}, ("PARCEL_TWICE", "parcelles")),
        ({"parcelles": [{**PARCEL, "parcelles_numero": "12"}]}, ("BAD_PARCEL", "parcelles_numero")),
        ({"premier_exercice": True}, ("FIRST_CLOSED", "premier_exercice")),
        (
            {"premier_exercice": True, "exercice_precedent": {CHARGES: Decimal(1)}},
            ("FIRST_AGAIN", "premier_exercice"),
        ),
        ({"numero_immatriculation_principal": "ab1234567"}, ("BAD_NUMBER", PRINCIPAL)),
        ({"profil_compte": "professionnel"}, ("MISSING", "representant_siret")),
        ({"profil_compte": "benevole"}, ("MISSING", "representant_nom")),
        ({"date_ag_approbation": date(36, 3, 13)}, ("IMPOSSIBLE_DATE", "date_ag_approbation")),
        ({"type_chauffage": "collectif"}, ("MISSING", "chauffage_urbain")),
        (
            {"type_chauffage": "collectif", "chauffage_urbain": False},
            ("MISSING", "energie_chauffage"),
        ),
        ({"type_chauffage": "collectif", "chauffage_urbain": True}, None),
    ],
)
def test_one_change_one_finding(changes, finding):
    seen = found(**changes)
    if finding is None:
        assert seen == set()
    elif finding[1] is None:
        assert not [code for code, item_code in seen if item_code == "impayes"]
    else:
        assert finding in seen


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        (
            {"nb_coproprietaires_debiteurs": 13, "impayes": Decimal(9000)},
            ("DEBTORS_LOTS", rules.WARNING),
        ),
        ({"profil_compte": "cooperatif"}, ("NOT_COOPERATIVE", rules.WARNING)),
        ({"profil_compte": "cooperatif", "syndicat_cooperatif": True}, None),
        ({"charges_travaux_exceptionnels": Decimal(-1200)}, ("NEGATIVE_AMOUNT", rules.BLOCKING)),
        ({"syndic_de_droit": True, "date_fin_mandat": None}, ("BY_LAW", rules.WARNING)),
        ({"syndic_de_droit": True, "date_fin_mandat": date(2099, 12, 31)}, ("BY_LAW", "warning")),
        ({"date_fin_mandat": None}, ("MISSING", rules.BLOCKING)),
    ],
)
def test_what_is_possible_is_asked_about_and_not_refused(changes, finding):
    identity = {"representant_civilite": "M.", "representant_prenom": "A", "representant_nom": "B"}
    changes = {"representant": identity, **changes}
    checked = rules.check(a_dossier(TODAY, **changes), PROFILE.services["WS1"], TODAY)
    assert [(one.code, one.severity) for one in checked] == ([finding] if finding else [])


def test_a_first_fiscal_year_owes_its_two_dates_only():
    figures = {
        row.code: None
        for row in all_items()
        if row.group == "finance" and row.type == "decimal" or row.unit == "copropriétaires"
    }
    open_one = {
        "date_debut_exercice": date(2026, 3, 1),
        "date_fin_exercice": date(2026, 12, 31),
        "date_ag_approbation": None,
    }
    assert found(premier_exercice=True, **figures, **open_one) == set()


def test_the_reform_asks_for_the_buildings():
    dossier = a_dossier(REFORM)
    for code in ("batiments", "presence_ecs"):
        dossier.pop(code)
    service = PROFILE.services["WS2_STANDARD"]
    eve = rules.check(dossier, service, EVE)
    day = rules.check(dossier, service, REFORM)
    assert eve == []
    assert {finding.item for finding in day} == {"batiments", "presence_ecs"}


def test_the_place_must_be_in_one_department():
    address = {**a_dossier()["adresse_reference"], "adresse_reference_code_insee": "75115"}
    assert found(adresse_reference=address) == {("INSEE_POSTCODE", "adresse_reference_code_insee")}


def test_the_debtors_are_counted_by_the_rules_of_the_day():
    """300 € each until the reform; two quarters of charges, which nobody knows, from it."""
    dossier = a_dossier(EVE, impayes=Decimal(17))
    service = PROFILE.services["WS2_ANNUAL"]
    eve = rules.check(dossier, service, EVE)
    assert [(f.code, dict(f.params)["threshold"]) for f in eve] == [("DEBTORS_AMOUNT", "300")]
    assert rules.check(dossier, service, REFORM) == []


def test_a_profile_may_judge_a_fiscal_year_by_the_day_it_closed():
    dossier = a_dossier(EVE, impayes=Decimal(17))
    service = replace(PROFILE.services["WS2_ANNUAL"], by_closing=frozenset({"finance"}))
    assert [f.code for f in rules.check(dossier, service, REFORM)] == ["DEBTORS_AMOUNT"]


def test_the_works_fund_is_optional_until_the_reform():
    dossier = a_dossier(EVE, fonds_travaux=None)
    service = PROFILE.services["WS2_ANNUAL"]
    assert rules.check(dossier, service, EVE) == []
    assert [f.item for f in rules.check(dossier, service, REFORM)] == ["fonds_travaux"]


def test_a_member_of_a_list_is_named_by_its_rank():
    parcels = [PARCEL, {**PARCEL, "parcelles_section": None}]
    checked = rules.check(a_dossier(TODAY, parcelles=parcels), PROFILE.services["WS1"], TODAY)
    assert [(f.item, f.member) for f in checked] == [("parcelles_section", 2)]


def test_the_percentage():
    service = PROFILE.services["WS1"]
    assert rules.judge(a_dossier(TODAY), service, TODAY).percentage == 100
    empty = rules.judge({}, service, TODAY)
    assert empty.percentage == 0 and empty.due > 25
    almost = rules.judge(a_dossier(TODAY, nb_lots_total=None), service, TODAY)
    assert 90 < almost.percentage < 100


def test_answers_to_questions_that_are_not_asked_are_left_out():
    dossier = a_dossier(TODAY, energie_chauffage="gaz_naturel", date_fin_mandat=None)
    dossier["comptabilite_simplifiee"] = True
    kept = rules.relevant(dossier, catalogue(TODAY))
    left_out = dossier.keys() - kept.keys()
    assert left_out == {"energie_chauffage", "impayes", "nb_coproprietaires_debiteurs"}


def test_the_same_content_has_the_same_fingerprint():
    service = PROFILE.services["WS2_STANDARD"]
    address = a_dossier()["adresse_reference"]
    one = a_dossier(TODAY, adresse_reference=address)
    same = dict(reversed(one.items()))
    assert fingerprint(one, service, TODAY) == fingerprint(same, service, TODAY)
    assert fingerprint({**one, "impayes": Decimal(1)}, service, TODAY) == fingerprint(
        one, service, TODAY
    )
    other = {**one, "nb_ascenseurs": 2}
    assert fingerprint(one, service, TODAY) != fingerprint(other, service, TODAY)


def test_every_sentence_is_used_with_its_parameters():
    for template in rules.MESSAGES.values():
        names = [name for _text, name, *_rest in _fields(template)]
        assert set(names) <= {
            *("item", "value", "year", "maximum", "minimum", "part", "whole", "meeting", "end"),
            *("start", "labels", "buildings", "described", "debtors", "amount", "threshold"),
            *("character", "day", "lots", "old", "new", "percent", "insee", "postcode"),
            *("count", "times"),
        }


def _fields(template):
    formatter = string.Formatter()
    return [f for f in formatter.parse(template.replace("%(", "{").replace(")s", "}")) if f[1]]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**16),
    st.text(max_size=300),
    st.dates(),
    st.datetimes(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from(sorted({e.code for e in nomenclature("type_chauffage")})),
)
EVERY = sorted({row.code for row in all_items()})
# Members of structs and lists have codes of the catalogue, and any value.
MEMBERS = st.dictionaries(st.sampled_from(EVERY), SCALARS, max_size=4)
VALUES = st.one_of(
    SCALARS,
    MEMBERS,
    st.lists(st.one_of(MEMBERS, st.text(max_size=5)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)
# The registry opened on 1 November 2016: there is no rule of an earlier date.
ON = st.dates(min_value=date(2016, 11, 1))
CODES = st.sampled_from(EVERY)
BASES = st.sampled_from([frozenset(), frozenset({"finance"}), frozenset({"finance", "technique"})])


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(CODES, VALUES, max_size=6), st.sampled_from(SENT), ON, BASES)
def test_never_a_crash_and_what_passes_travels(changes, service, on, by_closing):
    dossier = a_dossier(TODAY, **changes)
    described = replace(PROFILE.services[service], by_closing=by_closing)
    readiness = rules.judge(dossier, described, on)
    assert 0 <= readiness.percentage <= 100
    assert (readiness.percentage == 100) == (not readiness.blocking)
    for finding in readiness.findings:
        assert item(finding.item)
        assert finding.code in rules.MESSAGES
        assert rules.MESSAGES[finding.code] % {"item": "", **dict(finding.params)}
    if not rules.judge(dossier, PROFILE.services[service], on).blocking:
        assert codec_for(PROFILE).encode(service, dossier, on)
    kept = rules.relevant(dossier, catalogue(on))
    assert kept.keys() <= dossier.keys()
    assert fingerprint(dossier, described, on)
