"""Merge a .pot into .po files; run by ``bin/i18n`` in the project's environment.

Exit code 1, after a list, when a term has no translation.
"""

import sys

import polib


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
    catalogue.save()
    return [f"{path}: {entry.msgid}" for entry in catalogue.untranslated_entries()]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
