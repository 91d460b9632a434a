"""A client of the operator's door, for tests and for the demo."""

import json
import urllib.error
import urllib.request


class ControlError(Exception):
    """The simulator refuses, or does not answer."""


class Control:
    """What the operator may do; answers are plain dicts and lists."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")

    def health(self) -> dict:
        return self._call("GET", "/health")

    def open_account(self, **values: str) -> None:
        """number, email, profile, organisation, siren."""
        self._call("POST", "/accounts", values)

    def declare_certificate(self, number: str, pem: bytes) -> None:
        self._call("POST", f"/accounts/{number}/certificates", pem)

    def withdraw_certificates(self, number: str) -> None:
        """The registry no longer knows them, until they are declared again."""
        self._call("DELETE", f"/accounts/{number}/certificates")

    def refuse_address(self, address: str) -> None:
        """As ``rules.address_key`` writes it: it is unknown to the registry from now on."""
        self._call("POST", "/addresses/refused", {"address": address})

    def condominiums(self) -> list[dict]:
        return self._call("GET", "/condominiums")

    def messages(self) -> list[dict]:
        """The e-mails that followed the formalities."""
        return self._call("GET", "/messages")

    def requests(self) -> list[dict]:
        return self._call("GET", "/requests")

    def accept(self, reference: str) -> None:
        self._call("POST", f"/requests/{reference}/accept", {})

    def refuse(self, reference: str, detail: str) -> None:
        self._call("POST", f"/requests/{reference}/refuse", {"detail": detail})

    def ledger(self, since: int = 0) -> list[dict]:
        return self._call("GET", f"/ledger?since={since}")

    def set_clock(self, today: str | None) -> None:
        self._call("POST", "/clock", {"today": today})

    def set_acceptance(self, mode: str) -> None:
        self._call("POST", "/acceptance", {"mode": mode})

    def add_fault(self, name: str, **values) -> None:
        self._call("POST", "/faults", {"name": name, **values})

    def rain(self, *, share: float, seed: int = 0, seconds: float = 0.1) -> None:
        """A fault for a share of the calls, drawn at random, until ``clear_faults``."""
        self._call("POST", "/faults/rain", {"share": share, "seed": seed, "seconds": seconds})

    def clear_faults(self) -> None:
        self._call("DELETE", "/faults")

    def stop(self) -> None:
        self._call("POST", "/stop", {})

    def _call(self, method: str, path: str, data=None):
        body = data if isinstance(data, bytes) else json.dumps(data or {}).encode()
        request = urllib.request.Request(
            self.url + path, data=body if method == "POST" else None, method=method
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ControlError(error.read().decode(errors="replace")) from error
        except OSError as error:
            raise ControlError(str(error)) from error
