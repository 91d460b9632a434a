"""What people and their programs write is read, doubted or refused; never misread."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnc import reading
from rnc.items import all_items, item
from rnc.reading import Doubtful, Figure, Impossible, Unreadable

# Typed, and what it is: a value, "doubtful" or "impossible".
WAYS = json.loads(
    Path(__file__).parents[2].joinpath("copro_registry/tests/data/ways.json").read_text()
)
ITEMS = {
    "zip": "adresse_reference_code_postal",
    "insee_code": "adresse_reference_code_insee",
    "siret": "siret_syndicat",
    "registration_number": "numero_immatriculation",
}
PARCELS = {
    "number": "parcelles_numero",
    "section": "parcelles_section",
    "prefix": "parcelles_prefixe",
    "insee_code": "parcelles_code_insee",
}


def read(reader, *written):
    """The value as text, or the kind of refusal."""
    try:
        value = reader(*written)
    except Doubtful as error:
        assert reading.MESSAGES[error.code] % error.params
        return "doubtful"
    except Impossible as error:
        assert reading.MESSAGES[error.code] % error.params
        return "impossible"
    return value if isinstance(value, bool | int) else str(value)


@pytest.mark.parametrize(
    ("reader", "rows"),
    [("amount", "amounts"), ("count", "counts"), ("day", "dates"), ("yes_no", "yes_no")],
)
def test_each_way_to_write(reader, rows):
    wrong = [
        (typed, found, wanted)
        for typed, wanted in WAYS[rows]
        if (found := read(getattr(reading, reader), typed)) != wanted
    ]
    assert wrong == []


@pytest.mark.parametrize(("rows", "items"), [("codes", ITEMS), ("parcels", PARCELS)])
def test_each_way_to_write_a_code(rows, items):
    wrong = [
        (name, typed, found, wanted)
        for name, typed, wanted in WAYS[rows]
        if (found := read(reading.code, item(items[name]), typed)) != wanted
    ]
    assert wrong == []


def test_the_table_is_long_enough():
    assert {name: len(rows) for name, rows in WAYS.items() if len(rows) < 15} == {}
    assert len(WAYS["amounts"]) >= 60 and len(WAYS["dates"]) >= 40 and len(WAYS["codes"]) >= 30


@pytest.mark.parametrize(
    ("reader", "value", "wanted"),
    [
        ("amount", 41250.299999999996, "41250.30"),
        ("amount", 1.234, "1.23"),
        ("amount", Figure("1.234"), "1.23"),
        ("amount", Decimal("41250.3"), "41250.30"),
        ("amount", 1e3, "1000.00"),
        ("amount", float("nan"), "impossible"),
        ("amount", float("inf"), "impossible"),
        ("amount", True, "impossible"),
        ("amount", date(2025, 12, 31), "impossible"),
        ("count", 12.0, 12),
        ("count", 1.5, "impossible"),
        ("count", Figure("1.234"), "impossible"),
        ("count", datetime(2025, 12, 31), "impossible"),
        ("day", date(2025, 12, 31), "2025-12-31"),
        ("day", datetime(2025, 12, 31), "2025-12-31"),
        ("day", datetime(2025, 12, 30, 23), "doubtful"),
        ("day", datetime(2025, 12, 30, 23, tzinfo=UTC), "2025-12-31"),
        ("day", datetime(2025, 12, 31, tzinfo=timezone(timedelta(hours=4))), "2025-12-30"),
        ("day", 45657, "doubtful"),
        ("day", 45657.0, "doubtful"),
        ("day", 2025.5, "impossible"),
        ("yes_no", True, True),
        ("yes_no", 0, False),
    ],
)
def test_what_programs_hold(reader, value, wanted):
    assert read(getattr(reading, reader), value) == wanted


def test_codes_that_programs_hold():
    assert reading.code(item(ITEMS["zip"]), 1310.0) == "01310"
    assert reading.code(item(ITEMS["siret"]), 2.3450002300028e13) == "23450002300028"


@pytest.mark.parametrize("reader", ["amount", "count", "day", "yes_no"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_nothing(reader, nothing):
    assert getattr(reading, reader)(nothing) is None


@pytest.mark.parametrize(
    ("code", "typed", "written"),
    [
        ("numero_immatriculation", " ab 123-4567 ", "AB1234567"),
        ("siret_syndicat", "356 000 000 00048", "35600000000048"),
        ("adresse_reference_code_postal", "1310.0", "01310"),
        ("adresse_reference_code_postal", "Rennes", "Rennes"),  # kept: the rules tell
        ("nom_usage", "Re\u0301sidence\u200b  des\x07\tTilleuls\n", "Résidence des Tilleuls"),
        ("nom_usage", "Résidence 🏢", "Résidence 🏢"),
        ("nom_usage", "Sacr\u00e9-C\u009cur, l\u0092\u00c9glise", "Sacré-Cœur, l\u2019Église"),
        (
            "nom_usage",
            "O\ufb03ce \ufb01nancier des \ufb02eurs a\ufb00",
            "Office financier des fleurs aff",
        ),
        ("nom_usage", "Rési\u00addence\u00a0Œuvre\u202fæ", "Résidence Œuvre æ"),
        ("parcelles_section", "a", "0A"),
        ("parcelles_numero", " 12", "0012"),
        ("numeros_nouveaux_syndicats", "AB1234567\r\n\n AB7654321 ", "AB1234567\nAB7654321"),
    ],
)
def test_texts(code, typed, written):
    assert reading.declared_text(item(code), typed) == written


@given(st.text(max_size=60), st.sampled_from(all_items()))
def test_nothing_raises_and_twice_is_once(typed, row):
    once = reading.declared_text(row, typed)
    assert reading.declared_text(row, once) == once
    for reader in (reading.amount, reading.count, reading.day, reading.yes_no):
        try:
            reader(typed)
        except Unreadable as error:
            assert reading.MESSAGES[error.code] % error.params


amounts = st.decimals("-999999999.99", "999999999.99", places=2)


def french(number, thousands, decimals, unit):
    written = f"{number:,.2f}".replace(",", "\0").replace(".", decimals)
    return written.replace("\0", thousands) + unit


@given(
    amounts,
    st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009", "'", "\u2019"]),
    st.sampled_from([",", "."]),
    st.sampled_from(["", " €", "\u00a0€", " EUR"]),
)
def test_an_amount_written_in_full_is_read_the_same(number, thousands, decimals, unit):
    assert reading.amount(french(number, thousands, decimals, unit)) == number


@given(amounts)
def test_a_float_is_read_the_same(number):
    assert reading.amount(float(number)) == number
    assert reading.amount(reading.cell(float(number))) == number


@given(st.dates())
def test_a_date_written_in_full_is_read_the_same(day):
    assert reading.day(day.isoformat()) == day
    assert reading.day(f"{day.day:02d}/{day.month:02d}/{day.year:04d}") == day
