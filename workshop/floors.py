"""The oldest packages that the addon runs on: those of the systems that Odoo 19 declares."""

import sys

from .console import Stop

NEWEST_PYTHON = {"debian-12": (3, 11)}  # later ones have no wheel of its lxml
FLOORS = {
    "debian-12": {
        "cryptography": "38.0.4",
        "jsonschema": "4.10.3",
        "lxml": "4.9.2",
        "python-stdnum": "1.18",
        "requests": "2.28.1",
        "urllib3": "1.26.12",
        "xlsxwriter": "3.0.2",
    },
    "ubuntu-24.04": {
        "cryptography": "41.0.7",
        "jsonschema": "4.10.3",
        "lxml": "5.2.1",
        "python-stdnum": "1.19",
        "requests": "2.31.0",
        "urllib3": "2.0.7",
        "xlsxwriter": "3.1.9",
    },
}


def pins(name: str) -> list[str]:
    """What pip is asked for. Raises Stop."""
    if name not in FLOORS:
        raise Stop(f"no floor is called {name}", f"one of: {', '.join(FLOORS)}")
    newest = NEWEST_PYTHON.get(name, sys.version_info[:2])
    if sys.version_info[:2] > newest:
        version = ".".join(map(str, newest))
        raise Stop(
            f"the packages of {name} need Python {version} or an older one",
            f"PYTHON=/path/to/python{version} ./bin/test --floor {name}",
        )
    return [f"{package}=={version}" for package, version in FLOORS[name].items()]
