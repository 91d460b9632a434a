"""Everything that an Odoo needs before it starts."""

from collections.abc import Sequence
from pathlib import Path

from . import odoo_source, paths, postgres, venv
from .configuration import Instance
from .postgres import Cluster

PORT = 8069


def prepare(
    name: str, *, database: str | None = None, port: int = PORT, pins: Sequence[str] = ()
) -> Instance:
    """Source, packages, PostgreSQL and configuration, made when missing; see ``venv.python``."""
    odoo = odoo_source.find()
    packages = venv.python(odoo, pins)
    connection = postgres.existing()
    if connection is None:
        private = cluster(name, packages)
        private.start()
        connection = private.connection
    python = Path(paths.INSTALLED) if paths.INSTALLED else packages
    instance = Instance(name, odoo, python, connection, port, database)
    instance.write_configuration()
    return instance


def cluster(name: str, python: Path) -> Cluster:
    return Cluster(name, python, lasting=name != "test")


def stop_postgres(instance: Instance) -> None:
    """Stop the private cluster; an integrator's server is left alone."""
    if postgres.existing() is None:
        packages = venv.python(instance.odoo) if paths.INSTALLED else instance.python
        cluster(instance.name, packages).stop()
