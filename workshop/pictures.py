"""The pictures of the documentation, taken anew from those of the browser tests.

Run after ``bin/test``: what the guides show is what the tests have seen.
"""

import os
import shutil
from pathlib import Path

from . import console, paths
from .console import Stop, say

TAKEN = Path(os.environ.get("COPRO_REGISTRY_SCREENSHOTS") or paths.CHECKOUT / "var" / "screenshots")
GUIDES = paths.CHECKOUT / "docs" / "pictures"
ADDON = paths.CHECKOUT / "copro_registry" / "static" / "description"
PICTURES = {
    GUIDES / "batch-running-wide.png": "batch-running-wide.png",
    GUIDES / "condominium-registered.png": "condominium-registered.png",
    GUIDES / "parameters.png": "parameters.png",
    GUIDES / "today.png": "today-wide.png",
    ADDON / "condominium.png": "condominium-registered.png",
    ADDON / "findings.png": "findings-wide.png",
    ADDON / "parameters.png": "parameters.png",
    ADDON / "uploads.png": "uploads.png",
}


def main(_arguments: list[str]) -> int:
    missing = sorted({name for name in PICTURES.values() if not (TAKEN / name).exists()})
    if missing:
        raise Stop(f"not taken yet: {', '.join(missing)}", "run ./bin/test tests/end_to_end first")
    for target, name in PICTURES.items():
        shutil.copyfile(TAKEN / name, target)
        say(f"  {target.relative_to(paths.CHECKOUT)}")
    return 0


if __name__ == "__main__":
    console.run(main)
