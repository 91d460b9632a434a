"""Command line: ``bin/simulator``."""

import argparse
import signal
import sys
import threading
from datetime import date
from pathlib import Path

from .accounts import Accounts
from .application import Application
from .authority import Authority, write_private
from .faults import Faults
from .profile import DEFAULT, Profile
from .registry import IMMEDIATE, Registry
from .server import control_server, https_server
from .steering import Operator
from .store import OlderState, Store

CHECKOUT = Path(__file__).resolve().parent.parent
DESCRIPTION = """The registry on your desk: the seven services (WS1 to WS7) and the
status of a request, over HTTPS with a client certificate. Everything it knows is in the
state folder: ca.pem is the authority to trust. Its control address, on this machine only,
shows a page to watch the registry and steer it, and answers the same in JSON."""


def main() -> int:
    options = _parse(sys.argv[1:])
    options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        registry = _registry(options)
    except OlderState as error:
        return _fail(error, "choose another folder with --state, or remove this one")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return _fail(error, f"see what is wrong with bin/profile check {options.profile}")
    accounts, faults = Accounts(registry.store), Faults()
    _make_certificates(options.state)
    application = Application(registry, accounts, faults)
    service = https_server(application, options.state, options.host, options.port)
    control = control_server(Operator(registry, accounts, faults), options.control_port)
    try:
        service.prepare()
        control.prepare()
    except OSError as error:
        hint = "stop what uses the port, or choose others with --port and --control-port"
        return _fail(error, hint)
    _serve(service, control, registry, options)
    return 0


def _registry(options: argparse.Namespace) -> Registry:
    """Raises OlderState, or what an ill-made profile raises."""
    store = Store(options.state / "registry.sqlite")
    profile = Profile(options.profile)
    profile.check()
    registry = Registry(profile, store, options.acceptance)
    registry.today_is = options.today
    return registry


def _fail(error: Exception, next_step: str) -> int:
    print(f"Error: {error}", file=sys.stderr)
    print(f"Next step: {next_step}", file=sys.stderr)
    return 2


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/simulator", description=DESCRIPTION)
    add = parser.add_argument
    add("--state", type=Path, default=CHECKOUT / "var" / "simulator")
    add("--profile", type=Path, default=DEFAULT, help="folder of a contract profile")
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=8443)
    add("--control-port", type=int, default=8444, help="on the loopback, always")
    add(
        "--acceptance",
        default=IMMEDIATE,
        help="when a received request is accepted: immediate, manual, or seconds",
    )
    add("--today", type=date.fromisoformat, help="the registry's date, YYYY-MM-DD")
    return parser.parse_args(arguments)


def _make_certificates(state: Path) -> None:
    authority = Authority.open(state)
    if not (state / "server.pem").exists():
        issued = authority.server()
        write_private(state / "server.key", issued.key)
        (state / "server.pem").write_bytes(issued.certificate)


def _serve(service, control, registry: Registry, options) -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_arguments: stopping.set())
    for server in (service, control):
        threading.Thread(target=server.serve, daemon=True).start()
    url = f"https://{options.host}:{options.port}{registry.profile.base_path}"
    print(f"ready {url} control http://127.0.0.1:{options.control_port}", flush=True)
    stopping.wait()
    for server in (service, control):
        server.stop()
    registry.store.close()


if __name__ == "__main__":
    sys.exit(main())
