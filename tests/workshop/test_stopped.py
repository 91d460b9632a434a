"""``bin/test`` that is stopped at any moment leaves nothing, and the next one works."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from workshop import paths, processes

# What pytest would run: a test that starts a server of its own, and never ends.
SLOW = """
    import subprocess, sys, time

    def test_for_ever():
        code = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
        open({started!r}, "w").close()
        time.sleep(600)
"""
COMMAND = """
    import sys
    from pathlib import Path
    from types import SimpleNamespace
    from workshop import console, test
    from workshop.configuration import Instance

    class Here(Instance):
        folder = Path({folder!r})

        def environment(self, **extra):
            import os
            return {{**os.environ, **extra}}

    group = test.Group("slow", ({tests!r},), ("-p", "no:odoo"), workers={workers})
    last = test.Group("next", ({tests!r},), ("-p", "no:odoo"))
    test.GROUPS = (group, last)

    def main(arguments):
        here = Here("test", None, Path(sys.executable), None, 0)
        session = test.Session(here, [], SimpleNamespace(fast=False, floor=None))
        print(session.mark, flush=True)
        try:
            session.run([])
        finally:
            session.stop()

    console.run(main)
"""


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, 1), (signal.SIGTERM, 2)])
def test_nothing_is_left(tmp_path, number, workers):
    started, tests = tmp_path / "started", tmp_path / "test_slow.py"
    tests.write_text(textwrap.dedent(SLOW.format(started=str(started))))
    script = COMMAND.format(folder=str(tmp_path), tests=str(tests), workers=workers)
    command = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": str(paths.CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    mark = command.stdout.readline().strip()
    processes.wait_for(started.exists, 60, "it does not start", "")
    command.send_signal(number)
    _output, errors = command.communicate(timeout=90)
    assert (command.returncode, errors.strip()) == (130, "Stopped.")
    assert not processes.holding(f"COPRO_REGISTRY_RUN={mark}".encode())
