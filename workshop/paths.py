"""Where things are.

``CACHE`` holds what several checkouts share (Odoo's source, virtual environments);
``VAR``, in the checkout and ignored by git, holds what belongs to this one.
"""

import hashlib
import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = CHECKOUT / "copro_registry"
# Tests that start everything keep apart from the demo of the same checkout.
VAR = Path(os.environ.get("COPRO_REGISTRY_VAR") or CHECKOUT / "var").resolve()
# The interpreter of an environment where the addon is installed: then not the checkout's.
INSTALLED = os.environ.get("COPRO_REGISTRY_INSTALLED")
IS_ROOT = os.geteuid() == 0


def cache() -> Path:
    chosen = os.environ.get("COPRO_REGISTRY_CACHE")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if IS_ROOT:
        return Path("/var/cache/copro_registry")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "copro_registry"


def checkout_key() -> str:
    """A short name for this checkout, for what cannot live inside it."""
    return hashlib.sha256(str(VAR).encode()).hexdigest()[:10]
