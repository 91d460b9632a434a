"""``bin/bench``: the measurements of ``bench/``, in the project's environment."""

import os

from . import console, odoo_source, paths, venv
from .console import Stop, say

FOLDER = paths.CHECKOUT / "bench"


def main(arguments: list[str]) -> int:
    known = {
        path.stem: path.read_text().partition('"""')[2].partition("\n")[0]
        for path in sorted(FOLDER.glob("*.py"))
        if "def main(" in path.read_text()
    }
    if not arguments or arguments[0] in ("-h", "--help"):
        say("usage: bin/bench NAME [--help]\n")
        for name, purpose in known.items():
            say(f"  {name:12} {purpose}")
        return 0
    if arguments[0] not in known:
        raise Stop(f"no measurement is called {arguments[0]}", f"one of: {', '.join(known)}")
    python = str(venv.python(odoo_source.find()))
    folders = [str(paths.CHECKOUT), str(paths.ADDON)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    os.execve(python, [python, "-m", f"bench.{arguments[0]}", *arguments[1:]], environment)


if __name__ == "__main__":
    console.run(main)
