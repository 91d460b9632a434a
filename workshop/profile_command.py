"""``bin/profile``: check a contract profile, make one, try it."""

import argparse
import sys
from datetime import date
from pathlib import Path

from rnc.codec import Invalid
from rnc.contract import ProfileError, load
from rnc.contract.samples import MEANINGS
from rnc.items import item
from rnc.profile_check import SERVICES, Understood, examples, problems, understood

from . import console
from .profiles.adapters import folder_of
from .profiles.commands import add_to

# What each meaning is called on the screen.
WORDS = dict(
    zip(
        MEANINGS,
        (
            *("reçu : le registre l'examine", "accepté", "refusé"),
            *("refusé : le certificat ou le compte", "jamais reçu", "sans réponse connue"),
        ),
        strict=True,
    )
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/profile", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check a folder, print example requests and answers")
    check.add_argument("folder", type=Path)
    check.add_argument("--service", metavar="WS", help="show only this one")
    check.add_argument("--on", type=date.fromisoformat, default=date.today(), help="YYYY-MM-DD")
    check.add_argument("--adapter", type=Path, metavar="FILE", help="Python that brings it")
    add_to(commands)
    options = parser.parse_args(arguments)
    if "run" in options:
        return options.run(options)
    folder = folder_of(options)
    found = problems(folder)
    if not found:
        known = load(folder).services
        if options.service not in (None, *known):
            parser.error(f"--service: {options.service!r} is none of {', '.join(known)}")
        found = _show(options)
    elif options.service not in (None, *SERVICES) and "STATUS_" not in options.service:
        parser.error(f"--service: {options.service!r} is none of {', '.join(SERVICES)}")
    for problem in found:
        print(f"Error: {problem}", file=sys.stderr)
    if found:
        print("Next step: see docs/en/contract-profile.md", file=sys.stderr)
    return 1 if found else 0


def _show(options) -> list[str]:
    """Print what is sent and read; what could not be shown."""
    profile = load(options.folder.resolve())
    try:
        shown = list(examples(profile, options.on))
        read = list(understood(profile))
    except (Invalid, ProfileError) as error:
        return [f"the example of {options.on}: {error}"]
    for example in shown:
        if options.service in (None, example.service):
            print(f"\n--- {example.service}\n{example.method} {example.url}")
            for name, value in example.headers.items():
                print(f"{name}: {value}")
            print(f"\n{example.body.decode('utf-8', 'replace')}" if example.body else "")
    for one in read:
        if options.service in (None, one.sample.service):
            print("\n".join(_told(profile, one)))
    fit = "fit for use" if read else "fit for its requests only: it has no samples of answers"
    print(f"\n{profile.name} {profile.contract_version} ({profile.status}): {fit}.")
    return []


def _told(profile, one: Understood) -> list[str]:
    """What was understood of a sample, in the words of a syndic."""
    lines = [f"\n--- {one.sample.name}: {WORDS[one.meaning]}"]
    answer = one.answer
    if not answer:
        return lines
    facts = {
        "numéro d'immatriculation": answer.registration_number,
        "référence du registre": answer.registry_reference,
        "date": answer.date,
        "attestation": answer.attestation and f"{len(answer.attestation)} octets",
        "copropriétés": ", ".join(answer.members),
    }
    lines += [f"  {name} : {value}" for name, value in facts.items() if value]
    for refusal in answer.refusals:
        label = item(refusal.item).label_fr if refusal.item else ""
        texts = {"item": label, "value": refusal.value or "", "detail": refusal.detail or ""}
        template = profile.error_sentence(refusal.code)
        said = template.format(**texts) if template else texts["detail"]
        lines.append(f"  motif {refusal.code or '(aucun)'} : {said}")
        lines += [f"    donnée : {label}"] if label else []
    for code, value in (answer.dossier or {}).items():
        lines.append(f"  {item(code).label_fr} : {_shown(value)}")
    return lines


def _shown(value) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{item(code).label_fr} {_shown(one)}" for code, one in value.items())
    if isinstance(value, list):
        return " ; ".join(map(_shown, value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


if __name__ == "__main__":
    console.run(main)
