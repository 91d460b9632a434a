"""Several people click at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from end_to_end.office import Office, condominium

PEOPLE = 6


def test_one_call_leaves_and_nobody_meets_an_error(served):
    offices = [Office(served.url) for _person in range(PEOPLE)]
    [wanted] = offices[0].call(
        "copro.condominium", "create", [{**condominium(1), "street": "1 rue des Deux Clics"}]
    )
    with ThreadPoolExecutor(PEOPLE) as people:
        clicks = [
            people.submit(office.call, "copro.condominium", "action_upload", [wanted])
            for office in offices
        ]
        answers = [click.result() for click in clicks]
    told = [answer["params"]["message"] for answer in answers if answer["tag"] != "soft_reload"]
    assert len(told) == PEOPLE - 1
    assert set(told) <= {
        "Un téléversement est déjà en cours.",
        "Rien à téléverser : le registre est à jour.",
    }
    [upload] = offices[0].uploads([wanted])
    lines = served.control.ledger()
    assert [line["accepted"] for line in lines if line["reference"] == upload["reference"]] == [1]
