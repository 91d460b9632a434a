"""What stands around the services: the servers, and what is said of all answers."""

import re
from collections.abc import Iterable
from typing import Any

from .parameters import OPEN
from .words import plain_text

OF_EACH = ("by_status", "body", "dossier")  # of an answer: never said for all services
IS_TEST = r"test|recette|prp|preprod|sandbox|staging|qualif|\buat\b|dev"


def environments(servers: Any, left: list[str]) -> dict[str, dict[str, str]]:
    """Those of the servers of a description; what cannot be used is told in ``left``."""
    found: dict[str, dict[str, str]] = {}
    for server in servers if isinstance(servers, list) else []:
        url, told = _address(server), plain_text(str(server))
        if not url.startswith("https://"):
            left.append(f"servers: {url or server} is no https address: left out")
            continue
        is_test = re.search(IS_TEST, told) or ("test" not in found and "prod" not in told)
        kind = "test" if is_test else "production"
        found.setdefault(kind, {"url": url if url.endswith("/") else f"{url}/"})
    if not found:
        left.append("servers: no address is given")
        found["test"] = {"url": OPEN}
    return found


def _address(server: Any) -> str:
    """With the defaults of its variables."""
    url = str(server.get("url", "")) if isinstance(server, dict) else ""
    variables = server.get("variables") if isinstance(server, dict) else None
    for name, told in variables.items() if isinstance(variables, dict) else ():
        default = told.get("default", "") if isinstance(told, dict) else ""
        url = url.replace(f"{{{name}}}", str(default))
    return url


def usual_answers(told: dict[str, dict], services: dict[str, dict]) -> dict[str, Any]:
    """What most services say of their answers; the others keep theirs."""
    kinds = {c: one for c, one in told.items() if c not in ("LIST", "ATTESTATION", "DOCUMENT")}
    shared = _most(kinds.values())
    by_status = _most(one.get("by_status", {}) for one in kinds.values())
    usual = by_status.get("4xx")
    by_status = {s: v for s, v in by_status.items() if s == "4xx" or s[0] != "4" or v != usual}
    for code, one in told.items():
        own = {k: v for k, v in one.items() if k != "by_status" and shared.get(k) != v}
        said = one.get("by_status", {}).items()
        apart = {s: v for s, v in said if v not in (by_status.get(s), usual)}
        own |= {"by_status": apart} if apart else {}
        if own:
            services[code]["answer"] = own
    return {**shared, "by_status": by_status} if by_status else shared


def _most(said: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What most of them say, key by key."""
    every = list(said)
    found = {}
    for key in dict.fromkeys(key for one in every for key in one if key not in OF_EACH):
        values = [one[key] for one in every if key in one]
        found[key] = max(values, key=values.count)
    return found
