"""Odoo restarts itself: after a SIGHUP, when a request has taken too long."""

import signal

import psutil
import requests

from .office import wait_until


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/web/login", timeout=5).ok
    except requests.RequestException:
        return False


def test_the_demo_survives_its_own_restart(served):
    commands = psutil.Process(served.server.pid).children(recursive=True)
    # Its port is taken before its database is loaded: until then a SIGHUP ends it.
    wait_until(lambda: answers(served.url), 120, lambda: "it has not started")
    [odoo] = [one for one in commands if any("odoo-bin" in part for part in one.cmdline())]
    odoo.send_signal(signal.SIGHUP)
    wait_until(lambda: not answers(served.url), 60, lambda: "it has not restarted")
    wait_until(lambda: answers(served.url), 120, lambda: "it does not answer any more")
    assert odoo.is_running()
    assert served.server.poll() is None
