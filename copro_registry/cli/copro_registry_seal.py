"""``odoo copro_registry_seal``: the sealing key of private keys, checked and changed."""

import getpass
import sys
from contextlib import contextmanager
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config


class CoproRegistrySeal(Command):
    """Check the seals of the private keys, or seal them again under a new key."""

    name = "copro_registry_seal"
    description = """
        The private keys of client certificates are sealed with a key that lives outside
        the database: the variable COPRO_REGISTRY_SEALING_KEY, or a file in the data folder.

            check   tells which private keys can be opened here
            rotate  makes a new sealing key and seals every private key again with it

        When the key is in the variable, put the new one before the old one there, then rotate.
        Give every database that shares the sealing key: -d one,two. Once all are rotated,
        --drop-old takes the old keys out of the file. They are kept beside it, in
        copro_registry.sealing.key.old: a database that was not given, and the backups made
        before, need them. Delete that file when nothing does.
    """
    epilog = "Other options (-c, --data-dir, --db_host...) are those of the server."

    def run(self, arguments):
        self.parser.add_argument("action", choices=("check", "rotate"))
        self.parser.add_argument(
            "--drop-old",
            action="store_true",
            help="rotate, then put the old keys of the file aside",
        )
        options, others = self.parser.parse_known_args(arguments)
        config.parse_config(others, setup_logging=True)
        if not config["db_name"]:
            self.parser.error("give the databases: -d one,two")
        sys.exit(self._act(options))

    def _act(self, options):
        """The exit code: 1 when a private key stays closed."""
        # Odoo loads its commands outside of their addons, and before any addon.
        # pylint: disable-next=odoo-addons-relative-import
        from odoo.addons.copro_registry.rnc import seal

        try:
            return self._treat(seal, options)
        except (seal.SealingKeyError, UserError) as error:
            self._say(str(error))
            return 1

    def _treat(self, seal, options):
        folder = Path(config["data_dir"])
        rotating = options.action == "rotate"
        if rotating and not seal.is_in_environment():
            seal.add_key(folder)
        closed = sum(self._database(name, rotating) for name in config["db_name"])
        if rotating and options.drop_old and not seal.is_in_environment():
            closed = closed or self._rotate_the_late()
            if not closed:
                self._say(f"{seal.drop_old_keys(folder)} old key(s) put aside in {seal.OLD}")
        return 1 if closed else 0

    def _rotate_the_late(self):
        """What a worker sealed during the rotation, with the keys that it had read before."""
        closed = 0
        for name in config["db_name"]:
            with self._sealed_of(name) as sealed:
                late = sealed._count_under_old_keys()
            closed += self._database(name, True) if late else 0
        return closed

    @contextmanager
    def _sealed_of(self, name):
        with Registry(name).cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})["copro.sealed.mixin"]

    def _database(self, name, rotating):
        """Treat one database; returns how many private keys stay closed."""
        with self._sealed_of(name) as sealed:
            if rotating:
                done, closed = sealed._rotate_all(getpass.getuser())
            else:
                done, closed = sealed._check_all()
        verb = "sealed again" if rotating else "can be opened"
        self._say(f"{name}: {done} private key(s) {verb}, {len(closed)} stay closed")
        for line in closed:
            self._say(f"  {line}: put its sealing key back, or import the certificate again")
        return len(closed)

    def _say(self, text):
        sys.stdout.write(f"{text}\n")
