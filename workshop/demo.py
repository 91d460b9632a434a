"""``bin/demo``: the main job on demo data, then the web client."""

import argparse
import subprocess

from . import console, database, instance, lock, paths, processes
from .configuration import Instance
from .console import Stop, say, step
from .simulator import Running

DATABASE = "copro_demo"
LOGINS = (
    ("reader", "reader", "sees"),
    ("manager", "manager", "edits and uploads"),
    ("administrator", "administrator", "sets the technical parameters"),
)


def main(arguments: list[str]) -> int:
    options = _parse(arguments)
    port = _web_port(options)
    alone = lock.alone(
        paths.VAR / "demo.lock",
        "the demo of this checkout is already running",
        "use it, or stop it with Ctrl-C in its terminal",
    )
    with alone:
        _demonstrate(options, port)
    return 0


def _demonstrate(options: argparse.Namespace, port: int) -> None:
    prepared = instance.prepare("demo", database=DATABASE, port=port)
    simulator = Running(prepared.folder / "simulator", prepared.python)
    try:
        if options.fresh:
            step("Starting over")
            database.drop(prepared)
        if database.prepare(prepared, demo=True):
            # A new portfolio meets a registry that has never heard of it.
            simulator.forget()
        simulator.start()
        _run_the_main_job(prepared, simulator)
        if not options.no_serve:
            _serve(prepared, simulator)
    finally:
        simulator.stop()
        instance.stop_postgres(prepared)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description="Declare a demo portfolio to a simulated registry, then serve Odoo.",
    )
    parser.add_argument("--no-serve", action="store_true", help="end after the job")
    parser.add_argument("--fresh", action="store_true", help="start over from nothing")
    parser.add_argument("--port", type=int, help="of the web client (8069 by default)")
    return parser.parse_args(arguments)


def _web_port(options: argparse.Namespace) -> int:
    if options.no_serve:
        return instance.PORT
    if options.port is None:
        return processes.free_port(instance.PORT)
    if not processes.is_free(options.port):
        raise Stop(f"port {options.port} is taken", "give another one with --port")
    return options.port


def _run_the_main_job(prepared: Instance, simulator: Running) -> None:
    step("Declaring the portfolio")
    say()
    script = paths.CHECKOUT / "workshop" / "demo_job.py"
    flags = ["-d", DATABASE, "--no-http", "--log-level=error"]
    environment = prepared.environment(
        COPRO_REGISTRY_SIMULATOR_STATE=str(simulator.state),
        COPRO_REGISTRY_SIMULATOR_URL=simulator.url,
        COPRO_REGISTRY_SIMULATOR_CONTROL=simulator.control,
    )
    with script.open() as source, prepared.log.open("ab") as log:
        result = subprocess.run(
            prepared.command("shell", *flags), stdin=source, stderr=log, env=environment
        )
    say()
    if result.returncode:
        raise Stop(
            "the main job did not end well",
            f"read {prepared.log}, then run it again; --fresh starts over",
        )


def _serve(prepared: Instance, simulator: Running) -> None:
    step("Starting the web client")
    with prepared.log.open("ab") as log:
        server = subprocess.Popen(
            # Another command may write the configuration anew, with its own port, before a
            # restart of this server reads it.
            prepared.command("-d", DATABASE, f"--http-port={prepared.port}", "--log-level=warn"),
            env=prepared.environment(),
            stdout=log,
            stderr=log,
        )
    try:
        processes.wait_for(
            lambda: server.poll() is not None or not processes.is_free(prepared.port),
            *(90, "the web client does not start", f"read {prepared.log}"),
        )
        if server.poll() is not None:
            raise Stop("the web client stopped at once", f"read {prepared.log}")
        _tell(prepared, simulator)
        server.wait()
    except KeyboardInterrupt:
        step("Stopping")
    finally:
        processes.stop(server)


def _tell(prepared: Instance, simulator: Running) -> None:
    say()
    say(f"  Open http://127.0.0.1:{prepared.port}/odoo/condominiums-today")
    say(f"  {simulator.control}: the simulated registry, to watch it and to steer it")
    for login, password, what in LOGINS:
        say(f"  {login} / {password}: {what}")
    say("  Ctrl-C stops everything; run it again and it goes on.")
    say()


if __name__ == "__main__":
    console.run(main)
