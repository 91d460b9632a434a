"""The state machine: recorded, registered, updated, refused.

```
WS1 ──► recorded ──(operator or timer)──► registered, attached    [number, attestation]
                  └──────(operator)─────► rejected
attached ──WS2──► updated                                         [attestation]
```
"""

import hashlib
import threading
import time
from datetime import date, datetime
from xml.etree import ElementTree

from . import documents, rules
from .attestation import attestation
from .documents import Answer, Error, Refused
from .profile import Profile
from .store import Store, dump, load

IMMEDIATE, MANUAL = "immediate", "manual"


class Registry:
    """The registry's behaviour over its store."""

    def __init__(self, profile: Profile, store: Store, acceptance: str = IMMEDIATE):
        self.profile = profile
        self.store = store
        self.acceptance = acceptance  # immediate, manual, or a number of seconds
        self.today_is: date | None = None
        self._numbering = threading.Lock()

    @property
    def today(self) -> date:
        return self.today_is or date.today()

    # -- services -----------------------------------------------------------

    def register(self, account: dict, reference: str, body: bytes) -> tuple[int, bytes]:
        """WS1: record a request for registration."""
        request = documents.read(self.profile, body)
        self._require_root(request, "WS1")
        errors = self._check(request, "WS1", "")
        address = rules.address_key(request)
        if self._taken(address):
            errors.append(Error("ALREADY_REGISTERED", "adresse_reference"))
        if errors:
            raise Refused(422, *errors)
        answer = Answer("enregistree", reference=reference, date=_now())
        content = documents.write(self.profile, answer)
        self._record(account, reference, "WS1", "recorded", request, 202, content)
        return 202, content

    def update(self, account: dict, reference: str, number: str, body: bytes) -> tuple[int, bytes]:
        """WS2: replace the data of a registered condominium."""
        known = self._attached(account, number)
        request = documents.read(self.profile, body)
        self._require_root(request, "WS2_STANDARD")
        kind = request.attributes["type"]
        errors = self._check(request, "WS2", kind)
        if kind == "annuelle" and "finance" not in request.groups:
            errors.append(Error("FIELD_MISSING", "date_debut_exercice"))
        if known["mandate_end"] and known["mandate_end"] < self.today.isoformat():
            errors.append(Error("MANDATE_EXPIRED", "date_fin_mandat"))
        if errors:
            raise Refused(422, *errors)
        return self._updated(account, reference, number, known, request, kind)

    def download(self, account: dict, number: str) -> tuple[int, bytes]:
        """WS3: the registry's dossier."""
        known = self._attached(account, number)
        dossier = load(known["dossier"])
        outputs = {
            "numero_immatriculation": number,
            "date_immatriculation": known["registered"],
            "date_derniere_maj": known["updated"],
        }
        groups = self._downloadable(dossier, outputs)
        answer = Answer("acceptee", number=number, date=_now(), groups=groups)
        return 200, documents.write(self.profile, answer)

    def status(self, account: dict, reference: str) -> tuple[int, bytes]:
        """What became of a request, for the account that made it."""
        with self.store.transaction():
            found = self._request(account["number"], reference)
            if found is None:
                raise Refused(404, Error("REQUEST_UNKNOWN"))
            if found["state"] == "recorded" and self._is_ripe(found):
                self._accept(found)
                found = self._request(account["number"], reference)
        return 200, self._status_answer(found)

    # -- the operator -------------------------------------------------------

    def accept(self, reference: str) -> None:
        """The operator accepts a recorded request."""
        with self.store.transaction():
            for found in self._recorded(reference):
                self._accept(found)

    def refuse(self, reference: str, detail: str) -> None:
        """The operator refuses a recorded request."""
        with self.store.transaction():
            for found in self._recorded(reference):
                self._set_state(found, "rejected", detail=detail)

    # -- pieces -------------------------------------------------------------

    def repeated(self, account: dict, reference: str) -> tuple[int, bytes] | None:
        """The first answer to a reference, when it comes a second time."""
        found = self._request(account["number"], reference)
        return (found["status"], found["answer"]) if found else None

    def _require_root(self, request: documents.Request, service: str) -> None:
        if request.root != self.profile.manifest["services"][service]["root"]:
            raise Refused(422, Error("DOCUMENT_INVALID", detail=request.root))

    def _check(self, request, service: str, kind: str) -> list[Error]:
        refused = {r["address"] for r in self.store.all("SELECT * FROM refused_address")}
        found = rules.check(self.profile, request, service, kind, self.today, refused)
        return list(dict.fromkeys(found))

    def _taken(self, address: str) -> bool:
        registered = self.store.one("SELECT 1 FROM condominium WHERE address = ?", address)
        waiting = self.store.one(
            "SELECT 1 FROM request WHERE address = ? AND state = 'recorded'", address
        )
        return bool(registered or waiting)

    def _attached(self, account: dict, number: str) -> dict:
        if len(number) != 9 or not number[:2].isupper() or not number[2:].isdigit():
            raise Refused(422, Error("NUMBER_INVALID", "numero_immatriculation", number))
        known = self.store.one("SELECT * FROM condominium WHERE number = ?", number)
        if known is None:
            raise Refused(404, Error("NUMBER_UNKNOWN", "numero_immatriculation", number))
        if known["account"] != account["number"]:
            raise Refused(403, Error("NOT_ATTACHED"))
        return known

    def _record(self, account, reference, service, state, request, status, content):
        self.store.insert(
            "request",
            account=account["number"],
            reference=reference,
            service=service,
            state=state,
            moment=time.time(),
            address=rules.address_key(request),
            dossier=dump(_plain(request)),
            status=status,
            answer=content,
        )

    def _updated(self, account, reference, number, known, request, kind):
        moment = _now()
        dossier = {**load(known["dossier"]), **_plain(request)}
        sheet = attestation(number, request.text("nom_usage"), moment, kind)
        answer = Answer("acceptee", reference, number, moment, attestation=sheet)
        content = documents.write(self.profile, answer)
        self.store.run(
            "UPDATE condominium SET dossier = ?, updated = ?, address = ? WHERE number = ?",
            *(dump(dossier), moment, rules.address_key(request), number),
        )
        self._record(account, reference, "WS2", "registered", request, 200, content)
        return 200, content

    def _request(self, account: str, reference: str) -> dict | None:
        sql = "SELECT * FROM request WHERE account = ? AND reference = ?"
        return self.store.one(sql, account, reference)

    def _recorded(self, reference: str) -> list[dict]:
        sql = "SELECT * FROM request WHERE reference = ? AND state = 'recorded'"
        return self.store.all(sql, reference)

    def _is_ripe(self, found: dict) -> bool:
        if self.acceptance == MANUAL:
            return False
        delay = 0 if self.acceptance == IMMEDIATE else float(self.acceptance)
        return time.time() >= found["moment"] + delay

    def _accept(self, found: dict) -> None:
        number, moment = self._next_number(), _now()
        dossier = load(found["dossier"])
        self.store.insert(
            "condominium",
            number=number,
            account=found["account"],
            address=found["address"],
            mandate_end=_text(dossier, "representation", "date_fin_mandat"),
            registered=moment[:10],
            updated=moment,
            dossier=found["dossier"],
        )
        self._set_state(found, "registered", number=number)

    def _set_state(self, found: dict, state: str, number: str = "", detail: str = ""):
        self.store.run(
            "UPDATE request SET state = ?, number = ?, detail = ? "
            "WHERE account = ? AND reference = ?",
            *(state, number, detail, found["account"], found["reference"]),
        )

    def _next_number(self) -> str:
        # Numbers that begin with ZZ are invented: no real one does.
        count = self.store.one("SELECT count(*) AS n FROM condominium")["n"]
        return f"ZZ{count + 1:07d}"

    def _status_answer(self, found: dict) -> bytes:
        if found["state"] == "recorded":
            answer = Answer("enregistree", found["reference"], date=_now())
        elif found["state"] == "rejected":
            error = Error("REQUEST_REJECTED", detail=found["detail"])
            answer = Answer("refusee", found["reference"], errors=(error,))
        elif found["service"] != "WS1":
            return found["answer"]
        else:
            answer = self._registered_answer(found)
        return documents.write(self.profile, answer)

    def _registered_answer(self, found: dict) -> Answer:
        number, moment = found["number"], _now()
        name = _text(load(found["dossier"]), "identification", "nom_usage")
        sheet = attestation(number, name, moment, "immatriculation")
        return Answer("acceptee", found["reference"], number, moment, attestation=sheet)

    def _downloadable(self, dossier: dict, outputs: dict[str, str]) -> dict:
        groups: dict[str, list[str]] = {}
        for group in self.profile.manifest["services"]["WS3"]["groups"]:
            for item in self.profile.items:
                if item.group != group or item.parent or "WS3" not in item.services:
                    continue
                text = dossier.get(group, {}).get(item.code)
                if item.code in outputs:
                    text = f"<{item.code}>{outputs[item.code]}</{item.code}>"
                if text and text not in groups.setdefault(group, []):
                    groups[group].append(text)
        return groups


def _plain(request: documents.Request) -> dict[str, dict[str, str]]:
    return {
        group: {
            code: ElementTree.tostring(element, encoding="unicode").strip()
            for code, element in items.items()
        }
        for group, items in request.groups.items()
    }


def _text(dossier: dict, group: str, code: str) -> str:
    text = dossier.get(group, {}).get(code)
    return (ElementTree.fromstring(text).text or "") if text else ""


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
