"""The catalogue is whole and consistent."""

from datetime import date, timedelta

import pytest

from conftest import REFORM
from rnc.items import all_items, catalogue, item, next_switch, nomenclature, switches

TYPES = {"str", "int", "decimal", "date", "datetime", "bool", "enum", "struct", "list", "file"}


@pytest.mark.parametrize("row", all_items(), ids=lambda row: row.code)
def test_each_row_is_consistent(row):
    assert row.type in TYPES
    assert row.required in {"always", "conditional", "optional", "output"}
    assert bool(row.when) == (row.required == "conditional")
    assert row.label_en and row.label_fr and row.law
    if row.type == "enum":
        assert nomenclature(row.nomenclature)
    if row.parent:
        assert item(row.parent).type in {"struct", "list"}
    for term in row.when.split("&") if row.when else []:
        assert item(term.strip().partition("=")[0])


def test_two_definitions_meet_on_the_day_of_the_reform():
    before = catalogue(REFORM - timedelta(days=1))["nb_coproprietaires_debiteurs"]
    after = catalogue(REFORM)["nb_coproprietaires_debiteurs"]
    assert "300" in before.label_fr
    assert "deux trimestres" in after.label_fr
    assert catalogue(REFORM)["fonds_travaux"].required == "conditional"


def test_the_building_data_appear_on_the_day_of_the_reform(profile):
    service = profile.services["WS2_STANDARD"]

    def codes(on):
        return {i.code for i in catalogue(on).sent(service.code, service.groups)}

    new = codes(REFORM) - codes(REFORM - timedelta(days=1))
    assert {"batiments", "presence_ecs", "ppt_adopte"} <= new
    assert codes(REFORM - timedelta(days=1)) <= codes(REFORM)


def test_no_two_rows_of_a_code_are_in_effect_together():
    for on in (date(2020, 1, 1), REFORM - timedelta(days=1), REFORM, date(2030, 1, 1)):
        codes = [row.code for row in all_items() if row.in_effect(on)]
        assert len(codes) == len(set(codes))


def test_a_reform_is_rows():
    assert switches() == (REFORM,)
    assert next_switch(REFORM - timedelta(days=1)) == REFORM
    assert next_switch(REFORM) is None
    assert catalogue(date(2020, 1, 1)) is catalogue(REFORM - timedelta(days=1))
    assert catalogue(REFORM) is catalogue(date(2030, 1, 1))


def test_a_fiscal_year_closed_before_may_keep_its_definitions():
    """The decree does not say: it is the profile's choice, group by group."""
    closed, by_closing = REFORM - timedelta(days=52), frozenset({"finance"})
    old = catalogue(REFORM, closed, by_closing)
    assert "300" in old["nb_coproprietaires_debiteurs"].label_fr
    assert "batiments" in old
    new = catalogue(REFORM, REFORM, by_closing)
    assert "deux trimestres" in new["nb_coproprietaires_debiteurs"].label_fr
    long_ago = catalogue(REFORM, date(36, 3, 13), by_closing)
    assert "impayes" in long_ago
