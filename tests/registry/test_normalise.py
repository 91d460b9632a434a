"""What people type becomes what the registry writes, or is left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import normalise
from registry.items import all_items, item


@pytest.mark.parametrize(
    ("code", "typed", "written"),
    [
        ("numero_immatriculation", " ab 123-4567 ", "AB1234567"),
        ("siret_syndicat", "356 000 000 00048", "35600000000048"),
        ("adresse_reference_code_postal", "35\u00a0000", "35000"),
        ("adresse_reference_code_postal", "1000", "01000"),
        ("adresse_reference_code_insee", "2a004", "2A004"),
        ("nom_usage", "Re\u0301sidence\u200b  des\x07\tTilleuls\n", "Résidence des Tilleuls"),
        ("nom_usage", "Résidence 🏢", "Résidence 🏢"),
        ("parcelles_section", "ab", "AB"),
        ("parcelles_section", "a", "0A"),
        ("parcelles_numero", " 12", "0012"),
        ("numeros_nouveaux_syndicats", "AB1234567\r\n\n AB7654321 ", "AB1234567\nAB7654321"),
    ],
)
def test_texts(code, typed, written):
    assert normalise.declared_text(item(code), typed) == written


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        ("1.3.2026", date(2026, 3, 1)),
        ("2025-12-31", date(2025, 12, 31)),
        ("2025/12/31", date(2025, 12, 31)),
        ("2025-12-31 00:00:00", date(2025, 12, 31)),
        ("0036/03/13", date(36, 3, 13)),
        ("36-03-13", date(36, 3, 13)),
        ("31/02/2026", None),
        ("12/31/2025", None),
        ("2025", None),
        ("hier", None),
    ],
)
def test_dates(typed, read):
    assert normalise.day(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("41250.30", "41250.30"),
        ("41 250,30 €", "41250.30"),
        ("41\u202f250,30", "41250.30"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("-12,5", "-12.5"),
        ("0,5", "0.5"),
        ("1,234", None),  # a thousand, or one and a little?
        ("12,5,3", None),
        ("1 25", None),
        ("NaN", None),
        ("1e5", None),
    ],
)
def test_amounts(typed, read):
    assert normalise.number(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12", 12), ("1 234", 1234), ("12.0", 12), ("12,5", None), ("-3", -3), ("douze", None)],
)
def test_whole_numbers(typed, read):
    assert normalise.whole(typed) == read


@given(st.text(max_size=60), st.sampled_from(all_items()))
def test_nothing_raises_and_twice_is_once(typed, row):
    once = normalise.declared_text(row, typed)
    assert normalise.declared_text(row, once) == once
    normalise.day(typed)
    normalise.number(typed)
    normalise.whole(typed)
