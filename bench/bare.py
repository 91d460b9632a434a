"""The peers of the engine that are not Odoo: the same bytes, posted by requests alone."""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests


@dataclass(frozen=True)
class Door:
    """Where to post, and with what identity (paths of PEM files)."""

    url: str
    headers: dict[str, str]
    certificate: str
    key: str
    authority: str

    def session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.cert = (self.certificate, self.key)
        session.verify = self.authority
        session.headers.update(self.headers)
        return session

    def post(self, session: requests.Session, reference: str, payload: str) -> bytes:
        """Post one file; returns the answer. Raises when it is not accepted."""
        answer = session.post(
            self.url,
            data=payload.encode(),
            headers={"X-Reference-Declarant": reference},
            timeout=60,
        )
        answer.raise_for_status()
        return answer.content


def keep_alive(door: Door, files: list[tuple[str, str]], connections: int) -> None:
    """A loop, or several, each over a session of its own that is kept alive."""
    own = threading.local()

    def one(file):
        if not hasattr(own, "session"):
            own.session = door.session()
        door.post(own.session, *file)

    _run(one, files, connections)


def new_each_time(door: Door, files: list[tuple[str, str]], connections: int) -> None:
    """A new session for each call, as Odoo's own EDI modules do."""

    def one(file):
        with door.session() as session:
            door.post(session, *file)

    _run(one, files, connections)


def _run(one, files, connections: int) -> None:
    with ThreadPoolExecutor(connections) as threads:
        for _done in threads.map(one, files):
            pass


def main() -> None:
    """Run in a process of its own: the plan comes in as JSON, the cost goes out."""
    plan = json.load(sys.stdin)
    way = {"keep_alive": keep_alive, "new_each_time": new_each_time}[plan["way"]]
    started, cpu = time.monotonic(), time.process_time()
    way(Door(**plan["door"]), plan["files"], plan["connections"])
    cost = {"seconds": time.monotonic() - started, "cpu": time.process_time() - cpu}
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
