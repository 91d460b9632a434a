"""The state machine: received, accepted, updated, refused.

```
WS1 ──► received ──(operator or timer)──► accepted, affiliated    [number, attestation]
                  └──────(operator)─────► rejected
affiliated ──WS2──► updated                                         [attestation]
```

What concerns who represents the condominium (WS4 to WS7) is in ``affiliation``.
"""

import hashlib
import time
from datetime import date, datetime, timedelta

from . import rules
from .attestation import attestation
from .documents import Answer, Error, Refused, Request
from .profile import Profile
from .store import Store, dump, load
from .wire import wire_for

IMMEDIATE, MANUAL = "immediate", "manual"
# CCH R711-5: a former syndic still reads for one month at most.
STILL_READS = timedelta(days=31)
UPDATES = {"WS2_STANDARD": "mise à jour", "WS2_ANNUAL": "mise à jour annuelle"}


class Registry:
    """The registry's behaviour over its store."""

    def __init__(self, profile: Profile, store: Store, acceptance: str = IMMEDIATE):
        self.profile = profile
        self.store = store
        self.wire = wire_for(profile)
        self.acceptance = acceptance  # immediate, manual, or a number of seconds
        self.today_is: date | None = None
        self.on_accepted = {"WS1": self._register}

    @property
    def today(self) -> date:
        return self.today_is or date.today()

    # -- services -----------------------------------------------------------

    def register(self, account: dict, reference: str, request: Request) -> tuple[int, bytes]:
        """WS1: record a request for registration."""
        errors = self.errors_of(request)
        address = rules.address_key(request)
        if self._taken(address):
            errors.append(Error("ALREADY_REGISTERED", "adresse_reference"))
        if errors:
            raise Refused(422, *errors)
        return self.record(account, reference, request, address=address)

    def update(self, account: dict, reference: str, number: str, request: Request):
        """WS2: replace the data of a registered condominium."""
        known = self.attached(account, number)
        errors = self.errors_of(request)
        if request.service == "WS2_ANNUAL" and not request.groups.get("finance"):
            errors.append(Error("FIELD_MISSING", "date_debut_exercice"))
        if known["successor"]:
            return self._update_by_the_former(account, reference, known, request, errors)
        if known["mandate_end"] and known["mandate_end"] < self.today.isoformat():
            errors.append(Error("MANDATE_EXPIRED", "date_fin_mandat"))
        if errors:
            raise Refused(422, *errors)
        self.apply(known["number"], request.groups)
        return self.done(account, reference, request, number, UPDATES[request.service])

    def _update_by_the_former(self, account, reference, known, request, errors):
        """CCH R711-4: annual data only, effective once the successor has confirmed."""
        if request.service != "WS2_ANNUAL":
            raise Refused(403, Error("NOT_ATTACHED"))
        if errors:
            raise Refused(422, *errors)
        number = known["number"]
        return self.record(account, reference, request, state="waiting", number=number)

    def download(self, account: dict, number: str) -> tuple[int, bytes]:
        """WS3: the registry's dossier."""
        known = self.attached(account, number)
        if known["successor"] and not self._still_reads(known):
            raise Refused(403, Error("NOT_ATTACHED"))
        groups = self._downloadable(known)
        answer = Answer("accepted", number=number, date=now(), groups=groups)
        return self.profile.status("accepted"), self.wire.write(answer)

    def status(self, account: dict, reference: str) -> tuple[int, bytes]:
        """What became of a request, for the account that made it."""
        with self.store.transaction():
            found = self._request(account["number"], reference)
            if found is None:
                raise Refused(404, Error("REQUEST_UNKNOWN"))
            if found["state"] == "received" and self._is_ripe(found):
                self.accept_one(found)
                found = self._request(account["number"], reference)
        answer = self._status_answer(found)
        if answer is None:
            return found["status"], found["answer"]
        if answer.outcome == "rejected":
            raise Refused(422, *answer.errors)
        return self.profile.status(answer.outcome), self.wire.write(answer)

    # -- the operator -------------------------------------------------------

    def accept(self, reference: str) -> None:
        """The operator accepts a received request."""
        with self.store.transaction():
            for found in self._recorded(reference):
                self.accept_one(found)

    def refuse(self, reference: str, detail: str) -> None:
        """The operator refuses a received request."""
        with self.store.transaction():
            for found in self._recorded(reference):
                self.set_state(found, "rejected", found["number"], detail)
                self.tell(found["account"], found["number"], "Demande refusée")

    # -- pieces -------------------------------------------------------------

    def repeated(self, account: dict, reference: str) -> tuple[int, bytes] | None:
        """The first answer to a reference, when it comes a second time."""
        found = self._request(account["number"], reference)
        return (found["status"], found["answer"]) if found else None

    def errors_of(self, request: Request) -> list[Error]:
        refused = {r["address"] for r in self.store.all("SELECT * FROM refused_address")}
        return list(dict.fromkeys(rules.check(self.profile, request, self.today, refused)))

    def condominium(self, number: str) -> dict:
        """Raises Refused when there is none."""
        if len(number) != 9 or not number[:2].isupper() or not number[2:].isdigit():
            raise Refused(422, Error("NUMBER_INVALID", "numero_immatriculation", number))
        known = self.store.one("SELECT * FROM condominium WHERE number = ?", number)
        if known is None:
            raise Refused(404, Error("NUMBER_UNKNOWN", "numero_immatriculation", number))
        return known

    def attached(self, account: dict, number: str) -> dict:
        """The condominium, if this account represents it. Raises Refused."""
        known = self.condominium(number)
        if known["account"] != account["number"]:
            pending = self.pending(account, number)
            raise Refused(403, Error("REQUEST_PENDING" if pending else "NOT_ATTACHED"))
        return known

    def pending(self, account: dict, number: str) -> dict | None:
        """This account's request for affiliation still under examination."""
        return self.store.one(
            "SELECT * FROM request WHERE account = ? AND number = ? AND service = 'WS4' "
            "AND state = 'received'",
            *(account["number"], number),
        )

    def record(
        self, account, reference, request: Request, state="received", number="", address=""
    ) -> tuple[int, bytes]:
        """Keep a request that takes effect later."""
        content = self.wire.write(Answer("received", reference=reference, date=now()))
        status = self.profile.status("received")
        self._keep(account, reference, request, state, number, address, status, content)
        self.tell(account["number"], number, "Demande enregistrée")
        return status, content

    def done(self, account, reference, request: Request, number: str, what: str):
        """Keep a request that has taken effect, and attest it."""
        moment = now()
        sheet = attestation(number, self._name(number), moment, what)
        answer = Answer("accepted", reference, number, moment, attestation=sheet)
        content, status = self.wire.write(answer), self.profile.status("accepted")
        self._keep(account, reference, request, "accepted", number, "", status, content)
        self.tell(account["number"], number, f"Attestation : {what}")
        return status, content

    def apply(self, number: str, groups: dict) -> None:
        """Replace the items of the groups that a document carries."""
        known = self.condominium(number)
        dossier = {**load(known["dossier"]), **groups}
        address = rules.address_key(Request("", dossier))
        self.store.run(
            "UPDATE condominium SET dossier = ?, updated = ?, address = ? WHERE number = ?",
            *(dump(dossier), now(), address, number),
        )

    def accept_one(self, found: dict) -> None:
        self.on_accepted[found["service"]](found)

    def set_state(self, found: dict, state: str, number: str = "", detail: str = ""):
        self.store.run(
            "UPDATE request SET state = ?, number = ?, detail = ? "
            "WHERE account = ? AND reference = ?",
            *(state, number, detail, found["account"], found["reference"]),
        )

    def tell(self, account: str, number: str, subject: str) -> None:
        """The e-mail that follows each formality."""
        self.store.insert("message", at=now(), account=account, number=number, subject=subject)

    def _keep(self, account, reference, request, state, number, address, status, content):
        self.store.insert(
            "request",
            account=account["number"],
            reference=reference,
            service=request.service,
            state=state,
            number=number,
            moment=time.time(),
            address=address,
            dossier=dump(request.groups),
            status=status,
            answer=content,
        )

    def _taken(self, address: str) -> bool:
        registered = self.store.one("SELECT 1 FROM condominium WHERE address = ?", address)
        waiting = self.store.one(
            "SELECT 1 FROM request WHERE address = ? AND state = 'received'", address
        )
        return bool(registered or waiting)

    def _still_reads(self, known: dict) -> bool:
        end = date.fromisoformat(known["mandate_end"] or self.today.isoformat())
        return self.today <= end + STILL_READS

    def _request(self, account: str, reference: str) -> dict | None:
        sql = "SELECT * FROM request WHERE account = ? AND reference = ?"
        return self.store.one(sql, account, reference)

    def _recorded(self, reference: str) -> list[dict]:
        sql = "SELECT * FROM request WHERE reference = ? AND state = 'received'"
        return self.store.all(sql, reference)

    def _is_ripe(self, found: dict) -> bool:
        if self.acceptance == MANUAL:
            return False
        delay = 0 if self.acceptance == IMMEDIATE else float(self.acceptance)
        return time.time() >= found["moment"] + delay

    def _register(self, found: dict) -> None:
        number, moment = self._next_number(), now()
        request = Request("WS1", load(found["dossier"]))
        self.store.insert(
            "condominium",
            number=number,
            account=found["account"],
            address=found["address"],
            mandate_start=request.text("date_debut_mandat"),
            mandate_end=request.text("date_fin_mandat"),
            registered=moment[:10],
            updated=moment,
            dossier=found["dossier"],
        )
        self.set_state(found, "accepted", number)
        self.tell(found["account"], number, "Copropriété immatriculée")

    def _next_number(self) -> str:
        # Numbers that begin with ZZ are invented: no real one does.
        count = self.store.one("SELECT count(*) AS n FROM condominium")["n"]
        return f"ZZ{count + 1:07d}"

    def _name(self, number: str) -> str:
        return Request("", load(self.condominium(number)["dossier"])).text("nom_usage")

    def _status_answer(self, found: dict) -> Answer | None:
        """The answer of the moment; None when it is the first one still."""
        reference, state = found["reference"], found["state"]
        if state in ("received", "waiting"):
            return Answer("received", reference, date=now())
        if state == "rejected":
            error = Error("REQUEST_REJECTED", detail=found["detail"])
            return Answer("rejected", reference, errors=(error,))
        if found["status"] == self.profile.status("accepted"):
            return None
        number, moment = found["number"], now()
        what = {"WS1": "immatriculation", "WS4": "rattachement"}.get(found["service"])
        sheet = attestation(number, self._name(number), moment, what or UPDATES["WS2_ANNUAL"])
        return Answer("accepted", reference, number, moment, attestation=sheet)

    def _downloadable(self, known: dict) -> dict[str, dict]:
        dossier = load(known["dossier"])
        outputs = {
            "numero_immatriculation": known["number"],
            "date_immatriculation": known["registered"],
            "date_derniere_maj": known["updated"],
            "statut_mandat": self._mandate_state(known),
        }
        groups: dict[str, dict] = {}
        for group in self.profile.services["WS3"]["groups"]:
            for item in self.profile.items:
                if item.group != group or item.parent or "WS3" not in item.services:
                    continue
                value = outputs.get(item.code) or dossier.get(group, {}).get(item.code)
                if value:
                    groups.setdefault(group, {})[item.code] = value
        return groups

    def _mandate_state(self, known: dict) -> str:
        end = known["mandate_end"]
        if not end or end >= self.today.isoformat():
            return "Mandat en cours"
        declared = "avec" if known["successor"] else "sans"
        return f"Mandat expiré {declared} successeur déclaré"


def now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
