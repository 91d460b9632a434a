"""Slow servers: what a call, a click and a connection test last, beside their bounds."""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rnc import contract
from rnc.client import Client, Declarant
from rnc.connection_test import examine
from rnc.dispatch import Dispatch
from rnc.transport import Channel, client_context, ended_by
from simulator.slow import KINDS, SlowServer
from workshop import console
from workshop.console import say, step

# What Odoo's defaults (limit_time_real = 120) leave to a call, and to all those of a click.
CALL, CLICK = 40.0, 15.0
SLACK = 1.0
LARGE = b" " * 20_000_000  # more than two sockets hold


def main(arguments: list[str]) -> int:
    """Print the table; 0 when every bound holds."""
    parser = argparse.ArgumentParser(prog="bin/bench slow", description=__doc__)
    parser.add_argument("--call", type=float, default=CALL, help="bound of a call, in seconds")
    parser.add_argument("--click", type=float, default=CLICK, help="bound of a click, in seconds")
    wanted = parser.parse_args(arguments)
    step(f"One call ({wanted.call:g} s at most), one click and one test ({wanted.click:g} s)")
    say(f"{'kind':12} {'call':>8} {'click':>8} {'test':>8}   what the server does")
    kept = [_measured(kind, wanted.call, wanted.click) for kind in KINDS]
    say("every bound holds" if all(kept) else "a bound does not hold")
    return 0 if all(kept) else 1


def _measured(kind: str, call: float, click: float) -> bool:
    """Measure one kind of slowness, print its line; whether its bounds hold."""
    body = LARGE if kind == "deaf" else b"<document/>"
    with tempfile.TemporaryDirectory() as folder:
        with SlowServer(Path(folder), kind, late=min(call, click) * 0.9) as server:
            client = _client(server, call)
            calls = _timed(lambda: client.send("WS1", body, reference="slow"))
            clicks = _timed(lambda: _click(server, call, click, body))
            tests = _timed(lambda: _test(server, call, click))
    say(f"{kind:12} {calls:7.2f}s {clicks:7.2f}s {tests:7.2f}s   {KINDS[kind]}")
    return calls <= call + SLACK and max(clicks, tests) <= click + SLACK


def _client(server: SlowServer, call: float) -> Client:
    profile = contract.named()
    profile = replace(profile, limits=profile.limits.capped(call))
    channel = Channel(client_context(None, None, server.authority.pem), profile.limits)
    return Client(profile, server.url, Declarant("T0000001", "a@b.example"), channel)


def _click(server: SlowServer, call: float, click: float, body: bytes) -> None:
    """A file, then the question: what a person waits for."""
    with Dispatch(click) as dispatch:
        client = dispatch.client("account", lambda: _client(server, call))
        for one in (lambda: client.send("WS1", body, reference="slow"), lambda: client.prove("a")):
            dispatch.submit("account", "one", one)
            dispatch.completed()


def _test(server: SlowServer, call: float, click: float) -> None:
    with ended_by(time.monotonic() + click):
        examine(_client(server, call))


def _timed(action: Callable[[], object]) -> float:
    started = time.monotonic()
    action()
    return time.monotonic() - started


if __name__ == "__main__":
    console.run(main)
