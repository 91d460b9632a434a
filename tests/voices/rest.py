"""Declarants who speak one contract each, written by hand: not with the client, nor as the
simulator does.

``RestVoice`` writes what the documentation shows of ``rest-1.0``, ``SoapVoice`` what it shows
of ``soap-1.0``; only the names of the items are read in the profile.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote, urlencode

from simulator.profile import Profile

from .line import Came, Line, Reason, Said, Understood

STEP = re.compile(r"([^\[]+)(?:\[(@?\w+)='(\w+)'\])?")


@dataclass
class Voice:
    """What both have in common: who calls, and which items a service takes."""

    line: Line
    profile: Profile
    number: str
    email: str

    def items(self, service: str, dossier: dict, *but: str):
        """(code, path from the dossier, value) of each scalar in effect, in order."""
        name = service.partition("_")[0]
        flat = dict(_flat(dossier))
        but = (*but, "numero_teledeclarant", "email_teledeclarant")  # in headers
        for code, item in self.profile.item.items():
            taken = name in item.services and item.group in self.groups(service)
            in_effect = item.in_effect(date.today().isoformat())
            if taken and in_effect and flat.get(code) is not None and code not in but:
                yield code, self.path(code), flat[code]

    def groups(self, service: str) -> list[str]:
        return self.profile.manifest["services"][service]["groups"]

    def path(self, code: str) -> str:
        item = self.profile.item[code]
        own = self.profile.names.get(code, code)
        if own.startswith("/"):
            return own[1:]
        names = self.profile.names
        above = self.path(item.parent) if item.parent else names.get(item.group, item.group)
        return "/".join(piece for piece in (above, own) if piece != ".")

    def _dossier(self, read) -> dict:
        """What WS3 brought: ``read(path)`` is a text or a scalar, or None."""
        found: dict = {}
        for code, item in self.profile.item.items():
            scalar = item.type not in ("list", "struct") and "WS3" in item.services
            value = read(self.path(code)) if scalar and item.group != "bati_2027" else None
            if value is not None:
                place = found.setdefault(item.parent, {}) if item.parent else found
                place[code] = self.value(code, value)
        return found

    def reasons(self, told: list[tuple]) -> list[Reason]:
        """[(code of the wire, item's path, detail)] in the names of the default profile."""
        codes = {self.path(code): code for code in self.profile.item}
        codes |= {self.profile.names.get(code, code): code for code in self.profile.item}
        found = []
        for code, path, detail in told:
            means = self.profile.errors.get(code, {})
            item = codes.get((path or "").removeprefix("#/"), means.get("item"))
            found.append(Reason(means.get("means", code), item, detail))
        return found


class RestVoice(Voice):
    """REST: paths, cents, parts, DELETE, problems."""

    def __init__(self, *who):
        super().__init__(*who)
        self.asked: dict[str, str] = {}  # our reference: where its state is asked
        self.sent: dict[str, tuple] = {}  # our reference: the message, to be repeated

    def call(self, method: str, path: str, headers: dict | None = None, body=None) -> Came:
        own = {"X-Declarant": self.number, "From": self.email}
        return self.line.call(method, path, {**own, **(headers or {})}, body)

    def send(self, service: str, dossier: dict, number: str, reference: str) -> Understood:
        path = f"/rest/v1/condominiums/{quote(number)}"
        headers = {"Idempotency-Key": reference}
        if service == "WS5":
            return self._understood(self.call("DELETE", self._leaving(path, dossier), headers))
        body = {"kind": "registration"} if service == "WS1" else {}
        for code, place, value in self.items(service, dossier, *PIECE):
            self._put(body, place, self.text(code, value))
        content, kind = json.dumps(body).encode(), "application/json"
        if service in ("WS4", "WS6"):
            content, kind = _parts(service, content, dossier.get("piece"))
        method, address = self._door(service, path, dossier)
        self.sent[reference] = (method, address, {**headers, "Content-Type": kind}, content)
        return self._sent(reference)

    def _sent(self, reference: str) -> Understood:
        came = self.call(*self.sent[reference])
        if came.headers.get("location"):
            self.asked[reference] = came.headers["location"]
        found = self._understood(came)
        return self._attested(found, came.headers.get("location"))

    def _attested(self, found: Understood, path: str | None) -> Understood:
        """With the attestation of what is accepted, if an address of it is told."""
        if found.answer.status == "accepted" and path:
            came = self.call("GET", f"{path}/attestation")
            assert came.headers["content-type"] == "application/pdf"
            found.answer.attestation = came.body
        return found

    def _door(self, service: str, path: str, dossier: dict) -> tuple[str, str]:
        return {
            "WS1": lambda: ("POST", "/rest/v1/declarations"),
            "WS2_STANDARD": lambda: ("PATCH", path),
            "WS2_ANNUAL": lambda: ("PUT", f"{path}/accounts/{dossier['date_fin_exercice']}"),
            "WS4": lambda: ("POST", f"{path}/affiliations"),
            "WS6": lambda: ("POST", f"{path}/mandates"),
            "WS7": lambda: ("PUT", f"{path}/affiliation"),
        }[service]()

    def _leaving(self, path: str, dossier: dict) -> str:
        names = {"raison_sociale": "company", "siret": "siret", "nom": "name",
                 "adresse": "address", "email": "email", "telephone": "telephone"}  # fmt: skip
        said = {"end": dossier["date_fin_mandat"].isoformat()}
        for code, value in dossier["successeur"].items():
            said[names[code.removeprefix("successeur_")]] = value
        return f"{path}/mandate?{urlencode(said)}"

    def status(self, reference: str) -> Understood:
        if reference in self.sent and reference not in self.asked:
            self._sent(reference)
        path = self.asked.get(reference, f"/rest/v1/declarations/{quote(reference)}")
        return self._attested(self._understood(self.call("GET", path)), path)

    def fetch(self, number: str) -> Understood:
        found = self._understood(self.call("GET", f"/rest/v1/condominiums/{quote(number)}"))
        if found.kind == "answered":
            document = json.loads(found.raw)
            found.answer.dossier = self._dossier(lambda path: _of(document, path))
        return found

    def text(self, code: str, value):
        if isinstance(value, bool):
            return value
        if isinstance(value, date):
            return value.strftime("%d.%m.%Y")
        if isinstance(value, Decimal):
            return int(value * 100)
        codes = self.profile.codes.get(self.profile.item[code].nomenclature, {})
        return codes.get(value, value)

    def value(self, code: str, value):
        item = self.profile.item[code]
        if item.type == "date":
            return datetime.strptime(value, "%d.%m.%Y").date()
        if item.type == "decimal":
            return Decimal(value) / 100
        codes = self.profile.codes.get(item.nomenclature, {})
        return next((ours for ours, theirs in codes.items() if theirs == value), value)

    def _put(self, document: dict, path: str, value) -> None:
        *above, last = path.split("/")
        for step in above:
            name, key, text = STEP.fullmatch(step).groups()
            if key:
                document.setdefault(name, []).append({key: text})
                document = document[name][-1]
            else:
                document = document.setdefault(name, {})
        document[last] = value

    def _understood(self, came: Came) -> Understood:
        problem = came.headers.get("content-type", "").startswith("application/problem+json")
        document = json.loads(came.body) if came.body.startswith(b"{") else {}
        if came.status >= 400:
            assert problem, came
            found = document.get("errors")
            errors = [one for one in found or [] if isinstance(one, dict)]
            told = [(e.get("code"), e.get("pointer"), e.get("detail")) for e in errors]
            said = Said("rejected", document.get("condominium"), refusals=self.reasons(told))
            return Understood("rejected", came.status, said, came.body)
        words = {"examining": "received", "done": "accepted"}
        if came.status == 202:
            said = Said("received")
        else:
            document = json.loads(came.body)
            said = Said(words[document["state"]], document.get("number"))
        raw = came.body or came.headers.get("location", "").encode()
        return Understood("answered", came.status, said, raw)


PIECE = ("piece_type", "piece_nom", "piece_contenu")  # parts of their own


def _parts(service: str, document: bytes, piece: dict | None) -> tuple[bytes, str]:
    """The parts of a request: with names as form data, by their turn as a mixed one."""
    form = service == "WS4"
    mark, kind = "limit-of-parts", "form-data" if form else "mixed"
    parts = [("request", "Content-Type: application/json\r\n", "", document)]
    if piece:
        parts.append(("kind", "", "", piece["piece_type"].encode()))
        name = f'; filename="{piece["piece_nom"]}"'
        pdf = "Content-Type: application/pdf\r\n"
        parts.append(("document", pdf, name, piece["piece_contenu"]))
    lines = b""
    for name, headers, filename, content in parts:
        told = f'form-data; name="{name}"{filename}' if form else f"attachment{filename}"
        head = f"--{mark}\r\nContent-Disposition: {told}\r\n{headers}\r\n"
        lines += head.encode() + content + b"\r\n"
    return lines + f"--{mark}--\r\n".encode(), f'multipart/{kind}; boundary="{mark}"'


def _of(document, path: str):
    """What stands at a path of a document, or None."""
    for step in path.split("/"):
        name, key, text = STEP.fullmatch(step).groups()
        document = document.get(name) if isinstance(document, dict) else None
        if key:
            document = next((one for one in document or [] if one.get(key) == text), None)
    return document


def _flat(dossier: dict):
    """(code, value) of each scalar, whatever holds it."""
    for code, value in dossier.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif not isinstance(value, list):
            yield code, value
