"""Odoo as a script: its prefork server starts itself again by the script's path."""

from odoo.cli.command import main

main()
