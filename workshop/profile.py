"""``bin/profile``: the heart's own command line, in the project's environment."""

import os

from . import console, odoo_source, paths, venv


def main(arguments: list[str]) -> int:
    python = str(venv.python(odoo_source.find()))
    environment = {**os.environ, "PYTHONPATH": str(paths.ADDON)}
    command = [python, "-m", "registry.profile_command", *arguments]
    os.execve(python, command, environment)


if __name__ == "__main__":
    console.run(main)
