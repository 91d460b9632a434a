"""An adapter from its Python file, as Odoo would load it with its addon."""

import importlib
import runpy
import sys
import types
from pathlib import Path

from ..console import Stop

ADDON = "odoo.addons.copro_registry"


def load_adapter(path: Path) -> None:
    """Run the file: what it registers is then there. Raises Stop."""
    _alias()
    try:
        runpy.run_path(str(path))
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}") from None
    except Exception as error:
        raise Stop(f"{path.name} cannot be loaded: {type(error).__name__}: {error}") from None


def _alias() -> None:
    """The heart under the name by which an addon imports it, where Odoo is not."""
    if f"{ADDON}.rnc" in sys.modules:
        return
    for name in ("odoo", "odoo.addons", ADDON):
        sys.modules.setdefault(name, types.ModuleType(name)).__path__ = []
    for name in ("rnc", "rnc.contract", "rnc.contract.adapter", "rnc.transport"):
        sys.modules[f"odoo.addons.copro_registry.{name}"] = importlib.import_module(name)
