"""Every service of a profile, one after the other, with a demo dossier."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from rnc.client import ANSWERED, NOT_ASKED, REJECTED, Client, Outcome, first_page
from rnc.codec import Invalid
from rnc.connection_test import Step, examine
from rnc.contract.service import DOCUMENT_CALL, LIST
from rnc.example import example_dossier
from rnc.items import item_or_code
from rnc.requests import Subject
from rnc.today import today

from .recorder import Exchange, Recorded
from .words import outcome_words

SENT = ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS6", "WS4", "WS7", "WS5")
# Whether the registry took it, refused it in words of the contract, or was not understood.
TAKEN, REFUSED, NOTHING = "taken", "refused", "not understood"
PAUSE = 1.0  # seconds between two questions
STREETS = 9000


@dataclass
class Tried:
    """One service: what travelled, what was understood, and what came of it later."""

    service: str
    understood: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    result: str = NOTHING


class Rehearsal:
    """``patience``: seconds that a received upload is asked about."""

    def __init__(self, client: Client, channel: Recorded, number: str = "", patience: float = 30):
        self.client, self.channel = client, channel
        self.number = number
        self.patience = patience
        self.changes: dict[str, Any] = {}

    def connection(self) -> list[Step]:
        return examine(self.client)

    def tried(self) -> Iterator[Tried]:
        """Each service in turn: what registers first, what ends the mandate last."""
        for service in ("WS1", "WS3", *SENT[1:], LIST):
            if service not in self.client.profile.services:
                continue
            if service not in ("WS1", LIST) and not self.number:
                yield Tried(service, ["Pas essayé\u00a0: aucun numéro d'immatriculation."])
                continue
            before = len(self.channel.exchanges)
            made = self._one(service)
            made.exchanges = self.channel.exchanges[before:]
            yield made

    def _one(self, service: str) -> Tried:
        if service == "WS3":
            outcome = self.client.fetch(self.number, reference=str(uuid.uuid4()))
            told = [outcome_words(outcome), *self._differences(outcome)]
            return Tried(service, told, result=self._result(outcome))
        if service == LIST:
            outcome = self.client.page(first_page(self.client.profile.services[LIST].pages))
            return Tried(service, [outcome_words(outcome)], result=self._result(outcome))
        return self._send(service)

    def _send(self, service: str) -> Tried:
        reference, codec = str(uuid.uuid4()), self.client.codec
        about = Subject(reference, self.number)
        dossier = self.dossier(service)
        values = self.client.requests.values(about)
        try:
            body = codec.encode(service, dossier, today(), values)
            quoted = codec.quoted(service, dossier)
            document = self._document(service, dossier, values)
        except Invalid as error:
            return Tried(
                service, [f"Pas envoyé\u00a0: le schéma refuse le dossier d'essai ({error})."]
            )
        told = {"number": self.number, "quoted": quoted}
        outcome = self.client.send(service, body, reference=reference, document=document, **told)
        made = Tried(service, [outcome_words(outcome)], result=self._result(outcome))
        if outcome.kind == ANSWERED and outcome.answer.status == "received":
            last = self._followed(service, outcome, reference, body, told, made)
            made.result = self._result(last)
            outcome = last if last.kind == ANSWERED else outcome
        if service == "WS1" and outcome.kind == ANSWERED:
            self.number = outcome.answer.registration_number or self.number
        return made

    def _document(self, service: str, dossier: dict, values: dict) -> bytes:
        """The call of its own by which a supporting document travels, if there is one."""
        holds = dossier.get("piece") and service in ("WS4", "WS6")
        if DOCUMENT_CALL not in self.client.profile.services or not holds:
            return b""
        return self.client.codec.encode(DOCUMENT_CALL, dossier, today(), values)

    def _followed(self, service, outcome, reference, body, told, made: Tried) -> Outcome:
        """What became of it, asked until something has."""
        end = time.monotonic() + self.patience
        theirs, last = outcome.answer.registry_reference or "", outcome
        while time.monotonic() < end:
            last = self.client.status(
                reference, registry_reference=theirs, service=service, body=body, **told
            )
            if last.code == NOT_ASKED or last.kind != ANSWERED or last.answer.status != "received":
                break
            time.sleep(PAUSE)
        if last.code == NOT_ASKED:
            made.understood.append("Suite\u00a0: le contrat ne permet pas de la demander.")
            return outcome
        made.understood.append(f"Suite\u00a0: {outcome_words(last)}")
        return last

    def _result(self, outcome: Outcome) -> str:
        if outcome.kind == ANSWERED:
            return TAKEN
        refusals = outcome.answer.refusals if outcome.kind == REJECTED else ()
        known = [one.code in self.client.profile.errors for one in refusals]
        return REFUSED if known and all(known) else NOTHING

    # -- the dossier ----------------------------------------------------------------

    def dossier(self, service: str) -> dict[str, Any]:
        """The demo dossier, at an address of its own; ``changes`` are the person's."""
        now, who = today(), self.client.declarant
        street = 1 + int(time.time()) % STREETS
        made = {
            **example_dossier(now),
            "numero_teledeclarant": who.number,
            "email_teledeclarant": who.email,
            "nom_usage": "Résidence d'essai",
        }
        made["adresse_reference"] = {
            **made["adresse_reference"],
            "adresse_reference_numero_voie": f"{street} rue de l'Exemple",
        }
        return _merged({**made, **_mandate(service, now)}, self.changes)

    def _differences(self, outcome: Outcome) -> list[str]:
        """What comes back otherwise than it was sent."""
        if outcome.kind != ANSWERED or outcome.answer.dossier is None:
            return []
        sent, theirs = self.dossier("WS1"), outcome.answer.dossier
        wrong = [
            item_or_code(code).label_fr
            for code, value in theirs.items()
            if code in sent
            and not isinstance(value, dict | list)
            and value != sent[code]
            and item_or_code(code).declared
        ]
        return [f"Relu autrement qu'envoyé\u00a0: {', '.join(wrong)}."] if wrong else []


def _mandate(service: str, now: date) -> dict[str, date]:
    """What was registered ends in a year; the renewal begins the day after."""
    end = now + timedelta(days=365)
    if service != "WS6":
        return {"date_debut_mandat": now, "date_fin_mandat": end}
    start = end + timedelta(days=1)
    return {
        "date_fin_mandat_precedent": end,
        "date_debut_mandat": start,
        "date_fin_mandat": start + timedelta(days=365),
    }


def _merged(dossier: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(dossier)
    for code, value in changes.items():
        held = merged.get(code)
        both = isinstance(value, dict) and isinstance(held, dict)
        merged[code] = {**held, **value} if both else value
    return merged
