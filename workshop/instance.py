"""Everything that an Odoo needs before it starts."""

from . import odoo_source, postgres, venv
from .configuration import Instance
from .postgres import Cluster

PORT = 8069


def prepare(name: str, *, database: str | None = None, port: int = PORT) -> Instance:
    """Source, packages, PostgreSQL and configuration, made when missing."""
    odoo = odoo_source.find()
    python = venv.python(odoo)
    connection = postgres.existing()
    if connection is None:
        private = cluster(name, python)
        private.start()
        connection = private.connection
    instance = Instance(name, odoo, python, connection, port, database)
    instance.write_configuration()
    return instance


def cluster(name: str, python) -> Cluster:
    return Cluster(name, python, lasting=name != "test")


def stop_postgres(instance: Instance) -> None:
    """Stop the private cluster; an integrator's server is left alone."""
    if postgres.existing() is None:
        cluster(instance.name, instance.python).stop()
