"""The commands of ``bin/profile`` that write and try profiles."""

import argparse
from pathlib import Path

from rnc.profile_check import problems

from ..console import Stop, say
from .trial import command as trial


def add_to(commands: argparse._SubParsersAction) -> None:
    """Each command knows what it runs: ``options.run``."""
    new = commands.add_parser("new", help="write a whole profile from the catalogue")
    new.add_argument("name", metavar="NAME", help="of the folder to make, and of the profile")
    form = new.add_mutually_exclusive_group()
    form.add_argument("--json", dest="codec", action="store_const", const="json")
    form.add_argument("--xml", dest="codec", action="store_const", const="xml")
    new.set_defaults(run=_new, codec="json")
    openapi = commands.add_parser("from-openapi", help="propose one from an OpenAPI 3 description")
    openapi.add_argument("file", type=Path, metavar="FILE")
    openapi.add_argument("--name", help="of the folder to make; that of the file by default")
    openapi.set_defaults(run=_from_openapi)
    trial.add_to(commands)


def _new(options) -> int:
    from .new import write_new

    folder = _folder(options.name)
    written = write_new(folder, options.codec)
    found = problems(folder)
    for problem in found:
        say(f"Error: {problem}")
    say(f"{folder}: {len(written)} files, {_lines(written)} lines.")
    if not found:
        say(f"Next step: docs/en/an-afternoon.md, then ./bin/profile check {folder}")
    return 1 if found else 0


def _from_openapi(options) -> int:
    from .openapi.notes import notes, write_proposal
    from .openapi.propose import Proposer
    from .openapi.reading import faults, read_description

    content = read_description(options.file)
    folder = _folder(options.name or options.file.stem)
    if folder.exists():
        raise Stop(f"{folder} exists already", "say another --name, or remove it")
    made = Proposer(content, folder.name).proposal()
    told = faults(content)
    write_proposal(folder, made, notes(made, content, told, options.file.name))
    say(f"Services: {len(made.found)} recognised, {', '.join(sorted(made.found))}.")
    say(f"Items: {len(made.sure)} named, {len(made.named.open)} to decide.")
    for one in made.left:
        say(f"  ? {one}")
    say(f"{folder}: written; NOTES.md says how sure each guess is.")
    say(f"Next step: decide what begins with ?, then ./bin/profile check {folder}")
    return 0


def _folder(name: str) -> Path:
    folder = Path(name).resolve()
    if "@" in folder.name or not folder.name[:1].isalnum():
        raise Stop(f"{folder.name} is no name of a profile", "begin with a letter, and use no @")
    return folder


def _lines(files: list[Path]) -> int:
    return sum(path.read_bytes().count(b"\n") for path in files)
