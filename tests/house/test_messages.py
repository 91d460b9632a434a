"""Every sentence that a syndic can meet: ``bin/messages`` prints them."""

import re
from collections import Counter

import pytest

from workshop.messages import catalogue

MESSAGES = catalogue()
LEAST = {
    **{"rule": 50, "certificate": 25, "transport": 20, "connection": 30},
    **{"profile": 25, "error": 20},
}
END = re.compile(r"([.…:»]|%\(\w+\)s|\{\w+\})$")
# What to do: an imperative, or what must be, or who or what will do it.
TO_DO = re.compile(
    r"\b\w{2,}ez\b|\b(faites|doit|doivent|ne peut|ne peuvent|faut|obligatoire|exige|seuls?|"
    r"attendus|Seul)\b|Un nouvel essai|ser(a|ont) (interrogé|retenté)|pourront|administrateur|"
    r"%\((reasons|fault)\)s"
)
# Nothing to do: good news, or what is said beside the field that shows it.
STATED = {
    *("HOLDER_OK", "SIREN_OK", "ISSUER_OK", "POLICY_OK", "USAGE_OK", "KEY_USAGE_OK"),
    *("PROXY_OK", "DNS_OK", "TCP_OK", "TLS_OK", "TLS_DONE"),
    *("CERTIFICATE_OK", "ACCOUNT_OK", "NOT_SAID"),
    "REFUSED",  # the registry's own sentence
    *("VALID", "EXPIRY_ACCEPTED", "KEY_SIZE_OK", "CHAIN_OK", "KEY_OK"),
    *("IMPOSSIBLE_DATE", "MEETING_FUTURE", "FISCAL_YEAR_OPEN", "NOT_SMALL"),
}


def test_the_catalogue_is_whole():
    """A table that moves, or a reading that finds nothing, is seen at once."""
    found = Counter(message.origin for message in MESSAGES)
    assert not {origin: found[origin] for origin, least in LEAST.items() if found[origin] < least}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: f"{m.origin} {m.code}")
def test_a_sentence(message):
    assert message.french, "no French"
    english, french = message.placeholders
    assert message.origin == "profile" or english == french
    for text in filter(None, (message.english, message.french)):
        assert END.search(text), text
        assert text[:1].isupper() or text[0] in "“«%{", text


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: f"{m.origin} {m.code}")
def test_it_says_what_to_do(message):
    if message.code in STATED:
        return
    assert TO_DO.search(message.french), message.french
