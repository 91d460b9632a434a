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
import uuid
from datetime import date, datetime, timedelta

from . import rules
from .attestation import attestation
from .documents import Answer, Error, Refused, Reply, Request
from .pieces import Pieces
from .profile import Profile
from .speaking import Speaker
from .store import Store, dump, load

IMMEDIATE, MANUAL = "immediate", "manual"
ASKED_BY = {
    "registry_reference": "registry_reference",
    "reference": "reference",
    "registration_number": "number",
}
# CCH R711-5: a former syndic still reads for one month at most.
STILL_READS = timedelta(days=31)
FORMALITIES = {
    "WS1": "immatriculation",
    "WS2_STANDARD": "mise à jour",
    "WS2_ANNUAL": "mise à jour annuelle",
    "WS4": "rattachement",
    "WS5": "déclaration du successeur",
    "WS6": "renouvellement du mandat",
    "WS7": "confirmation du rattachement",
}


class Registry:
    """The registry's behaviour over its store."""

    def __init__(self, profile: Profile, store: Store, acceptance: str = IMMEDIATE):
        self.profile = profile
        self.store = store
        self.speaker = Speaker(profile)
        document = profile.services.get("DOCUMENT")
        self.pieces = Pieces(store, document.when if document else "")
        self.acceptance = acceptance  # immediate, manual, or a number of seconds
        self.today_is: date | None = None
        self.on_accepted = {"WS1": self._register}

    @property
    def today(self) -> date:
        return self.today_is or date.today()

    # -- services -----------------------------------------------------------

    def register(self, account: dict, reference: str, request: Request) -> Reply:
        """WS1: record a request for registration."""
        errors = self.errors_of(request)
        address = rules.address_key(request)
        existing = self._existing(address)
        if existing is not None:
            errors.append(Error("ALREADY_REGISTERED", "adresse_reference"))
        if errors:
            raise Refused(422, *errors, number=existing or "")
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
        return self.done(account, reference, request, number)

    def _update_by_the_former(self, account, reference, known, request, errors):
        """CCH R711-4: annual data only, effective once the successor has confirmed."""
        if request.service != "WS2_ANNUAL":
            raise Refused(403, Error("NOT_ATTACHED"))
        if errors:
            raise Refused(422, *errors)
        number = known["number"]
        return self.record(account, reference, request, state="waiting", number=number)

    def download(self, account: dict, number: str) -> Reply:
        """WS3: the registry's dossier."""
        known = self.attached(account, number)
        if known["successor"] and not self._still_reads(known):
            raise Refused(403, Error("NOT_ATTACHED"))
        groups = self._downloadable(known)
        answer = Answer("accepted", number=number, date=now(), groups=groups)
        return self.speaker.say("WS3", answer)

    def status(self, account: dict, told: dict[str, str], service: str) -> Reply:
        """What became of a request, for the account that made it, told by ``service``."""
        with self.store.transaction():
            found = self._ripened(self.request(account["number"], told))
        return self._became(found, service)

    def _ripened(self, found: dict) -> dict:
        """The request, accepted if its time has come."""
        if found["state"] == "received" and self._is_ripe(found):
            self.accept_one(found)
        return self._request(found["account"], found["reference"])

    def _became(self, found: dict, service: str) -> Reply:
        if found["state"] == "rejected":
            raise Refused(422, Error("REQUEST_REJECTED", detail=found["detail"]))
        return self.speaker.say(service, self.answer_of(found))

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

    def repeated(self, account: dict, reference: str) -> Reply | None:
        """The answer to a reference that comes a second time: the first one again.

        Where a contract has no other way to ask, it is what became of it.
        """
        found = self._request(account["number"], reference)
        if found is None:
            return None
        if not any(service.kind == "STATUS" for service in self.profile.services.values()):
            return self._became(self._ripened(found), found["service"])
        return Reply(found["status"], found["answer"], load(found["headers"]))

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
    ) -> Reply:
        """Keep a request that takes effect later."""
        answer = Answer("received", reference, date=now(), registry_reference=_identifier())
        reply = self._keep(account, answer, request, state, number, address)
        self.tell(account["number"], number, "Demande enregistrée")
        return reply

    def done(self, account, reference, request: Request, number: str) -> Reply:
        """Keep a request that has taken effect, and attest it."""
        answer = self._attested(request.service, reference, number, _identifier())
        reply = self._keep(account, answer, request, "accepted", number, "")
        self.tell(account["number"], number, f"Attestation : {FORMALITIES[request.service]}")
        return reply

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

    def _keep(self, account, answer: Answer, request, state, number, address) -> Reply:
        reply = self.speaker.say(request.service, answer)
        self.store.insert(
            "request",
            account=account["number"],
            reference=answer.reference,
            service=request.service,
            state=state,
            number=number,
            moment=time.time(),
            address=address,
            dossier=dump(request.groups),
            status=reply.status,
            answer=reply.body,
            headers=dump(reply.headers),
            registry_reference=answer.registry_reference,
        )
        return reply

    def _existing(self, address: str) -> str | None:
        """The number registered at an address, "" if one is on its way, None if there is none."""
        sql = "SELECT number FROM condominium WHERE address = ?"
        waiting = "SELECT number FROM request WHERE address = ? AND state = 'received'"
        found = self.store.one(sql, address) or self.store.one(waiting, address)
        return found["number"] if found else None

    def _still_reads(self, known: dict) -> bool:
        end = date.fromisoformat(known["mandate_end"] or self.today.isoformat())
        return self.today <= end + STILL_READS

    def request(self, account: str, told: dict[str, str]) -> dict:
        """The request that a call is about, by what the contract says of it. Raises Refused."""
        for name, column in ASKED_BY.items():
            if told.get(name):
                sql = f"SELECT * FROM request WHERE account = ? AND {column} = ?"
                found = self.store.one(f"{sql} ORDER BY moment DESC", account, told[name])
                if found:
                    return found
                break
        raise Refused(404, Error("REQUEST_UNKNOWN"))

    def _request(self, account: str, reference: str) -> dict | None:
        sql = "SELECT * FROM request WHERE account = ? AND reference = ?"
        return self.store.one(sql, account, reference)

    def _recorded(self, reference: str) -> list[dict]:
        sql = "SELECT * FROM request WHERE reference = ? AND state = 'received'"
        return self.store.all(sql, reference)

    def _is_ripe(self, found: dict) -> bool:
        is_awaited = self.pieces.when == "after" and found["service"] == "WS4"
        if is_awaited and not self.pieces.has_come(found["account"], found["reference"]):
            return False
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

    def answer_of(self, found: dict) -> Answer:
        """The answer of the moment."""
        reference, own = found["reference"], found["registry_reference"]
        if found["state"] in ("received", "waiting"):
            return Answer("received", reference, date=now(), registry_reference=own)
        return self._attested(found["service"], reference, found["number"], own)

    def _attested(self, service: str, reference: str, number: str, own: str) -> Answer:
        moment, what = now(), FORMALITIES[service]
        sheet = attestation(number, self._name(number), moment, what)
        return Answer(
            "accepted", reference, number, moment, attestation=sheet, registry_reference=own
        )

    def _downloadable(self, known: dict) -> dict[str, dict]:
        dossier = load(known["dossier"])
        outputs = {
            "numero_immatriculation": known["number"],
            "date_immatriculation": known["registered"],
            "date_derniere_maj": known["updated"],
            "statut_mandat": self._mandate_state(known),
        }
        groups: dict[str, dict] = {}
        for group in self.profile.services["WS3"].groups:
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


def _identifier() -> str:
    """The registry's own, of a request."""
    return uuid.uuid4().hex[:16]


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
