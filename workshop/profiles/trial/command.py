"""``bin/profile try``."""

import argparse
import getpass
import json
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rnc.certificate import MESSAGES as CERTIFICATE_MESSAGES
from rnc.certificate import Bundle, Unreadable, read
from rnc.client import Client
from rnc.connection_test import OK
from rnc.contract import Profile, known, load
from rnc.contract.adapter import fault_of
from rnc.profile_check import problems
from rnc.requests import Declarant
from rnc.transport import client_context

from ...console import Stop, say
from ..adapters import folder_of
from .recorder import Recorded, Redactor
from .rehearsal import NOTHING, Rehearsal
from .report import exchange_lines, report
from .words import french, step_words

LOCKED = ("PASSPHRASE_NEEDED", "WRONG_PASSPHRASE")
TWICE = 2


def add_to(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("try", help="run every service against a test server")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--url", help="of the server; that of the profile's test environment")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help=".p12, .pfx or PEM")
    parser.add_argument("--key", type=Path, metavar="FILE", help="if it is apart from it")
    parser.add_argument("--authority", type=Path, metavar="FILE", help="of a test server, PEM")
    parser.add_argument("--declarant", default="T0000001", help="the number of the account")
    parser.add_argument("--email", default="registre@exemple.example", help="of the account")
    parser.add_argument("--number", default="", help="of a condominium to go on with")
    parser.add_argument("--dossier", type=Path, metavar="FILE", help="JSON: items of your own")
    parser.add_argument("--wait", type=float, default=30, help="seconds for each answer")
    parser.add_argument("--adapter", type=Path, metavar="FILE", help="Python that brings it")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where to write it")
    parser.add_argument(
        "--production", action="count", default=0, help="say it twice to try on the real registry"
    )
    parser.set_defaults(run=_run)


def _run(options) -> int:
    profile = _profile(options)
    url = _url(options, profile)
    bundle = _bundle(options)
    channel = Recorded(_context(options, bundle), profile.limits)
    who = Redactor(options.declarant, options.email)
    client = Client(profile, url, Declarant(options.declarant, options.email), channel)
    rehearsal = Rehearsal(client, channel, options.number, options.wait)
    rehearsal.changes = _changes(options.dossier)
    steps = rehearsal.connection()
    for step in steps:
        say(f"{step.level:>6}  {step_words(step)}")
    for exchange in channel.exchanges:
        say("\n" + "\n".join(exchange_lines(exchange, who)))
    first, tried = list(channel.exchanges), []
    is_open = any(step.topic == "tls" and step.level == OK for step in steps)
    for one in rehearsal.tried() if is_open else ():
        tried.append(one)
        _show(one, who)
    path = options.report or Path(f"essai-{profile.name}-{datetime.now():%Y%m%d-%H%M%S}.md")
    _write(path, report(profile, url, (steps, first), tried, who))
    counted = Counter(one.result for one in tried)
    told = ", ".join(f"{count} {told}" for told, count in counted.items())
    say(f"\nServices: {told or 'none was tried'}.")
    say(f"Next step: read {path}, then send it to the registry's support if it helps.")
    return 0 if tried and not counted[NOTHING] else 1


def _show(one, who: Redactor) -> None:
    say(f"\n--- {one.service}")
    for exchange in one.exchanges:
        say("\n".join(exchange_lines(exchange, who)) + "\n")
    for told in one.understood:
        say(who.text(f"=> {told}"))


def _profile(options) -> Profile:
    folder = folder_of(options)
    for problem in problems(folder)[:1]:
        raise Stop(f"the profile is not fit: {problem}", f"./bin/profile check {options.folder}")
    profile = load(folder)
    for fault in fault_of(profile):
        raise Stop(fault, "give its Python file: --adapter FILE")
    return profile


def _url(options, profile: Profile) -> str:
    url = options.url or profile.environments.get("test", "")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        told = parts.hostname or "no name"  # an address may hold a password
        raise Stop(f"{told}: this is no https address of a server alone", "give --url https://…/")
    url = url if url.endswith("/") else f"{url}/"
    if _is_production(url, profile) and options.production < TWICE:
        told = f"{parts.hostname} is the production: what is tried there is declared for good"
        raise Stop(told, "try a test server; or, if you must, say --production twice")
    return url


def _is_production(url: str, profile: Profile) -> bool:
    """The same server as one that is somewhere called production, unless it is the test's."""
    host = urlsplit(url).netloc.lower().removesuffix(":443")
    profiles = [profile, *(load(folder) for folder in known().values())]
    live = [one.environments.get("production", "") for one in profiles]
    tests = [
        one.environments[name]
        for one in profiles
        for name in ("test", "simulator")
        if name in one.environments
    ]
    is_live = any(urlsplit(one).netloc.lower().removesuffix(":443") == host for one in live if one)
    return is_live and not any(url.startswith(one) for one in tests)


def _bundle(options) -> Bundle:
    if not options.certificate:
        raise Stop(
            "no certificate: the registry knows its callers by it", "give --certificate FILE"
        )
    files = [_bytes(path) for path in (options.certificate, options.key) if path]
    passphrase = None
    for _attempt in range(3):
        try:
            bundle = read(files, passphrase)
        except Unreadable as error:
            code = error.args[0] if error.args else "UNREADABLE"
            if code in LOCKED and sys.stdin.isatty():
                passphrase = getpass.getpass(f"Passphrase of {options.certificate.name}: ")
                continue
            told = french(CERTIFICATE_MESSAGES.get(code, str(code)))
            raise Stop(f"{options.certificate.name}: {told}") from None
        if not bundle.has_its_key:
            raise Stop(f"{options.certificate.name} holds no private key", "give --key FILE")
        return bundle
    raise Stop(f"{options.certificate.name}: the passphrase does not open it")


def _context(options, bundle: Bundle):
    authority = _bytes(options.authority) if options.authority else None
    try:
        return client_context(bundle.public_pem(), bundle.key_bytes(), authority)
    except (ValueError, OSError) as error:
        name = options.authority.name if options.authority else options.certificate.name
        raise Stop(f"{name} cannot be used: {type(error).__name__}", "give a PEM file") from None


def _changes(path: Path | None) -> dict[str, Any]:
    """Items of the dossier, as JSON; dates as texts. Raises Stop."""
    if path is None:
        return {}
    try:
        told = json.loads(_bytes(path))
    except ValueError:
        raise Stop(f"{path.name} is not JSON") from None
    if not isinstance(told, dict):
        raise Stop(f"{path.name} holds no object of items")
    return {code: _value(code, value) for code, value in told.items()}


def _value(code: str, value: Any) -> Any:
    from decimal import Decimal, InvalidOperation

    from ..shape import merged

    if code not in merged():
        raise Stop(f"{code} is no item of the catalogue")
    kind = merged()[code].type
    try:
        if kind == "date" and isinstance(value, str):
            return date.fromisoformat(value)
        return Decimal(str(value)) if kind == "decimal" and value is not None else value
    except (ValueError, InvalidOperation):
        raise Stop(f"{code}: {value} is no {kind}") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Stop(f"{path} cannot be written: {error.strerror}", "say --report FILE") from None
