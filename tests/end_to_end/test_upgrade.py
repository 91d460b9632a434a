"""A database of each published version goes on with the present one.

With ``COPRO_REGISTRY_CONDOMINIUMS=10000`` it is one of a large portfolio; the time of the
update is printed.
"""

import io
import json
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from workshop.venv import site_packages

from .conftest import CHECKOUT, Demo, environment_with_odoo

PUBLISHED = {
    "19.0.1.0.0": "3a59e03",
    "19.0.1.1.0": "f0f52bc",
    "19.0.1.2.0": "88e76d9",
    "19.0.1.3.0": "aa67dd1",
}
FILL = Path(__file__).with_name("upgrade_fill_job.py")
READ = Path(__file__).with_name("upgrade_read_job.py")
SCHEMA = Path(__file__).with_name("upgrade_schema_job.py")
TODAYS_STATES = {"accepted": "received", "registered": "accepted"}
TODAYS_AFFILIATIONS = {"attached": "affiliated", "detached": "unaffiliated"}
PROOF = "An upload is the proof: it is never changed nor deleted."


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An Odoo whose only copy of the addon can be replaced."""
    folder = tmp_path_factory.mktemp("upgrade")
    interpreter = environment_with_odoo(folder / "environment")
    demo = Demo(folder / "var", installed=interpreter)
    yield demo, site_packages(interpreter) / "odoo" / "addons"
    demo.stop_postgres()


@pytest.fixture(scope="module", params=PUBLISHED)
def upgraded(office, request):
    """(what was in a database of a published version, what the present one finds, its schema)."""
    demo, addons = office
    database = f"copro_{request.param.replace('.', '_')}"
    published_version(addons, PUBLISHED[request.param])
    install(demo, database)
    [before] = run(demo, database, "shell", jobs=(FILL,))
    present_version(addons)
    start = time.monotonic()
    run(demo, database, "-u", "copro_registry", "--stop-after-init")
    count = len(before["condominiums"])
    print(f"{request.param}: {count} condominiums in {time.monotonic() - start:.0f} s")
    schema, after = run(demo, database, "shell", jobs=(SCHEMA, READ))
    return before, after, schema


@pytest.fixture(scope="module")
def new_schema(office):
    """The schema of a new database of the present version."""
    demo, addons = office
    present_version(addons)
    install(demo, "copro_new")
    [schema] = run(demo, "copro_new", "shell", jobs=(SCHEMA,))
    return schema


def published_version(addons: Path, commit: str) -> None:
    command = ["git", "archive", commit, "copro_registry"]
    archive = subprocess.run(command, cwd=CHECKOUT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"the published version ({commit}) is not in this clone's history")
    shutil.rmtree(addons / "copro_registry", ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(addons, filter="data")


def present_version(addons: Path) -> None:
    shutil.rmtree(addons / "copro_registry", ignore_errors=True)
    shutil.copytree(CHECKOUT / "copro_registry", addons / "copro_registry")


def install(demo: Demo, database: str) -> None:
    demo.begin(database)
    demonstrated = ("--with-demo", "--load-language=fr_FR")
    run(demo, database, "-i", "copro_registry", *demonstrated, "--stop-after-init")


def run(demo: Demo, database: str, *arguments: str, jobs: tuple[Path, ...] = ()) -> list[dict]:
    """One Odoo command; what each of the jobs has told."""
    script = "\n".join(job.read_text() for job in jobs)
    done = demo.odoo(*arguments, "-d", database, "--no-http", "--log-level=warn", script=script)
    assert done.returncode == 0, done.stdout + done.stderr
    results = re.findall(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    assert len(results) == len(jobs), done.stdout + done.stderr
    return [json.loads(result) for result in results]


def translated(rows: list[list], column: int, words: dict[str, str]) -> list[list]:
    return [
        [*row[:column], words.get(row[column], row[column]), *row[column + 1 :]] for row in rows
    ]


def test_everything_is_kept(upgraded):
    before, after, _schema = upgraded
    for what in ("mandates", "fiscal_years", "profiles", "around_a_fiscal_year"):
        assert after[what] == before[what], what
    condominiums = translated(before["condominiums"], 3, TODAYS_AFFILIATIONS)
    assert after["condominiums"] == condominiums


def test_the_proof_is_kept_and_the_states_have_todays_words(upgraded):
    before, after, _schema = upgraded
    assert after["uploads"] == translated(before["uploads"], 2, TODAYS_STATES)
    assert after["calls"] == translated(before["calls"], 1, TODAYS_STATES)
    assert after["rewritten"] == [PROOF, PROOF]


def test_nothing_bears_a_former_name(upgraded, new_schema):
    _before, after, schema = upgraded
    assert after["left_behind"] == []
    assert after["former_names"] == []
    # A column whose field is stored no more stays, in Odoo.
    assert [column for column in new_schema["columns"] if column not in schema["columns"]] == []
    for what in new_schema.keys() - {"columns"}:
        assert schema[what] == new_schema[what], what


def test_what_people_made_still_serves(upgraded):
    before, after, _schema = upgraded
    assert after["favourites"] == {
        model.replace("exercise", "fiscal.year"): count
        for model, count in before["favourites"].items()
    }
    assert after["personal_defaults"] == before["personal_defaults"]
    uploads = "transmission_ids/registration_number"
    assert after["exports"] == ["name", "fiscal_year_ids/current_charges", uploads]
    assert after["mapping"] == "fiscal_year_ids/current_charges"
    assert after["is_customised"]


def test_the_work_goes_on(upgraded):
    before, after, _schema = upgraded
    assert after["unfit_profiles"] == []
    assert after["not_to_review"] == 0
    assert after["queued"][0] == "queued"
    assert "already" in after["queued"][1]
