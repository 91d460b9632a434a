"""``bin/odoo``: any Odoo command with the project's configuration."""

import os

from . import console, instance

DATABASE = "copro_demo"


def main(arguments: list[str]) -> int:
    prepared = instance.prepare("demo", database=DATABASE)
    command = prepared.command(*arguments)
    os.execve(command[0], command, prepared.environment())


if __name__ == "__main__":
    console.run(main)
