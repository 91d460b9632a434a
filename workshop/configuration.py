"""Odoo's configuration, and the environment that runs it."""

import configparser
import os
from dataclasses import dataclass
from pathlib import Path

from . import paths
from .odoo_source import Odoo
from .postgres import Connection

# A server that restarts itself (SIGHUP, a time limit, prefork's gevent) runs the file that it
# was started from: ``-m odoo`` names one that does not run by itself.
LAUNCHER = """\
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


@dataclass(frozen=True)
class Instance:
    """One Odoo: its source, interpreter, database server and folders."""

    name: str
    odoo: Odoo
    python: Path
    connection: Connection
    port: int
    database: str | None = None

    @property
    def folder(self) -> Path:
        return paths.VAR / self.name

    @property
    def configuration(self) -> Path:
        return self.folder / "odoo.conf"

    @property
    def log(self) -> Path:
        return self.folder / "odoo.log"

    @property
    def data_folder(self) -> Path:
        return self.folder / "data"

    @property
    def launcher(self) -> Path:
        return self.folder / "bin" / "odoo-bin"

    def write_configuration(self) -> Path:
        """Write odoo.conf for its owner alone, and return its path; the launcher too."""
        self.data_folder.mkdir(parents=True, exist_ok=True)
        self.launcher.parent.mkdir(exist_ok=True)
        self.launcher.write_text(LAUNCHER)
        parser = configparser.ConfigParser(interpolation=None)
        parser["options"] = self._options()
        descriptor = os.open(self.configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            parser.write(stream)
        return self.configuration

    def command(self, *arguments: str) -> list[str]:
        return [str(self.python), str(self.launcher), *arguments]

    def environment(self, **extra: str) -> dict[str, str]:
        folders = [str(self.odoo.python_path), str(paths.CHECKOUT)]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(folders),
            # An Odoo that restarts itself names its interpreter without its folder: it is then
            # this one that must be found, with its packages.
            "PATH": os.pathsep.join([str(self.python.parent), os.environ.get("PATH", "")]),
            "ODOO_RC": str(self.configuration),
            "PYTHONUNBUFFERED": "1",
            **extra,
        }

    def _options(self) -> dict[str, str]:
        # An installed addon is found where Python finds it.
        ours = [] if paths.INSTALLED else [paths.CHECKOUT]
        addons = [*self.odoo.addons, *ours]
        options = {
            "addons_path": ",".join(str(path) for path in addons),
            "data_dir": str(self.data_folder),
            "db_host": self.connection.host,
            "db_port": str(self.connection.port),
            "db_user": self.connection.user,
            "http_interface": "127.0.0.1",
            "http_port": str(self.port),
            "list_db": "False",
            "workers": "0",
            "max_cron_threads": "1",
            "admin_passwd": os.urandom(24).hex(),
        }
        if self.connection.password:
            options["db_password"] = self.connection.password
        if self.database:
            options["db_name"] = self.database
            options["dbfilter"] = f"^{self.database}$"
        return options
