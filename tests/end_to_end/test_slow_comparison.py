"""A comparison that the registry keeps waiting keeps nobody else waiting."""

import time
from concurrent.futures import ThreadPoolExecutor

from end_to_end.office import Office, condominium, wait_until

SECONDS = 12  # that the registry takes for one of the downloads
PATIENCE = 100


def test_a_colleague_saves_while_the_registry_is_slow(served):
    office, colleague = Office(served.url), Office(served.url, "administrator")
    values = [{**condominium(rank), "street": f"{rank} rue de la Lenteur"} for rank in (1, 2)]
    compared = office.call("copro.condominium", "create", values)
    office.upload(compared)

    def states() -> list[str]:
        return [one["state"] for one in office.uploads(compared)]

    wait_until(lambda: states() == ["accepted"] * 2, PATIENCE, states)
    # From the second comparison on, there are lines to write over.
    office.call("copro.condominium", "action_compare", compared)
    before = len(downloads(served))
    served.control.add_fault("latency", service="WS3", seconds=SECONDS)
    with ThreadPoolExecutor(1) as waiting:
        comparing = waiting.submit(office.call, "copro.condominium", "action_compare", compared)
        wait_until(lambda: len(downloads(served)) > before, PATIENCE, lambda: downloads(served))
        began = time.monotonic()
        for one in compared:
            colleague.call("copro.condominium", "write", [one], {"lift_count": 3})
        assert time.monotonic() - began < SECONDS / 2, "they waited for the registry"
        assert not comparing.done(), "the comparison was still waiting"
        comparing.result()
    assert len(downloads(served)) - before == len(compared), "nothing was downloaded twice"
    domain = [("condominium_id", "in", compared)]

    def compared_since() -> list[dict]:
        names = ["state", "difference_count"]
        return office.call("copro.comparison", "search_read", domain, fields=names)

    # What was saved meanwhile is compared by the scheduled action, a moment later.
    wait_until(
        lambda: {one["state"] for one in compared_since()} == {"done"}, PATIENCE, compared_since
    )
    found = office.call("copro.condominium", "read", compared, ["lift_count"])
    assert [one["lift_count"] for one in found] == [3, 3], "and nothing was lost"


def downloads(served) -> list[dict]:
    return [line for line in served.control.ledger() if line["service"] == "WS3"]
