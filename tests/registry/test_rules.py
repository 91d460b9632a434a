"""What the rules find, and that a dossier they accept always travels."""

import string
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import a_dossier
from registry import contract, rules
from registry.codec import codec_for
from registry.items import REFORM, all_items, item, nomenclature

TODAY = date(2026, 11, 23)
PROFILE = contract.named()
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
        ({"nb_lots_total": 0}, ("NO_LOT", "nb_lots_total")),
        ({"nb_lots_total": True}, ("NOT_INTEGER", "nb_lots_total")),
        ({"nb_lots_principaux": 13}, ("LOTS_MAIN", "nb_lots_principaux")),
        ({"nb_lots_habitation": 9}, ("LOTS_HOUSING", "nb_lots_habitation")),
        ({"nom_usage": "a\x00b"}, ("UNPRINTABLE", "nom_usage")),
        ({"nom_usage": "x" * 256}, ("TOO_LONG", "nom_usage")),
        ({"nom_usage": "Résidence 🏢"}, None),
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
        ({"date_fin_exercice": date(2024, 1, 1)}, ("EXERCISE_DATES", "date_fin_exercice")),
        ({"date_ag_approbation": date(2025, 6, 1)}, ("MEETING_EARLY", "date_ag_approbation")),
        ({"date_ag_approbation": date(2026, 12, 1)}, ("MEETING_FUTURE", "date_ag_approbation")),
        ({"date_fin_exercice": date(2026, 12, 31)}, ("EXERCISE_OPEN", "date_fin_exercice")),
        ({"date_fin_mandat": date(2026, 11, 22)}, ("MANDATE_ENDED", "date_fin_mandat")),
        ({"date_fin_mandat": date(2030, 1, 1)}, ("MANDATE_LONG", "date_fin_mandat")),
        ({"date_debut_mandat": date(2026, 12, 1)}, ("MANDATE_FUTURE", "date_debut_mandat")),
        ({"nb_batiments": 0}, ("NO_BUILDING", "nb_batiments")),
        ({"etiquettes": {"etiquette_a": 2}}, ("LABELS_SUM", "etiquettes")),
        ({"annee_achevement": 1990}, ("PERIOD_YEAR", "annee_achevement")),
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


def test_a_first_exercise_owes_its_two_dates_only():
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
    eve = rules.check(dossier, service, REFORM - timedelta(days=1))
    day = rules.check(dossier, service, REFORM)
    assert eve == []
    assert {finding.item for finding in day} == {"batiments", "presence_ecs"}


def test_every_sentence_is_used_with_its_parameters():
    for template in rules.MESSAGES.values():
        names = [name for _text, name, *_rest in _fields(template)]
        assert set(names) <= {
            *("item", "value", "year", "maximum", "part", "whole", "meeting", "end"),
            *("start", "labels", "buildings", "debtors", "amount"),
        }


def _fields(template):
    formatter = string.Formatter()
    return [f for f in formatter.parse(template.replace("%(", "{").replace(")s", "}")) if f[1]]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**16),
    st.text(max_size=300),
    st.dates(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.sampled_from(sorted({e.code for e in nomenclature("type_chauffage")})),
)
# The registry opened on 1 November 2016: there is no rule of an earlier date.
ON = st.dates(min_value=date(2016, 11, 1))
CODES = st.sampled_from(sorted({row.code for row in all_items() if not row.parent}))


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(CODES, VALUES, max_size=6), st.sampled_from(SENT), ON)
def test_never_a_crash_and_what_passes_travels(changes, service, on):
    dossier = a_dossier(TODAY, **changes)
    checked = rules.check(dossier, PROFILE.services[service], on)
    for finding in checked:
        assert item(finding.item)
        assert finding.code in rules.MESSAGES
    if not rules.blocking(checked):
        assert codec_for(PROFILE).encode(service, dossier, on)
