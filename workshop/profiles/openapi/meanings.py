"""Which error of the default profile a code of the contract means."""

from typing import Any

from rnc.contract import named

from .words import meanings

FITTING = 0.45
OF_STATUS = {
    "401": ("CERT_UNKNOWN", "caller"),
    "403": ("NOT_ATTACHED", "affiliation"),
    "404": ("NUMBER_UNKNOWN", "file"),
    "409": ("ALREADY_REGISTERED", "file"),
}
SENTENCE = (
    "Le registre refuse le fichier ({detail}) : corrigez ce qu'il signale, puis téléversez de "
    "nouveau."
)


def errors_table(codes: list[str], statuses: set[str]) -> tuple[dict[str, Any], list[str]]:
    """(errors.json, what is left to a person)."""
    table, doubts, taken = {}, [], set()
    for code in codes:
        meant = _meant(code, taken)
        taken.add(meant)
        table[code] = _described(meant)
    plain = [code for code, told in table.items() if "means" not in told]
    if plain:
        told = ", ".join(plain[:12]) + (", …" if len(plain) > 12 else "")
        doubts.append(
            f"errors.json: of which item, with which sentence: {len(plain)} codes: {told}"
        )
    for status in sorted(statuses & OF_STATUS.keys()):
        meant, about = OF_STATUS[status]
        if meant not in taken:
            table[status] = {**_described(meant), "about": about}
            doubts.append(f"errors.json: the status {status} alone is taken for {meant}: is it?")
    return table, doubts


def _described(meant: str) -> dict[str, Any]:
    if not meant:
        return {"item": None, "message": SENTENCE.replace(" :", "\u00a0:")}
    shipped = named().errors[meant]
    return {"means": meant, "item": shipped.get("item"), "message": shipped["message"]}


def _meant(code: str, taken: set[str]) -> str:
    theirs, best, found = meanings(code), FITTING, ""
    for name in named().errors:
        ours = meanings(name)
        alike = len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0
        if alike > best and name not in taken:
            best, found = alike, name
    return found
