"""Somebody is saving a condominium at the moment when its batch is written."""

from concurrent.futures import ThreadPoolExecutor

from end_to_end.office import Office, condominium, wait_until

HOLD = """
import time
env.cr.execute("SELECT FROM copro_condominium WHERE id = {wanted} FOR NO KEY UPDATE")
open({signal!r}, "w").close()
deadline = time.monotonic() + 60
while not __import__("os").path.exists({release!r}) and time.monotonic() < deadline:
    time.sleep(0.1)
env.cr.rollback()
"""
PATIENCE = 100


def test_it_leaves_a_little_later_than_the_others(served, tmp_path):
    office = Office(served.url)
    values = [{**condominium(rank), "street": f"{rank} rue Occupée"} for rank in range(1, 5)]
    portfolio = office.call("copro.condominium", "create", values)
    held, release = tmp_path / "held", tmp_path / "release"
    script = HOLD.format(wanted=portfolio[1], signal=str(held), release=str(release))

    def states() -> dict[int, str]:
        return {one["condominium_id"][0]: one["state"] for one in office.uploads(portfolio)}

    def come_to(condition) -> None:
        wait_until(condition, PATIENCE, states)

    with ThreadPoolExecutor(1) as colleague:
        saving = colleague.submit(served.odoo, "shell", "-d", "copro_demo", script=script)
        come_to(held.exists)
        batch = office.upload(portfolio)
        others = [one for one in portfolio if one != portfolio[1]]
        come_to(lambda: sorted(states()) == sorted(others))
        come_to(lambda: set(states().values()) == {"accepted"})
        [told] = office.call("copro.upload.batch", "read", [batch], ["state", "elsewhere_count"])
        assert (told["state"], told["elsewhere_count"]) == ("running", 0), "it is not forgotten"
        release.touch()
        saving.result()
    come_to(lambda: sorted(states()) == sorted(portfolio))
    come_to(lambda: set(states().values()) == {"accepted"})
