"""The engine beside bare requests, a session per call, and OCA's queue_job: ratios."""

import argparse
import json
import subprocess
from dataclasses import dataclass

from workshop import console, paths
from workshop.console import say, step

from .plant import Plant
from .queue_job import QueueJob

ENGINE = paths.CHECKOUT / "bench" / "plant_engine.py"
# Bounds of the profile that leave the account's own setting to decide.
LIMITS = {"connections": 8, "calls_per_minute": 60_000}
SIREN, NUMBER, EMAIL = "999000011", "T0000001", "registre@cabinet-fictif.example"
WARM = 8
WAYS = ("engine", "keep_alive", "new_each_time", "queue_job")
LABELS = {
    "engine": "engine",
    "keep_alive": "(a) bare loop, sessions kept alive",
    "new_each_time": "(b) a new session for each call",
    "queue_job": "(c) queue_job, a job for each upload",
}


@dataclass(frozen=True)
class Weather:
    """One line of the comparison."""

    latency: float  # seconds from a request to its answer, 0 for as fast as it can
    connections: int
    uploads: int

    def __str__(self) -> str:
        return f"{self.latency * 1000:.0f} ms, {self.connections} connection(s)"


@dataclass(frozen=True)
class Cost:
    """What so many uploads took."""

    uploads: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.uploads / self.seconds


class Contest:
    """The same bytes to the same simulator, by each way in turn."""

    def __init__(self, plant: Plant):
        self.plant = plant
        self.door = self._door()

    def run(self, weather: Weather) -> dict[str, Cost]:
        self._set(weather)
        return {way: self._measure(way, weather) for way in WAYS}

    def _measure(self, way: str, weather: Weather) -> Cost:
        step(f"{weather}: {LABELS[way]}")
        if way == "engine":
            output = self.plant.shell(ENGINE, str(WARM), str(weather.uploads))
            cost = json.loads(output.splitlines()[-1])
        elif way == "queue_job":
            with QueueJob(self.plant, self.door, weather.connections) as peer:
                peer.upload(self._files(WARM * weather.connections))  # each of its workers
                cost = peer.upload(self._files(weather.uploads))
        else:
            cost = self._bare(way, weather)
        return Cost(weather.uploads, cost["seconds"], cost["cpu"])

    def _bare(self, way: str, weather: Weather) -> dict:
        plan = {"way": way, "door": self.door, "connections": weather.connections}
        done = subprocess.run(
            [str(self.plant.instance.python), "-m", "bench.bare"],
            input=json.dumps({**plan, "files": self._files(weather.uploads)}),
            cwd=paths.CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def _set(self, weather: Weather) -> None:
        control = self.plant.simulator.control
        control.clear_faults()
        if weather.latency:
            control.add_fault("latency", service="WS1", count=10**6, seconds=weather.latency)
        statement = "UPDATE copro_declarant_account SET connections = %s"
        self.plant.query(statement, weather.connections)

    def _files(self, count: int) -> list[tuple[str, str]]:
        """(reference, payload) of frozen files, which the engine will then not send."""
        return self.plant.query(
            "UPDATE copro_transmission SET state = 'cancelled' WHERE id IN ("
            "SELECT id FROM copro_transmission WHERE state = 'queued' ORDER BY id LIMIT %s) "
            "RETURNING reference, payload",
            count,
        )

    def _door(self) -> dict:
        """An identity in files, for those who read them from there."""
        simulator, folder = self.plant.simulator, self.plant.instance.folder / "identity"
        folder.mkdir(exist_ok=True, mode=0o700)
        identity = simulator.authority.client(SIREN, "Cabinet Fictif", bits=2048)
        simulator.control.declare_certificate(NUMBER, identity.certificate)
        contents = {
            "certificate": identity.certificate,
            "key": identity.key,
            "authority": simulator.authority.pem,
        }
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        headers = {
            "Content-Type": "application/xml; charset=utf-8",
            "X-Numero-Teledeclarant": NUMBER,
            "X-Email-Teledeclarant": EMAIL,
        }
        return {"url": simulator.url, "headers": headers} | {
            name: str(folder / name) for name in contents
        }


def tell(weather: Weather, costs: dict[str, Cost]) -> None:
    engine = costs["engine"]
    say(f"\n{weather}, {weather.uploads} uploads")
    for way, cost in costs.items():
        ratio = cost.seconds / engine.seconds
        own = f"{cost.cpu / cost.uploads * 1000:.1f} ms of CPU each"
        times = f"{cost.seconds:6.2f} s  {cost.rate:6.1f}/s  {own:24}"
        say(f"  {LABELS[way]:38} {times} {ratio:5.2f} × the engine's time")
    if weather.latency:
        ideal = weather.connections / weather.latency
        bare = costs["keep_alive"].rate / ideal  # what this machine lets anyone reach
        say(f"  of the ideal {ideal:.0f}/s: engine {engine.rate / ideal:.0%}, (a) {bare:.0%}")


def verdicts(told: dict[Weather, dict[str, Cost]]) -> list[tuple[bool, str]]:
    """The goals, and whether this run met them."""
    found = []
    for weather, costs in told.items():
        engine = costs["engine"]
        if weather.latency and weather.connections == 8:
            share = engine.rate * weather.latency / weather.connections
            found.append((share >= 0.9, f"{weather}: {share:.0%} of the ideal (≥ 90 %)"))
        if not weather.latency:
            slower = engine.seconds / costs["keep_alive"].seconds
            found.append((slower <= 1.5, f"{weather}: {slower:.2f} × (a) (≤ 1.5)"))
            ahead = costs["new_each_time"].seconds / engine.seconds
            found.append((ahead > 1, f"{weather}: {ahead:.2f} × faster than (b) (> 1)"))
            ahead = costs["queue_job"].seconds / engine.seconds
            found.append((ahead >= 3, f"{weather}: {ahead:.2f} × faster than (c) (≥ 3)"))
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench upload", description=__doc__)
    parser.add_argument("--uploads", type=int, default=800, help="for each measure")
    wanted = parser.parse_args(arguments).uploads
    weathers = [
        Weather(latency, connections, wanted if connections > 1 or not latency else wanted // 8)
        for latency in (0, 0.1)
        for connections in (1, 8)
    ]
    files = sum(len(WAYS) * w.uploads + WARM * (1 + w.connections) for w in weathers)
    with Plant("upload", limits=LIMITS) as plant:
        plant.fill(files)
        plant.hold()
        contest = Contest(plant)
        told = {}
        for weather in weathers:
            told[weather] = contest.run(weather)
            tell(weather, told[weather])
    say("\nGoals")
    found = verdicts(told)
    for met, sentence in found:
        say(f"  {'met    ' if met else 'NOT met'}  {sentence}")
    return 0 if all(met for met, _sentence in found) else 1


if __name__ == "__main__":
    console.run(main)
