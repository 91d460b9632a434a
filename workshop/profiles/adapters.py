"""An adapter from its Python file, as Odoo would load it with its addon."""

import importlib
import runpy
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..console import Stop

ADDON = "odoo.addons.copro_registry"
HEART = ("rnc", "rnc.contract", "rnc.contract.adapter", "rnc.transport")


def folder_of(options) -> Path:
    """The folder of the profile that was given, its adapter loaded. Raises Stop."""
    if not options.folder.is_dir():
        raise Stop(f"{options.folder} is no folder", "give that of a profile")
    if options.adapter:
        load_adapter(options.adapter)
    return options.folder.resolve()


def load_adapter(path: Path) -> None:
    """Run the file: what it registers is then there. Raises Stop."""
    try:
        with _heart_as_odoo_names_it():
            runpy.run_path(str(path))
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}") from None
    except Exception as error:
        raise Stop(f"{path.name} cannot be loaded: {type(error).__name__}: {error}") from None


@contextmanager
def _heart_as_odoo_names_it() -> Iterator[None]:
    """The heart under the name by which an addon imports it, where Odoo is not."""
    named = {name: types.ModuleType(name) for name in ("odoo", "odoo.addons", ADDON)}
    for module in named.values():
        module.__path__ = []
    named |= {f"{ADDON}.{name}": importlib.import_module(name) for name in HEART}
    before = {name: sys.modules.get(name) for name in named}
    sys.modules.update(named)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
