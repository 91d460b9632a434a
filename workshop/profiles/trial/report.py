"""The report of a trial: a page for the registry's support. It holds no key and nobody's data."""

from datetime import datetime

from rnc.connection_test import Step
from rnc.contract import Profile
from rnc.transport import READING_MESSAGES

from .recorder import Exchange, Redactor
from .rehearsal import NOTHING, REFUSED, TAKEN, Tried
from .words import french, step_words

RESULTS = {TAKEN: "✓ pris", REFUSED: "refusé, compris", NOTHING: "✗ **pas compris**"}
MARKS = {"ok": "✓", "warn": "!", "refuse": "✗", "skip": "–"}


def report(
    profile: Profile,
    url: str,
    connection: tuple[list[Step], list[Exchange]],
    tried: list[Tried],
    who: Redactor,
) -> str:
    """``connection``: its steps, and what travelled."""
    steps, exchanges = connection
    lines = [
        f"# Essai du profil {profile.name} ({profile.contract_version})",
        "",
        f"- Serveur\u00a0: {who.text(url)}",
        f"- Date\u00a0: {datetime.now().astimezone().isoformat(timespec='seconds')}",
        "- Dossier de démonstration\u00a0: rien de vrai. Le compte est masqué, aucune clé n'y est.",
        "",
        "## Connexion",
        "",
        *(f"- {MARKS[step.level]} {who.text(step_words(step))}" for step in steps),
        *_exchanges(exchanges, who),
        "",
        "## Services",
        "",
        "| service | | compris |",
        "| --- | --- | --- |",
        *(_row(one, who) for one in tried),
    ]
    for one in tried:
        lines += _detail(one, who)
    return "\n".join(lines) + "\n"


def _row(one: Tried, who: Redactor) -> str:
    told = who.text(" ".join(one.understood)).replace("|", "\\|").replace("\n", " ")
    return f"| {one.service} | {RESULTS[one.result]} | {told} |"


def _detail(one: Tried, who: Redactor) -> list[str]:
    lines = ["", f"## {one.service}", *_exchanges(one.exchanges, who), ""]
    return lines + [f"> {who.text(told)}" for told in one.understood]


def _exchanges(exchanges: list[Exchange], who: Redactor) -> list[str]:
    blocks = [["", "```http", *exchange_lines(one, who), "```"] for one in exchanges]
    return [line for block in blocks for line in block]


def exchange_lines(exchange: Exchange, who: Redactor) -> list[str]:
    lines = [f"{exchange.method} {who.text(exchange.url)}"]
    lines += [f"{name}: {value}" for name, value in who.headers(exchange.headers).items()]
    lines += _body(exchange.body, who)
    if exchange.reply is None:
        return [*lines, "", french(READING_MESSAGES.get(exchange.failed, exchange.failed))]
    reply = exchange.reply
    headers = {"content-type": reply.content_type, **getattr(reply, "headers", {})}
    lines += ["", f"HTTP {reply.status} ({reply.milliseconds} ms)"]
    lines += [f"{name}: {value}" for name, value in who.headers(headers).items() if value]
    return lines + _body(reply.body, who)


def _body(body: bytes, who: Redactor) -> list[str]:
    return ["", *who.body(body).replace("```", "'''").splitlines()] if body else []
