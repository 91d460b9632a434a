"""The operator's page: on this machine, by its own pages, and nothing is believed."""

import urllib.error
import urllib.request

import pytest


def ask(desk, path, method="GET", body=None, **headers):
    url = f"http://127.0.0.1:{desk.simulator.control_port}{path}"
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def test_the_page_and_its_parts(desk):
    for path, kind in (("/", "text/html"), ("/page.js", "javascript"), ("/page.css", "css")):
        status, text, headers = ask(desk, path)
        assert status == 200 and text
        assert kind in headers["Content-Type"]
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8444"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_no_other_site_steers_the_registry(desk, headers):
    before = desk.simulator.control.health()["acceptance"]
    status, text, _headers = ask(desk, "/acceptance", "POST", b'{"mode": "manual"}', **headers)
    assert status == 403, text
    assert desk.simulator.control.health()["acceptance"] == before


def test_what_the_page_asks_is_checked(desk):
    for path, body in (
        ("/acceptance", b'{"mode": "whenever"}'),
        ("/clock", b'{"today": "tomorrow"}'),
        ("/faults", b'{"name": "earthquake"}'),
        ("/faults", b"[]"),
    ):
        assert ask(desk, path, "POST", body)[0] == 400


def test_faults_to_come_are_shown(desk):
    desk.simulator.control.add_fault("503", service="WS3", count=2)
    _status, text, _headers = ask(desk, "/faults")
    assert '"name": "503"' in text and '"count": 2' in text
