"""What the import screen calls, timed; run in Odoo's shell. Nothing is kept."""

import json
import os
import time
from collections import Counter

from bench.import_book import COLUMNS, Book
from bench.list_job import user_of

COUNT = int(os.environ["COPRO_REGISTRY_COUNT"])
PART = 2000  # lines of a call, as the screen proposes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What the web client proposes before the server has looked at the file.
PROPOSED = {
    **{"has_headers": True, "advanced": True, "keep_matches": False, "limit": PART, "skip": 0},
    **{"encoding": "", "separator": "", "quoting": '"', "sheet": ""},
    **{"date_format": "", "datetime_format": ""},
    **{"float_thousand_separator": ",", "float_decimal_separator": "."},
}


class Screen:
    """One file, opened once."""

    def __init__(self, env, content):
        self.longest = 0.0
        values = {"res_model": "copro.condominium", "file": content, "file_type": XLSX}
        self._wizard = env["base_import.import"].create({**values, "file_name": "export.xlsx"})
        self.preview = self._timed(self._wizard.parse_preview, dict(PROPOSED), 10)
        self.preview_seconds = self.last
        self._headers = [title.strip() for title in self.preview["headers"]]
        by_title = {title.strip(): field for title, (field, _kind) in COLUMNS.items()}
        self._fields = [by_title[title] or False for title in self._headers]

    def run(self, dryrun):
        """(ids, messages, seconds) of all parts."""
        ids, messages, seconds, skip = [], [], 0.0, 0
        while True:
            options = {**self.preview["options"], "limit": PART, "skip": skip}
            call = (self._fields, self._headers, options, dryrun)
            result = self._timed(self._wizard.execute_import, *call)
            # The screen's calls are transactions: nothing is remembered from one to the next.
            self._wizard.env.flush_all()
            self._wizard.env.invalidate_all()
            ids += result["ids"] or []
            messages += result["messages"]
            seconds += self.last
            skip = result["nextrow"]
            if not skip:
                return ids, messages, seconds

    def _timed(self, call, *arguments):
        started = time.perf_counter()
        result = call(*arguments)
        self.last = time.perf_counter() - started
        self.longest = max(self.longest, self.last)
        return result


def differences(records, truth):
    """(number of values compared, [what is not as the book says])."""
    compared, wrong = 0, []
    for record in records:
        told = dict(truth[record.registration_number])
        pairs = [(record, {n: v for n, v in told.items() if "/" not in n and n != "fiscal_years"})]
        mandate = {n.split("/")[1]: v for n, v in told.items() if n.startswith("mandate_ids/")}
        pairs.append((record.mandate_ids, mandate))
        for one in record.fiscal_year_ids:
            year = told["fiscal_years"].get(one.end_date, {"fiscal_year_ids/end_date": None})
            pairs.append((one, {n.split("/")[1]: v for n, v in year.items()}))
        if len(record.fiscal_year_ids) != len(told["fiscal_years"]) or len(record.mandate_ids) != 1:
            wrong.append(f"{record.registration_number}: lines")
        for line, values in pairs:
            compared += len(values)
            wrong += [
                f"{line}.{n}: {line[n]!r}, not {v!r}" for n, v in values.items() if line[n] != v
            ]
    return compared, wrong


def contacts(env, count):
    """Odoo's own import of as many records."""
    columns = ["name", "street", "zip", "city", "email", "phone", "vat", "comment"]
    rows = [
        [
            f"Contact {n}",
            f"{n} rue A",
            "35000",
            "Rennes",
            f"{n}@fictif.example",
            "0100000000",
            "",
            "x",
        ]
        for n in range(count)
    ]
    started = time.perf_counter()
    for start in range(0, count, PART):
        result = env["res.partner"].load(columns, rows[start : start + PART])
        assert result["ids"], result["messages"][:3]
    return time.perf_counter() - started


def measure(env):
    book, mended = (Book(COUNT, is_corrected) for is_corrected in (False, True))
    content = mended.content()
    tried, screen = Screen(env, book.content()), Screen(env, content)
    _ids, messages, tested = tried.run(dryrun=True)
    told = {message["record"] for message in messages if "rows" in message}
    ids, refused, seconds = screen.run(dryrun=False)
    again = Screen(env, content)
    same, refused_again, once_more = again.run(dryrun=False)
    env.flush_all()
    env.invalidate_all()
    records = env["copro.condominium"].browse(ids)
    compared, wrong = differences(records, mended.truth)
    wrong += [m["message"] for m in [*refused, *refused_again]]
    wrong += [] if sorted(ids) == sorted(same) and len(set(ids)) == COUNT else ["twins"]
    wrong += [f"line {line}: not told" for line in book.bad_lines - told]
    wrong += [f"line {line}: told, and right" for line in told - book.bad_lines]
    wrong += surprises(records, mended.planted)
    made = COUNT * 4
    return {
        **{"count": COUNT, "lines": 2 * COUNT, "size": len(content), "part": PART},
        "preview": {"seconds": screen.preview_seconds, "records": 0},
        "test": {"seconds": tested, "records": made},
        "import": {"seconds": seconds, "records": made},
        "again": {"seconds": once_more, "records": made},
        "contacts": {"seconds": contacts(env, made), "records": made},
        "longest": max(one.longest for one in (tried, screen, again)),
        **{"planted": len(book.bad_lines), "told": len(told)},
        **{"compared": compared, "wrong": len(wrong), "examples": wrong[:10]},
        "findings": Counter(
            found["code"] for one in records for found in one.stored_findings or []
        ),
    }


def surprises(records, planted):
    """What the generator planted and no finding tells, and the reverse."""
    wrong = []
    for code, wanted in planted.items():
        found = {
            one.registration_number
            for one in records
            if code in {finding["code"] for finding in one.stored_findings or []}
        }
        wrong += [f"{code}: {key}" for key in sorted(wanted ^ found)]
    return wrong


if "env" in globals():  # in Odoo's shell
    env["res.lang"]._activate_lang("fr_FR")  # noqa: F821
    company = env.ref("base.main_company")  # noqa: F821
    user = user_of(env, company)  # noqa: F821
    user.group_ids += env.ref("base.group_partner_manager")  # noqa: F821
    own = env(user=user, context={"lang": "fr_FR", "allowed_company_ids": company.ids})  # noqa: F821
    result = measure(own)
    env.cr.rollback()  # noqa: F821
    print(json.dumps(result))
