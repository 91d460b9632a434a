"""``bin/profile``: check a contract profile, make one, try it."""

import argparse
import sys
from datetime import date
from pathlib import Path

from rnc.contract import load
from rnc.profile_check import SERVICES, examples, problems

from . import console
from .profiles.commands import add_to


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/profile", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check a folder, print example requests")
    check.add_argument("folder", type=Path)
    check.add_argument("--service", choices=SERVICES, metavar="WS", help="show only this one")
    check.add_argument("--on", type=date.fromisoformat, default=date.today(), help="YYYY-MM-DD")
    check.set_defaults(run=_check)
    add_to(commands)
    options = parser.parse_args(arguments)
    return options.run(options)


def _check(options) -> int:
    if not options.folder.is_dir():
        raise console.Stop(f"{options.folder} is no folder", "give that of a profile")
    found = problems(options.folder.resolve())
    for problem in found:
        print(f"Error: {problem}", file=sys.stderr)
    if found:
        print("Next step: see docs/en/contract-profile.md", file=sys.stderr)
        return 1
    _show(options)
    return 0


def _show(options) -> None:
    profile = load(options.folder.resolve())
    for example in examples(profile, options.on):
        if options.service in (None, example.service):
            print(f"\n--- {example.service}\n{example.method} {example.url}")
            for name, value in example.headers.items():
                print(f"{name}: {value}")
            print(f"\n{example.body.decode('utf-8')}" if example.body else "")
    print(f"{profile.name} {profile.contract_version} ({profile.status}): fit for use.")


if __name__ == "__main__":
    console.run(main)
