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
    assert {text.replace("\N{NO-BREAK SPACE}", " ") for text in told} <= {
        "Un téléversement est déjà en cours.",
        "Rien à téléverser : le registre est à jour.",
        "Quelqu'un téléverse ou enregistre cette copropriété à cet instant même : réessayez dans "
        "quelques secondes.",
    }
    [upload] = offices[0].uploads([wanted])
    lines = served.control.ledger()
    assert [line["accepted"] for line in lines if line["reference"] == upload["reference"]] == [1]


def test_twins_uploaded_at_once_leave_no_error_in_the_log(served):
    """Two records of the same condominium make the same file: one of them leaves."""
    offices = [Office(served.url) for _person in range(PEOPLE)]
    values = {**condominium(2), "name": "Les Jumeaux", "street": "2 rue des Deux Clics"}
    twins = offices[0].call("copro.condominium", "create", [values] * PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as people:
        clicks = [
            people.submit(office.call, "copro.condominium", "action_upload", [twin])
            for office, twin in zip(offices, twins, strict=True)
        ]
        answers = [click.result() for click in clicks]
    told = [answer["params"]["message"] for answer in answers if answer["tag"] != "soft_reload"]
    already = "Le même fichier est déjà en route, pour Les Jumeaux : attendez sa réponse."
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in told] == [already] * (PEOPLE - 1)
    assert len(offices[0].uploads(twins)) == 1
    logs = list((served.folder / "demo").rglob("*.log"))
    assert logs and not any(b"bad query: INSERT INTO" in log.read_bytes() for log in logs)
