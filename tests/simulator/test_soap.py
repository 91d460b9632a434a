"""SOAP as other contracts have it: version 1.1, other faults, other encodings."""

from xml.etree import ElementTree

import pytest

from conftest import SOAP, a_dossier
from voices.shaped import EMAIL, NUMBER
from voices.soap import ENVELOPE, OURS, SoapVoice

OLDER = "{http://schemas.xmlsoap.org/soap/envelope/}"
KIND = "application/soap+xml; charset=utf-8"


@pytest.fixture
def spoken(shaped):
    """``spoken(change)``: a declarant, and the message that they would send."""

    def made(change, dossier=None):
        registry = shaped(SOAP, change)
        voice = SoapVoice(registry, registry.registry.profile, NUMBER, EMAIL)
        held = []
        voice.line = type("Held", (), {"call": lambda _self, *told: held.append(told) or 1 / 0})()
        with pytest.raises(ZeroDivisionError):
            voice.send("WS1", dossier or a_dossier(), "", "ours-1")
        return registry, held[0]

    return made


def _older(fault: dict | None):
    def change(manifest: dict) -> None:
        manifest["wire"] |= {"soap": "1.1", "media_type": "text/xml; charset=utf-8"}
        manifest["answer"]["fault"] = fault

    return change


def _as_older(message: tuple, action: str) -> tuple:
    method, path, _headers, body = message
    body = body.replace(ENVELOPE[1:-1].encode(), OLDER[1:-1].encode())
    return method, path, {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": action}, body


def _fault(came):
    [fault] = ElementTree.fromstring(came.body).find(OLDER + "Body")
    assert fault.tag == OLDER + "Fault"
    return fault


def test_an_older_envelope_has_its_action_in_a_header(spoken):
    registry, message = spoken(_older(None))
    came = registry.call(*_as_older(message, '"urn:registre:1.0/Immatriculer"'))
    assert (came.status, came.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    [answer] = ElementTree.fromstring(came.body).find(OLDER + "Body")
    assert answer.get("etat") == "ENREGISTREE"
    other = registry.call(*_as_older(message, '"urn:registre:1.0/Renouveler"'))
    assert other.status == 500
    assert _fault(other).findtext("faultcode") == "DOCUMENT_INVALID"


def test_a_fault_without_a_description_has_its_code_where_soap_puts_it(spoken):
    registry, message = spoken(_older(None), a_dossier(nb_lots_principaux=13))
    came = registry.call(*_as_older(message, '"urn:registre:1.0/Immatriculer"'))
    fault = _fault(came)
    assert came.status == 500
    assert [child.tag for child in fault] == ["faultcode", "faultstring"]
    assert fault.findtext("faultcode") == "LOTS_INCONSISTENT"


def test_a_fault_of_the_older_envelope_has_a_detail(spoken):
    fault = {"errors": "detail/Anomalies/Anomalie", "error_code": "@code", "error_item": "@chemin"}
    registry, message = spoken(_older(fault), a_dossier(nb_lots_principaux=13))
    found = _fault(registry.call(*_as_older(message, '"urn:registre:1.0/Immatriculer"')))
    [error] = found.find("detail").iter(OURS + "Anomalie")
    assert error.attrib == {"code": "LOTS_INCONSISTENT", "chemin": "Identification/Lots/@total"}
    assert found.findtext("faultcode") == "env:Client"


def test_a_refusal_may_be_an_answer(spoken):
    def change(manifest: dict) -> None:
        manifest["answer"] |= {"errors": "Erreur", "error_code": "@code", "fault": None}
        manifest["answer"]["outcomes"]["REFUSEE"] = "rejected"

    registry, message = spoken(change, a_dossier(nb_lots_principaux=13))
    came = registry.call(*message)
    [answer] = ElementTree.fromstring(came.body).find(ENVELOPE + "Body")
    assert (answer.get("etat"), answer.find(OURS + "Erreur").get("code")) == (
        "REFUSEE",
        "LOTS_INCONSISTENT",
    )


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16"])
def test_another_encoding_both_ways(spoken, charset):
    kind = f"application/soap+xml; charset={charset}"
    registry, message = spoken(lambda manifest: manifest["wire"].update(media_type=kind))
    method, path, headers, body = message
    text = body.decode("utf-8").replace("encoding='utf-8'", f"encoding='{charset}'")
    headers = {"Content-Type": headers["Content-Type"].replace("utf-8", charset)}
    came = registry.call(method, path, headers, text.encode(charset))
    assert (came.status, came.headers["content-type"]) == (200, kind), came
    request = registry.registry.store.one("SELECT dossier FROM request")
    assert "Résidence d'essai" in request["dossier"]
    assert came.body.decode(charset).startswith(f"<?xml version='1.0' encoding='{charset}'")


def test_other_headers_of_the_envelope_are_nobodys_business(spoken):
    registry, (method, path, headers, body) = spoken(lambda manifest: None)
    body = body.replace(b"</ns0:Header>", b'<x xmlns="urn:other">1</x></ns0:Header>')
    assert registry.call(method, path, headers, body).status == 200


def test_an_error_may_be_an_element_of_its_own_name(spoken):
    def change(manifest: dict) -> None:
        names = ["Detail/ADDRESS_UNKNOWN", "Detail/LOTS_INCONSISTENT"]
        manifest["answer"]["fault"] = {"errors": names, "error_code": "name()"}

    registry, message = spoken(change, a_dossier(nb_lots_principaux=13))
    found = ElementTree.fromstring(registry.call(*message).body)
    [error] = found.find(f".//{ENVELOPE}Detail")
    assert error.tag == OURS + "LOTS_INCONSISTENT"
