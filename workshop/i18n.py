"""``bin/i18n``: the addon's terms into its .pot, and its .pot into each .po."""

import subprocess

from . import console, database, instance, paths
from .console import Stop, step

DATABASE = "copro_demo"
FOLDER = paths.ADDON / "i18n"
TEMPLATE = FOLDER / f"{paths.ADDON.name}.pot"


def main(_arguments: list[str]) -> int:
    prepared = instance.prepare("demo", database=DATABASE)
    database.prepare(prepared, demo=True)
    step("Exporting the terms")
    database.odoo(
        prepared,
        *("i18n", "export", "-l", "pot", "-o", str(TEMPLATE), paths.ADDON.name),
        flags=("-d", DATABASE),
    )
    catalogues = [str(path) for path in sorted(FOLDER.glob("*.po"))]
    script = paths.CHECKOUT / "workshop" / "merge_terms.py"
    result = subprocess.run([str(prepared.python), str(script), str(TEMPLATE), *catalogues])
    if result.returncode:
        raise Stop("terms are not translated", f"complete them in {FOLDER}")
    return 0


if __name__ == "__main__":
    console.run(main)
