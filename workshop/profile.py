"""``bin/profile``: its own command line, in the project's environment."""

import os

from . import console, odoo_source, paths, venv


def main(arguments: list[str]) -> int:
    python = str(venv.python(odoo_source.find()))
    folders = [str(paths.ADDON), str(paths.CHECKOUT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    command = [python, "-m", "workshop.profile_command", *arguments]
    os.execve(python, command, environment)


if __name__ == "__main__":
    console.run(main)
