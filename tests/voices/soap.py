"""A declarant who speaks ``soap-1.0``, written by hand (see ``rest``)."""

import base64
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

from .line import Came, Said, Understood
from .rest import STEP, Voice

ENVELOPE = "{http://www.w3.org/2003/05/soap-envelope}"
OURS, PLACE, HEAD = "{urn:registre:1.0}", "{urn:registre:lieu}", "{urn:registre:entete}"
ROOTS = {
    "WS1": "Immatriculer",
    "WS2_STANDARD": "MettreAJour",
    "WS2_ANNUAL": "MettreAJour",
    "WS3": "Consulter",
    "WS4": "Rattacher",
    "WS5": "DeclarerSuccesseur",
    "WS6": "Renouveler",
    "WS7": "Confirmer",
    "STATUS": "Suivre",
}
KINDS = {"WS2_STANDARD": "standard", "WS2_ANNUAL": "annuelle"}
GROUPS = {
    "representation": "Representation",
    "identification": "Identification",
    "procedures": "Procedures",
    "finance": "Comptes",
    "technique": "Technique",
}
FIRST = (OURS + "Lieu", PLACE + "Voie", PLACE + "Commune", OURS + "Lots")


class SoapVoice(Voice):
    """SOAP 1.2: headers, namespaces, attributes, faults."""

    def send(self, service: str, dossier: dict, number: str, reference: str) -> Understood:
        root = self._root(service, number)
        place = ElementTree.SubElement(root, OURS + "Dossier")
        for group in self.groups(service):
            if group in GROUPS:
                ElementTree.SubElement(place, OURS + GROUPS[group])
        for code, path, value in self.items(service, dossier):
            _put(place, path, self.text(code, value))
        for element in place.iter():
            element[:] = sorted(element, key=_rank)
        return self._call(service, root, reference)

    def status(self, reference: str) -> Understood:
        root = self._root("STATUS", "")
        ElementTree.SubElement(root, OURS + "Reference").text = reference
        return self._call("STATUS", root, reference)

    def fetch(self, number: str, reference: str = "0000") -> Understood:
        found = self._call("WS3", self._root("WS3", number), reference)
        if found.kind == "answered":
            dossier = ElementTree.fromstring(found.raw).find(f".//{OURS}Dossier")
            found.answer.dossier = self._dossier(lambda path: _of(dossier, path))
        return found

    def _root(self, service: str, number: str):
        root = ElementTree.Element(OURS + ROOTS[service], version="1.0")
        if service in KINDS:
            root.set("type", KINDS[service])
        if number:
            root.set("immatriculation", number)
        return root

    def _call(self, service: str, root, reference: str) -> Understood:
        envelope = ElementTree.Element(ENVELOPE + "Envelope")
        header = ElementTree.SubElement(envelope, ENVELOPE + "Header")
        caller = ElementTree.SubElement(header, HEAD + "Declarant", numero=self.number)
        ElementTree.SubElement(caller, HEAD + "Courriel").text = self.email
        ElementTree.SubElement(header, HEAD + "Message", id=reference)
        ElementTree.SubElement(envelope, ENVELOPE + "Body").append(root)
        action = f"urn:registre:1.0/{ROOTS[service]}"
        kind = f'application/soap+xml; charset=utf-8; action="{action}"'
        body = ElementTree.tostring(envelope, encoding="utf-8", xml_declaration=True)
        came = self.line.call("POST", "/soap/registre", {"Content-Type": kind}, body)
        return self._understood(came)

    def text(self, code: str, value) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return f"{value:.2f}".replace(".", ",")
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        return value.isoformat() if isinstance(value, date) else str(value)

    def value(self, code: str, value: str):
        kind = self.profile.item[code].type
        if kind == "bool":
            return value == "true"
        if kind == "decimal":
            return Decimal(value.replace(",", "."))
        if kind == "datetime":
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S")
        if kind == "date":
            return date.fromisoformat(value)
        return int(value) if kind == "int" else value

    def _understood(self, came: Came) -> Understood:
        assert came.headers["content-type"].startswith("application/soap+xml"), came
        [document] = ElementTree.fromstring(came.body).find(ENVELOPE + "Body")
        if document.tag == ENVELOPE + "Fault":
            told = [
                (one.get("code"), one.get("chemin"), one.findtext(OURS + "Texte"))
                for one in document.iter(OURS + "Anomalie")
            ]
            said = Said("rejected", refusals=self.reasons(told))
            return Understood("rejected", came.status, said, came.body)
        assert document.tag == OURS + "Reponse"
        words = {"ENREGISTREE": "received", "ACCEPTEE": "accepted"}
        known = document.find(OURS + "Copropriete")
        sheet = document.findtext(OURS + "Attestation")
        said = Said(
            words[document.get("etat")],
            None if known is None else known.get("immatriculation"),
            base64.b64decode(sheet) if sheet else None,
        )
        return Understood("answered", came.status, said, came.body)


def _tag(name: str) -> str:
    return PLACE + name[2:] if name.startswith("l:") else OURS + name


def _child(place, name: str, key: str | None, text: str | None):
    for one in place.findall(_tag(name)):
        if key is None or one.get(key.lstrip("@")) == text:
            return one
    return None


def _put(place, path: str, text: str) -> None:
    for step in path.split("/"):
        if step.startswith("@"):
            place.set(step[1:], text)
            return
        name, key, value = STEP.fullmatch(step).groups()
        found = _child(place, name, key, value)
        if found is None:
            found = ElementTree.SubElement(place, _tag(name))
            if key:
                found.set(key.lstrip("@"), value)
        place = found
    place.text = text


def _of(place, path: str) -> str | None:
    for step in path.split("/"):
        if step.startswith("@"):
            return place.get(step[1:])
        place = _child(place, *STEP.fullmatch(step).groups())
        if place is None:
            return None
    return place.text


def _rank(element) -> int:
    return FIRST.index(element.tag) if element.tag in FIRST else len(FIRST)
