"""Faults on demand, whatever the shape: with a document, with a status alone, in an envelope."""

import contextlib
import uuid

import pytest
from werkzeug.wrappers import Response

from conftest import BY_THE_BOOK, REST, SHIPPED, SOAP, a_dossier
from rnc import contract
from simulator.faults import AFTER, BEFORE, Faults
from simulator.profile import Profile
from simulator.speaking import Speaker
from voices.rest import RestVoice
from voices.shaped import EMAIL, NUMBER
from voices.soap import SoapVoice

# What a voice makes of what is no answer.
UNREADABLE = (AssertionError, ValueError, LookupError, SyntaxError, TypeError, RecursionError)
CUTTING = ("reset_before", "late", "reset_after")
SLOW = ("slow_drip", "latency")


@pytest.fixture(params=[(REST, RestVoice), (SOAP, SoapVoice)], ids=["rest", "soap"])
def voice(request, shaped):
    source, kind = request.param
    registry = shaped(source)
    return kind(registry, registry.registry.profile, NUMBER, EMAIL)


class Kept:
    """A line that keeps what came, whatever its caller makes of it."""

    def __init__(self, line):
        self.line = line
        self.came = None

    def call(self, *told):
        self.came = self.line.call(*told)
        return self.came


def _came(voice, fault: str):
    """What comes of an upload under a fault."""
    registry, voice.line = voice.line, Kept(voice.line)
    registry.faults.add(name=fault, service="WS1", seconds=0)
    with contextlib.suppress(*UNREADABLE):
        voice.send("WS1", a_dossier(), "", str(uuid.uuid4()))
    kept, voice.line = voice.line, registry
    return kept.came


@pytest.mark.parametrize("fault", [name for name in BEFORE if name not in CUTTING])
def test_nothing_is_processed_before(voice, fault):
    came = _came(voice, fault)
    assert came.status == (302 if fault == "redirect" else int(fault[:3]))
    assert not voice.line.registry.store.one("SELECT 1 FROM request")


@pytest.mark.parametrize("fault", [name for name in AFTER if name not in (*CUTTING, *SLOW)])
def test_what_was_processed_is_badly_told(voice, fault):
    came = _came(voice, fault)
    assert voice.line.registry.store.one("SELECT 1 FROM request"), "it was received"
    if fault == "lying_length" or (fault == "truncated" and not came.body):
        assert len(came.body) < int(came.headers["content-length"])
    elif fault == "no_reason":
        assert came.status == 403
        assert b"https://" not in came.body and b"Anomalie" not in came.body
    elif fault == "wrong_encoding" and came.status == 202:
        assert _is_understood(voice, came), "nothing is read of it"
    elif fault not in ("other_reference", "other_number"):
        assert not _is_understood(voice, came), came


def _is_understood(voice, came) -> bool:
    """Whether it still reads as the answer of an upload that was received."""
    try:
        return voice._understood(came).answer.status == "received"
    except UNREADABLE:
        return False


def test_a_fault_meets_its_service_behind_a_shared_address(shaped):
    registry = shaped(SOAP)
    voice = SoapVoice(registry, registry.registry.profile, NUMBER, EMAIL)
    registry.faults.add(name="503", service="STATUS")
    assert voice.send("WS1", a_dossier(), "", "ours-1").answer.status == "received"
    with pytest.raises(AssertionError, match="503"):
        voice.status("ours-1")
    assert voice.status("ours-1").answer.status == "accepted"


@pytest.mark.parametrize("name", [*SHIPPED, "atelier-1.0", "rest-1.0", "soap-1.0"])
def test_a_refusal_without_a_reason_is_of_the_contract(name):
    known = contract.named(name).folder if name in SHIPPED else BY_THE_BOOK.parent / name
    speaker = Speaker(Profile(known))
    fault = Faults()
    fault.add(name="no_reason")
    drawn = fault.draw("WS2_ANNUAL")
    found = drawn.spoil(Response(b"", 200), {}, speaker, "WS2_ANNUAL")
    assert found.status_code == 403
    assert found.get_data().startswith((b"<?xml", b"{"))
