"""A workbook as a make-believe editor writes it, and what it truly says."""

import random
from datetime import date, datetime, timedelta
from io import BytesIO

from openpyxl import Workbook

# {title of a column: (field, kind)}; without a field, the column is not for the registry.
COLUMNS = {
    "Immat.": ("registration_number", "number"),
    "Résidence": ("name", "text"),
    "Code interne": ("", "text"),
    "Adresse": ("street", "text"),
    "CP": ("zip", "code"),
    "Ville": ("city", "text"),
    "INSEE": ("insee_code", "code"),
    " ": ("", "empty"),
    "Lots": ("lot_count", "count"),
    "Lots ppx": ("main_lot_count", "count"),
    "Date RCP": ("bylaws_date", "day"),
    "Coopératif O/N": ("is_cooperative", "flag"),
    "Mandat du": ("mandate_ids/start_date", "day"),
    "Mandat au": ("mandate_ids/end_date", "day"),
    "Exercice au": ("fiscal_year_ids/end_date", "day"),
    "Exercice du": ("fiscal_year_ids/start_date", "day"),
    "AG": ("fiscal_year_ids/meeting_date", "day"),
    "Charges €": ("fiscal_year_ids/current_charges", "amount"),
    "Travaux": ("fiscal_year_ids/works_charges", "amount"),
    "Fournisseurs": ("fiscal_year_ids/supplier_debts", "amount"),
    "Impayés": ("fiscal_year_ids/unpaid_amount", "amount"),
    "Débiteurs": ("fiscal_year_ids/debtor_count", "count"),
    "Fonds tvx": ("fiscal_year_ids/works_fund", "amount"),
    "Salariés": ("fiscal_year_ids/has_staff", "flag"),
}
TOWNS = (
    ("01310", "Polliat", "01301"),
    ("35000", "Rennes", "35238"),
    ("42620", "Saint-Pierre-Laval", "03250"),  # served by the post of another department
    ("75015", "Paris", "75115"),
    ("20000", "Ajaccio", "2A004"),
    ("97400", "Saint-Denis", "97411"),
)
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)
# One cell that cannot be read, of each kind.
BAD = {
    "amount": ("1,234", "12,5 %", "1.2E+05", "#REF!", "néant", "41 25,30", "12 $"),
    "day": ("31/12/25", "31/02/2025", "12/31/2025", "45657", "2024-12-30 23:30:00"),
    "count": ("douze", "1,5", "1.234"),
    "code": ("350", "3,5E+04", "ABCDE"),
    "flag": ("peut-être", "2"),
    "number": ("AB12", "1234567"),
}
EVERY = {"bad": 97, "day": 61, "times": 53, "place": 71}  # one condominium in so many


class Book:
    """``truth``: {registration number: {field: value, "fiscal_years": {end: {field: value}}}};
    ``bad_lines``: the first line of each condominium in error; ``planted``: {code:
    condominiums that have it}.
    """

    def __init__(self, count: int, is_corrected: bool):
        self._random = random.Random(20261130)
        self.truth: dict[str, dict] = {}
        self.bad_lines: set[int] = set()
        self.planted: dict[str, set[str]] = {"FISCAL_YEAR_DAY": set(), "JUMPED": set()}
        self.planted["INSEE_POSTCODE"] = set()
        self._is_corrected = is_corrected
        self._book = Workbook()
        self._sheet = self._book.active
        self._line = 0
        self._write(list(COLUMNS))
        for rank in range(1, count + 1):
            self._add(rank)
        if not is_corrected:
            self._write(["", "TOTAL", "", *[""] * 5, 45 * count])
            self.bad_lines.add(self._line)
        self._book.create_sheet("Légende")["A1"] = "Export du logiciel imaginaire"

    def content(self) -> bytes:
        stream = BytesIO()
        self._book.save(stream)
        return stream.getvalue()

    def _write(self, cells: list) -> None:
        self._line += 1
        for column, value in enumerate(cells, start=1):
            if value not in (None, ""):
                cell = self._sheet.cell(self._line, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"

    def _add(self, rank: int) -> None:
        if rank % 250 == 0:
            self._write([])  # between two pages of the editor
            self._write(list(COLUMNS))
        held, years = self._condominium(rank)
        key = held["registration_number"]
        self.truth[key] = {
            **held,
            "fiscal_years": {year["fiscal_year_ids/end_date"]: year for year in years},
        }
        is_bad = rank % EVERY["bad"] == 0
        if is_bad:
            self.bad_lines.add(self._line + 1)
        for at, year in enumerate(years):
            told = {**held, **year} if at == 0 else year
            self._write(self._cells(rank, told, is_bad and at == rank % 2))

    def _cells(self, rank: int, told: dict, is_bad: bool) -> list:
        typed = {
            field: self._typed(told[field], kind)
            for field, kind in COLUMNS.values()
            if field in told
        }
        if is_bad:
            field, value = self._bad(rank, told)
            if not self._is_corrected:
                typed[field] = value
        cells = [typed.get(field, "") for field, _kind in COLUMNS.values()]
        if "name" in told:
            cells[2] = f"{rank:05d}"
        return cells

    def _bad(self, rank: int, told: dict) -> tuple[str, str]:
        kinds = [(field, kind) for field, kind in COLUMNS.values() if kind in BAD and field in told]
        field, kind = kinds[rank // EVERY["bad"] % len(kinds)]
        return field, BAD[kind][rank // EVERY["bad"] % len(BAD[kind])]

    # -- what is true --------------------------------------------------------------

    def _condominium(self, rank: int) -> tuple[dict, list[dict]]:
        draw = self._random
        postcode, city, insee = TOWNS[rank % len(TOWNS)]
        key, lots = f"ZZ{rank:07d}", draw.randint(4, 90)
        if rank % EVERY["place"] == 0:
            insee = "59350"
            self.planted["INSEE_POSTCODE"].add(key)
        start = date(2026, 1, 1) + timedelta(draw.randint(0, 200))
        held = {
            "registration_number": key,
            "name": f"Résidence {draw.choice('ÀÉŒ')}lysée ; bât. {rank}",
            "street": f"{rank} rue de l’Œuvre",
            "zip": postcode,
            "city": city,
            "insee_code": insee,
            "lot_count": lots,
            "main_lot_count": lots // 2 + 1,
            "bylaws_date": date(1972, 4, 18) + timedelta(draw.randint(0, 9000)),
            "is_cooperative": draw.random() < 0.1,
            "mandate_ids/start_date": start,
            "mandate_ids/end_date": start + timedelta(364),
        }
        return held, self._years(rank, key, lots // 2 + 1)

    def _years(self, rank: int, key: str, lots: int) -> list[dict]:
        charges = round(lots * self._random.uniform(600, 3000), 2)
        late = [self._year(year, charges * growth) for year, growth in ((2024, 1), (2025, 1.05))]
        if rank % EVERY["day"] == 0:
            late[1]["fiscal_year_ids/end_date"] -= timedelta(1)
            self.planted["FISCAL_YEAR_DAY"].add(key)
        if rank % EVERY["times"] == 0:
            for field in late[1]:
                if field.endswith(("charges", "debts", "amount", "fund")):
                    late[1][field] = round(late[1][field] * 100, 2)
            self.planted["JUMPED"].add(key)
        return late

    def _year(self, year: int, charges: float) -> dict:
        return {
            "fiscal_year_ids/start_date": date(year, 1, 1),
            "fiscal_year_ids/end_date": date(year, 12, 31),
            "fiscal_year_ids/meeting_date": date(year + 1, 4, 15),
            "fiscal_year_ids/current_charges": round(charges, 2),
            "fiscal_year_ids/works_charges": round(charges / 9, 2),
            "fiscal_year_ids/supplier_debts": round(charges / 21, 2),
            "fiscal_year_ids/unpaid_amount": round(charges / 13, 2),
            "fiscal_year_ids/debtor_count": 2,
            "fiscal_year_ids/works_fund": round(charges / 20, 2),
            "fiscal_year_ids/has_staff": False,
        }

    # -- how it is typed -----------------------------------------------------------

    def _typed(self, value, kind: str):
        return self._random.choice(getattr(self, f"_as_{kind}")(value))

    def _as_text(self, value):
        return [value, f" {value} ", value.replace(" ", "\u00a0", 1), value.replace(" ", "\n", 1)]

    def _as_number(self, value):
        return [
            value,
            value.lower(),
            f"{value[:2]} {value[2:]}",
            f"{value[:2]}-{value[2:5]}-{value[5:]}",
        ]

    def _as_code(self, value):
        return [value, f"{value} ", *([int(value), float(value)] if value.isdigit() else [])]

    def _as_count(self, value):
        return [value, float(value), str(value), f"{value},0"]

    def _as_flag(self, value):
        return ["Oui", "O", "VRAI", "1", True] if value else ["Non", "N", "faux", "0", False]

    def _as_day(self, value):
        written = f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        return [
            *(value, datetime(value.year, value.month, value.day), f"{value:%d/%m/%Y}"),
            *(f"{value:%d.%m.%Y}", f"{value:%Y-%m-%d}", written, f"{value:%d/%m/%Y} 00:00:00"),
        ]

    def _as_amount(self, value):
        units, cents = f"{value:.2f}".split(".")
        grouped = f"{int(units):,}"
        return [
            *(value, f"{units},{cents}", f"{units}.{cents}", f"{units},{cents} €"),
            *(f"{grouped.replace(',', mark)},{cents}" for mark in " \u00a0\u202f"),
            f"{grouped.replace(',', '.')},{cents} €",
        ]
