"""Parameters of addresses, queries and headers, and constants: which template each one is."""

import re
from dataclasses import dataclass
from typing import Any

from rnc.profile_rules import OWN_HEADERS

from ..shape import merged
from .document import Description, Leaf, Operation
from .items import guesses
from .services import is_number
from .words import plain_text

OPEN = "?"  # a question: the checker refuses what begins so
# (what tells it, the template), the first that is found; of the name alone, then of all texts.
KNOWN = (
    (
        r"idempot|correlation|x request id"
        r"|(request|message|requete|client|our|declarant|external) ?(id|ref|uuid)\b"
        r"|reference (du )?(declarant|editeur|client|externe)|reference externe",
        "{reference}",
    ),
    (
        r"(declarant|filer|account|compte|teledeclarant|customer|user|agent).*(mail|courriel)|^from$"
        r"|(mail|courriel).*(declarant|account|compte)",
        "{declarant_email}",
    ),
    (r"(tele ?declarant|declarant|filer|account|compte|customer|user|agent)", "{declarant_number}"),
)
BY_PAGE = (
    (r"cursor|curseur|after|continuation|token", "{cursor}"),
    (r"offset|start|skip|debut", "{offset}"),
    (r"size|limit|per ?page|taille|count|nombre|max", "{size}"),
    (r"page", "{page}"),
)
NOT_QUOTED = ("list", "struct", "file")
UNDECIDED = r"timestamp|horodat|date (of|de|d) (envoi|emission)|sent at|^date$|moment"


@dataclass
class Told:
    """What was decided of a parameter."""

    where: str  # path, query or header
    name: str
    template: str  # "" when it is left out
    is_sure: bool
    text: str  # what the description says of it


def told_parameters(description: Description, service: str, operation: Operation) -> list[Told]:
    return [
        _told(service, parameter, description)
        for parameter in operation.parameters
        if parameter.get("in") in ("path", "query", "header")
        and str(parameter.get("name", "")).lower() not in (*OWN_HEADERS, "authorization")
    ]


def _told(service: str, parameter: dict[str, Any], description: Description) -> Told:
    name, where = str(parameter.get("name", "")), str(parameter["in"])
    schema = description.whole(parameter.get("schema", {}))
    text = " ".join(str(part) for part in (parameter.get("description", ""),) if part)
    constant = constant_of(schema)
    if constant is not None:
        return Told(where, name, _plain(constant), True, text)
    template, is_sure = _template(service, where, name, text, schema)
    if not template and (parameter.get("required") or where == "path"):
        return Told(where, name, OPEN, False, text)
    return Told(where, name, template if is_sure else f"{OPEN}{template}", is_sure, text)


def _template(service: str, where: str, name: str, text: str, schema: dict) -> tuple[str, bool]:
    """(template, whether it is sure); ("", True) when nothing is known of it."""
    if service == "LIST":
        paged = first_of(BY_PAGE, plain_text(name))
        if paged:
            return paged, True
    if where == "path":
        return _of_path(service, name, text, schema)
    known = first_of(KNOWN, plain_text(name))
    if not known and where == "header" and re.search(r"mail|courriel", plain_text(name)):
        known = "{declarant_email}"
    if known:
        return known, True
    if re.search(UNDECIDED, plain_text(name)):
        form = "%Y-%m-%dT%H:%M:%SZ" if schema.get("format") == "date-time" else "%Y-%m-%d"
        return f"{{now:{form}}}", True
    if is_number(name, ""):
        return "{registration_number}", service not in ("WS1", "LIST")
    item = _item(service, name, text, schema)
    if item:
        return item
    told = first_of(KNOWN, plain_text(text))
    return (told, False) if told else ("", True)


def _of_path(service: str, name: str, text: str, schema: dict) -> tuple[str, bool]:
    if service in ("STATUS", "ATTESTATION", "DOCUMENT") and not is_number(name, ""):
        ours = first_of(KNOWN[:1], plain_text(f"{name} {text}"))
        return (ours, True) if ours else ("{registry_reference}", True)
    if is_number(name, text):
        return "{registration_number}", True
    item = _item(service, name, text, schema)
    if item:
        return item
    return "{registration_number}", False


def _item(service: str, name: str, text: str, schema: dict[str, Any]) -> tuple[str, bool] | None:
    """The item that a parameter seems to be, in the form that its schema wants."""
    known = merged("WS4" if service == "DOCUMENT" else service)
    codes = [c for c, i in known.items() if i.declared and i.type not in NOT_QUOTED]
    leaf = Leaf((name,), frozenset(), schema, (text,))
    is_year = schema.get("type") == "integer" and re.search(r"year|annee|exercice", name.lower())
    if is_year and "date_fin_exercice" in codes:
        return "{date_fin_exercice:%Y}", False
    for code, guess in guesses([leaf], codes).items():
        is_date = merged()[code].type == "date" and schema.get("format") == "date"
        return f"{{{code}{':%Y-%m-%d' if is_date else ''}}}", guess.is_sure
    return None


def first_of(known, plain: str) -> str:
    return next((template for form, template in known if re.search(form, plain)), "")


def constant_of(schema: dict[str, Any]) -> Any:
    """The only value that a schema takes; None when there are several."""
    if "const" in schema:
        return schema["const"]
    values = schema.get("enum")
    return values[0] if isinstance(values, list) and len(values) == 1 else None


def _plain(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("{", "{{").replace("}", "}}")


def address(operation: Operation, told: list[Told]) -> str:
    """The path with its templates; a question first when one of them is open."""
    path, is_open = operation.path.lstrip("/"), False
    for one in told:
        if one.where == "path":
            is_open |= not one.is_sure
            template = one.template.removeprefix(OPEN) or "{registration_number}"
            if template in path:  # said already: this one is something else
                template, is_open = f"{{{one.name}}}", True
            path = path.replace(f"{{{one.name}}}", template)
    left = set(re.findall(r"\{([^}:]*)", path)) - {"registration_number", "registry_reference"}
    is_open |= bool(left - {"reference", *merged()})
    return f"{OPEN}{path}" if is_open else path
