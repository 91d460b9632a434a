"""Who represents the condominium: what a call about it needs beside its items."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from .finding import Finding, blocking


def _affiliation(dossier: dict[str, Any]) -> Iterator[Finding]:
    if not _part(dossier, "piece").get("piece_contenu"):
        yield blocking("DOCUMENT_MISSING", "piece", "Arrêté 10/10/2016 art. 4 II")


def _successor(dossier: dict[str, Any]) -> Iterator[Finding]:
    successor = _part(dossier, "successeur")
    if successor and not (successor.get("successeur_siret") or successor.get("successeur_email")):
        yield blocking("SUCCESSOR_UNKNOWN", "successeur", "CCH R711-4")


def _renewal(dossier: dict[str, Any]) -> Iterator[Finding]:
    if dossier.get("administration_provisoire") == "oui":
        yield blocking("ADMINISTRATION", "administration_provisoire")
    start = dossier.get("date_debut_mandat")
    previous = dossier.get("date_fin_mandat_precedent")
    if type(start) is date and type(previous) is date and start <= previous:
        yield blocking("MANDATE_OVERLAP", "date_debut_mandat", start=start, end=previous)


def _part(dossier: dict[str, Any], code: str) -> dict[str, Any]:
    value = dossier.get(code)
    return value if isinstance(value, dict) else {}


# The conditions of a change of mandate or of representative, by service.
CHECKS = {"WS4": _affiliation, "WS5": _successor, "WS6": _renewal}
