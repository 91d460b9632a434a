"""The connection, examined: what each part of the way says.

Nothing is changed at the registry: the last step asks what became of a request that does
not exist, which it can only say once it has recognised the certificate and the account.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from .client import REJECTED, Client, Outcome
from .i18n import _
from .transport import READING_MESSAGES, Channel, Failure, called, probe

Found = TypeVar("Found")
OK, WARN, REFUSE, SKIPPED = "ok", "warn", "refuse", "skip"
ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN"  # what a profile's code may mean

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

TOPICS = {
    "proxy": _("Proxy"),
    "dns": _("Name (DNS)"),
    "tcp": _("Connection (TCP)"),
    "tls": _("Secure connection (TLS)"),
    "certificate": _("Client certificate"),
    "account": _("Declarant account"),
}

MESSAGES = {
    **READING_MESSAGES,
    "DNS_OK": _("Address found: %(addresses)s."),
    "PROXY_OK": _("The proxy %(host)s:%(port)s opens the way to the server."),
    "TCP_OK": _("Port %(port)s answers."),
    "TLS_OK": _("%(version)s; certificate of “%(name)s”, issued by %(issuer)s, until %(until)s."),
    "TLS_DONE": _("The server has proven who it is."),
    "CERTIFICATE_OK": _("The registry accepts the certificate."),
    "ACCOUNT_OK": _("The registry knows the declarant number and e-mail."),
    "REFUSED": _("%(sentence)s"),
    "NO_REASON": _(
        "The registry refuses the call and gives no reason: ask its support, and say when it was."
    ),
    "NOT_TRIED": _("Not tried: correct the line above first."),
    "NOT_SAID": _("The registry did not go so far as to say."),
}


@dataclass(frozen=True)
class Step:
    """One line of the sheet; ``code`` is a key of MESSAGES, ``topic`` one of TOPICS."""

    topic: str
    code: str
    level: str
    params: tuple[tuple[str, str], ...] = ()


def examine(client: Client) -> list[Step]:
    """Go the whole way as far as it goes. Never raises for what happens on the way."""
    steps = list(_way(client))
    done = {step.topic for step in steps}
    # The proxy finds the server's name, and connects to it.
    skipped = {"dns", "tcp"} if client.channel.proxy else {"proxy"}
    left = [topic for topic in TOPICS if topic not in done | skipped]
    return steps + [Step(topic, "NOT_TRIED", SKIPPED) for topic in left]


def is_proven(steps: list[Step]) -> bool:
    """Whether the registry has recognised both the certificate and the account."""
    return all(step.level == OK for step in steps)


def _step(topic: str, code: str, level: str, **params) -> Step:
    return Step(topic, code, level, tuple((k, str(v)) for k, v in params.items()))


def _way(client: Client) -> Iterator[Step]:
    """The steps, until one fails."""
    channel, step = client.channel, "dns"
    try:
        host, port = probe.place_of(client.url)
        if channel.proxy:
            step = "proxy"
            _within(channel, lambda: probe.connect(host, port, channel.proxy))
            yield _step("proxy", "PROXY_OK", OK, host=channel.proxy.host, port=channel.proxy.port)
        else:
            addresses = _within(channel, lambda: probe.resolve(host, port))
            yield _step("dns", "DNS_OK", OK, addresses=", ".join(addresses))
            step = "tcp"
            _within(channel, lambda: probe.connect(host, port))
            yield _step("tcp", "TCP_OK", OK, port=port)
        step = "tls"
        yield _tls(
            _within(channel, lambda: probe.shake_hands(host, port, channel.context, channel.proxy))
        )
    except Failure as failed:
        if not _about_our_certificate(failed.code):
            yield Step(step, failed.code, REFUSE, failed.params)
            return
        # Up to TLS 1.2 the server says it during the handshake, after its own proof.
        yield Step("tls", "TLS_DONE", OK)
    yield from _judged(client)


def _within(channel: Channel, step: Callable[[], Found]) -> Found:
    """Take one step of the way within the time of a call."""
    with called(channel.limits):
        return step()


def _tls(shown: probe.Server) -> Step:
    facts = {"name": shown.name, "issuer": shown.issuer, "until": shown.until}
    return _step("tls", "TLS_OK", OK, version=shown.version.replace("TLSv", "TLS "), **facts)


def _about_our_certificate(code: str) -> bool:
    return code.startswith("CLIENT_CERTIFICATE")


def _judged(client: Client) -> Iterator[Step]:
    """What the registry says of the certificate and of the account."""
    outcome = client.prove(str(uuid.uuid4()))
    codes = [refusal.code for refusal in outcome.answer.refusals] if outcome.answer else []
    profile = client.profile
    if client.recognises(outcome):
        yield Step("certificate", "CERTIFICATE_OK", OK)
        yield Step("account", "ACCOUNT_OK", OK)
    elif ACCOUNT_UNKNOWN in map(profile.means, codes):
        yield Step("certificate", "NOT_SAID", WARN)
        yield _refused("account", client, outcome)
    elif codes:
        yield _refused("certificate", client, outcome)
    elif outcome.kind == REJECTED:
        yield Step("certificate", "NOT_SAID", WARN)
        yield Step("account", "NO_REASON", REFUSE)
    elif _about_our_certificate(outcome.code):
        yield Step("certificate", outcome.code, REFUSE, outcome.params)
    else:
        yield Step("certificate", "NOT_SAID", WARN)
        yield Step("account", outcome.code, REFUSE, outcome.params)


def _refused(topic: str, client: Client, outcome: Outcome) -> Step:
    """The registry's French sentence: its own words are the exact ones."""
    refusal = outcome.answer.refusals[0]
    values = {"item": "", "value": refusal.value or "", "detail": refusal.detail or ""}
    template = client.profile.error_sentence(refusal.code) or refusal.code
    return _step(topic, "REFUSED", REFUSE, sentence=template.format(**values))
