"""Who represents a condominium, and how that changes (WS4 to WS7).

```
affiliated(A) ──WS6──► affiliated(A, new mandate)
affiliated(A) ──WS5: A declares B──► pending(B), A reads only
pending(B) ──WS7 by B──► affiliated(B); A's waiting annual data become effective
accepted ──WS4 by B, document──► received ──(operator or timer)──► affiliated(B)
                                           └──────(operator)──────► rejected
```
"""

from datetime import date

from .documents import Error, Refused, Request
from .registry import Registry
from .store import dump, load


class Affiliation:
    """WS4, WS5, WS6 and WS7, over the same store."""

    def __init__(self, registry: Registry):
        self.registry = registry
        self.store = registry.store
        registry.on_accepted["WS4"] = self._attach_after_examination

    def request(self, account: dict, reference: str, number: str, request: Request):
        """WS4: a syndic whom nobody declared asks to be affiliated."""
        known = self.registry.condominium(number)
        errors = self.registry.errors_of(request)
        if known["account"] == account["number"]:
            errors.append(Error("ALREADY_ATTACHED"))
        if self.registry.pending(account, number):
            errors.append(Error("REQUEST_PENDING"))
        if not self.registry.pieces.is_there(account, reference, request):
            errors.append(Error("DOCUMENT_MISSING", "piece"))
        if errors:
            raise Refused(422, *errors)
        return self.registry.record(account, reference, request, number=number)

    def declare_successor(self, account: dict, reference: str, number: str, request: Request):
        """WS5: the syndic who leaves names the one who comes."""
        known = self.registry.attached(account, number)
        errors = self.registry.errors_of(request)
        successor = {c: request.text(f"successeur_{c}") for c in ("siret", "email")}
        if not any(successor.values()):
            errors.append(Error("FIELD_MISSING", "successeur_siret"))
        if errors:
            raise Refused(422, *errors)
        end = request.text("date_fin_mandat") or known["mandate_end"]
        self._set(number, successor=dump(successor), mandate_end=end)
        for candidate in self._named(successor):
            self.registry.tell(candidate["number"], number, "Vous êtes déclaré successeur")
        return self.registry.done(account, reference, request, number)

    def renew(self, account: dict, reference: str, number: str, request: Request):
        """WS6: the general meeting has renewed the mandate."""
        known = self.registry.attached(account, number)
        errors = self.registry.errors_of(request)
        dossier = Request("", load(known["dossier"]))
        if known["successor"]:
            errors.append(Error("NOT_ATTACHED"))
        if dossier.text("administration_provisoire") == "oui":
            errors.append(Error("ADMIN_PROVISOIRE", "administration_provisoire"))
        if self._overlaps(known, request):
            errors.append(Error("MANDATE_OVERLAP", "date_debut_mandat"))
        is_there = self.registry.pieces.is_there(account, reference, request)
        if not known["mandate_end"] and not is_there:
            # No end: a syndic provisoire, who becomes the first syndic.
            errors.append(Error("DOCUMENT_MISSING", "piece"))
        if errors:
            raise Refused(422, *errors)
        self._mandate(number, request)
        return self.registry.done(account, reference, request, number)

    def confirm(self, account: dict, reference: str, number: str, request: Request):
        """WS7: the declared successor confirms."""
        known = self.registry.condominium(number)
        if account not in self._named(load(known["successor"] or "{}")):
            raise Refused(422, Error("NO_PENDING_DECLARATION"))
        errors = self.registry.errors_of(request)
        if errors:
            raise Refused(422, *errors)
        self._attach(account["number"], known, request)
        return self.registry.done(account, reference, request, number)

    # -- pieces -------------------------------------------------------------

    def _attach_after_examination(self, found: dict) -> None:
        known = self.registry.condominium(found["number"])
        self._attach(found["account"], known, Request("WS4", load(found["dossier"])))
        self.registry.set_state(found, "accepted", found["number"])

    def _attach(self, account: str, known: dict, request: Request) -> None:
        """From now on ``account`` represents it; both parties are told."""
        number, former = known["number"], known["account"]
        self._make_waiting_data_effective(number)
        self._mandate(number, request)
        self._set(number, account=account, successor="")
        day = request.text("date_debut_mandat")
        self.registry.tell(account, number, f"Rattachement effectif au {day}")
        self.registry.tell(former, number, f"Fin de votre rattachement au {day}")

    def _make_waiting_data_effective(self, number: str) -> None:
        sql = "SELECT * FROM request WHERE number = ? AND state = 'waiting' ORDER BY moment"
        for waiting in self.store.all(sql, number):
            self.registry.apply(number, load(waiting["dossier"]))
            self.registry.set_state(waiting, "accepted", number)

    def _mandate(self, number: str, request: Request) -> None:
        """The mandate that the registry knows from now on."""
        start, end = request.text("date_debut_mandat"), request.text("date_fin_mandat")
        known = load(self.registry.condominium(number)["dossier"]).get("representation", {})
        sent = request.groups["representation"]
        kept = {code: v for code, v in {**known, **sent}.items() if code != "piece"}
        if not end:
            kept.pop("date_fin_mandat", None)
        self.registry.apply(number, {"representation": kept})
        self._set(number, mandate_start=start, mandate_end=end)

    def _overlaps(self, known: dict, request: Request) -> bool:
        start, previous = (
            request.text(code) for code in ("date_debut_mandat", "date_fin_mandat_precedent")
        )
        if not (start and previous) or not known["mandate_end"]:
            return False
        return date.fromisoformat(start) <= date.fromisoformat(previous)

    def _named(self, successor: dict) -> list[dict]:
        """The accounts that a declaration of successor means."""
        siren, email = successor.get("siret", "")[:9], successor.get("email", "").casefold()
        return [
            account
            for account in self.store.all("SELECT * FROM account")
            if (siren and account["siren"] == siren)
            or (not siren and email and account["email"].casefold() == email)
        ]

    def _set(self, number: str, **values: str) -> None:
        for name, value in values.items():
            sql = f"UPDATE condominium SET {name} = ? WHERE number = ?"  # names are ours
            self.store.run(sql, value, number)
