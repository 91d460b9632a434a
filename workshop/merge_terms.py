"""Merge a .pot into .po files; run by ``bin/i18n`` in the project's environment.

Exit code 1, after a list, when a term has no translation.
"""

import csv
import sys
from functools import cache
from pathlib import Path

import polib

CATALOGUE = Path(__file__).resolve().parents[1] / "copro_registry" / "rnc" / "catalogue"


def main(template_path: str, *catalogue_paths: str) -> int:
    template = polib.pofile(template_path)
    # What changes at each export says nothing about the terms.
    for name in ("POT-Creation-Date", "PO-Revision-Date"):
        template.metadata.pop(name, None)
    template.save()
    missing = [line for path in catalogue_paths for line in merge(path, template)]
    print("\n".join(missing) or "Every term is translated.")
    return bool(missing)


def merge(path: str, template: polib.POFile) -> list[str]:
    catalogue = polib.pofile(path)
    catalogue.merge(template)
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    for entry in catalogue.untranslated_entries():
        entry.msgstr = of_the_catalogue().get(entry.msgid, "")
    catalogue.save()
    return [f"{path}: {entry.msgid}" for entry in catalogue.untranslated_entries()]


@cache
def of_the_catalogue() -> dict[str, str]:
    """{English: French} of the declared items and code lists: written once, there."""
    french = {}
    for name in ("items.csv", "nomenclatures.csv"):
        with (CATALOGUE / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                french[row["label_en"]] = row["label_fr"]
                law = row.get("law", "")
                french[law] = law
                helps = [row.get("help_en"), row.get("help_fr")]
                if all(helps):
                    english, ours = ("\n".join(filter(None, (text, law))) for text in helps)
                    french[english] = ours
    return french


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
