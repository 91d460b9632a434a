"""How answers are read: by status, by content; errors, numbers, identifiers."""

import re
from collections import Counter
from typing import Any

from .document import Description, Leaf, type_of
from .items import guesses
from .services import Found, best_content
from .words import plain_text

OUTCOMES = {
    "received": r"recu|receiv|pending|examin|en cours|instruct|enregistree|queue|process|submit"
    r"|draft|attente|accuse|open|progress|depose|transmis",
    "rejected": r"refus|reject|rejet|invalid|erreur|error|\bko\b|denied|declin|fail|echec"
    r"|irrecev|annul",
    "accepted": r"accept|register|immatricul|done|valid|complet|approv|trait|termin|success|\bok\b"
    r"|closed|clos|integr|publi|archiv",
}
OUTCOME_NAMES = r"statut|status|\betat\b|\bstate\b|outcome|result|decision|avancement|phase"
ERRORS = r"erreur|error|violation|anomal|problem|motif|reason|issue|fault|defaut|message|detail"
OF_ERROR = {
    "error_code": r"^(code|type|error ?code|code ?erreur|key|id|reason|motif|rule|regle)$",
    "error_item": r"field|champ|pointer|property|propriete|path|chemin|item|source|location|target"
    r"|rubrique|attribut|element|param",
    "error_value": r"value|valeur|rejected|given|actual",
    "error_detail": r"detail|message|libelle|label|description|title|texte|text|explanation|raison",
}
OURS = (
    r"(client|our|declarant|external|your|editeur|request|idempot|correlation).*(ref|id|key|uuid)"
)
NUMBER = "numero_immatriculation"
THEIRS = (
    r"^(id|identifiant|identifier|reference|ref|ticket|uuid|numero|number|key)$|(declaration"
    r"|request|demande|depot|submission|filing|operation|receipt|suivi|tracking).*(id|ref|number|num)"
)


class Answers:
    """The answers of the services that were found."""

    def __init__(self, description: Description, found: dict[str, Found], usual: str):
        self.description = description
        self.usual = usual  # the media type of the documents
        self.found = found
        self.doubts: list[str] = []
        self.accepted: Counter = Counter()  # statuses

    def told(self) -> dict[str, dict[str, Any]]:
        """{service: what the manifest's ``answer`` says of it}, ``by_status`` included."""
        return {code: self._of(code, found) for code, found in self.found.items()}

    def _of(self, code: str, found: Found) -> dict[str, Any]:
        by_status: dict[str, dict[str, Any]] = {}
        responses = found.operation.described.get("responses", {})
        for status, response in responses.items() if isinstance(responses, dict) else ():
            status = status.lower()
            described = self._response(code, status, self.description.followed(response))
            if status.startswith("2"):
                self.accepted[status] += 1
            # 429 and 503 mean one thing, and 5xx are not read.
            if re.fullmatch(r"[24](\d\d|xx)", status) and status != "429":
                by_status[status] = described
        by_status = _united(by_status)
        told = by_status.pop(_usual(by_status), {})
        return {**told, "by_status": dict(sorted(by_status.items()))} if by_status else told

    def _response(self, code: str, status: str, response: dict[str, Any]) -> dict[str, Any]:
        media_type, content = best_content(response.get("content"))
        told: dict[str, Any] = self._headers(response)
        if not media_type:
            return {"body": "none", **told}
        if "json" not in media_type and "xml" not in media_type:
            return {"body": "file" if code == "ATTESTATION" else "none", **told}
        self.description.is_xml = "xml" in media_type
        kind = media_type.partition(";")[0].strip()
        if kind != self.usual:  # one without a body bears none: what is usual is not asked for
            told["media_type"] = kind
        leaves = self.description.leaves(content.get("schema", {}))
        if status[0] in "45":
            return {**told, **self._errors(content.get("schema", {}), leaves), **_number(leaves)}
        return {**told, **self._news(code, leaves), **self._list(code, leaves)}

    def _headers(self, response: dict[str, Any]) -> dict[str, Any]:
        names = response.get("headers", {})
        for name in names if isinstance(names, dict) else ():
            if name.lower() == "location":
                return {"registry_reference": {"header": "Location"}}
        for name in names if isinstance(names, dict) else ():
            if re.search(THEIRS, plain_text(name).removeprefix("x ")):
                return {"registry_reference": {"header": name}}
        return {}

    # -- good news ------------------------------------------------------------------

    def _news(self, code: str, leaves: list[Leaf]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if code in ("WS3", "LIST"):
            return told
        top = [leaf for leaf in leaves if not leaf.arrays]
        told |= self._outcome(top) | _number(top)
        for leaf in top:
            name = plain_text(leaf.steps[-1])
            if re.search(OURS, name):
                told.setdefault("reference", leaf.path)
            elif re.search(THEIRS, name) and leaf.path != told.get("registration_number"):
                told.setdefault("registry_reference", leaf.path)
            if leaf.schema.get("format") in ("byte", "binary") or re.search("attestation", name):
                if leaf.schema.get("format") != "uri":
                    told.setdefault("attestation", leaf.path)
            if leaf.schema.get("format") == "date-time":
                told.setdefault("date", leaf.path)
        errors = [leaf for leaf in leaves if leaf.arrays and re.search(ERRORS, _first(leaf))]
        return {**told, **(self._of_errors(errors) if errors else {})}

    def _outcome(self, leaves: list[Leaf]) -> dict[str, Any]:
        for leaf in leaves:
            values = leaf.schema.get("enum")
            if not values or not re.search(OUTCOME_NAMES, plain_text(leaf.steps[-1])):
                continue
            meant = {str(one): _meant(str(one)) for one in values if one is not None}
            open_ones = [one for one, outcome in meant.items() if not outcome]
            if len(open_ones) == len(meant):
                continue
            for one in open_ones:
                self.doubts.append(f"answer: what does the outcome {one} mean?")
            outcomes = {one: outcome or "?" for one, outcome in meant.items()}
            return {"outcome": leaf.path, "outcomes": outcomes}
        return {}

    def _list(self, code: str, leaves: list[Leaf]) -> dict[str, Any]:
        """The members of a page, and the number in each."""
        if code != "LIST":
            return {}
        inner = [leaf for leaf in leaves if leaf.arrays]
        number = guesses([_alone(leaf) for leaf in inner], [NUMBER]).get(NUMBER)
        if number is None:
            self.doubts.append("LIST: where do the registration numbers stand?")
            return {"members": "?", "registration_number": "?"}
        leaf = next(one for one in inner if one.steps == number.leaf.steps)
        rank = max(leaf.arrays)
        path = "/".join(leaf.steps[:rank]) or "."
        told = {"members": path, "registration_number": "/".join(leaf.steps[rank:]) or "."}
        for one in leaves:
            if not one.arrays and re.search(r"next|cursor|suivant", plain_text(one.steps[-1])):
                told["next"] = one.path
        return told

    # -- refusals ---------------------------------------------------------------------

    def _errors(self, schema: Any, leaves: list[Leaf]) -> dict[str, Any]:
        inner = [leaf for leaf in leaves if leaf.arrays and re.search(ERRORS, _first(leaf))]
        if type_of(self.description.whole(schema)) == "array":
            inner = leaves
        found = self._of_errors(inner) if inner else {}
        top = [leaf for leaf in leaves if not leaf.arrays]
        alone = _parts(top)
        if not found:
            prefix = _holder(top)
            return {"errors": prefix, **_below(alone, prefix)} if alone else {}
        for meaning, path in alone.items():  # the document itself is an error without members
            if meaning != "error_item":
                found[meaning] = _both(found.get(meaning), path)
        return {**found, "errors": [found["errors"], "."]} if alone else found

    def _of_errors(self, leaves: list[Leaf]) -> dict[str, Any]:
        rank = min(min(leaf.arrays) for leaf in leaves)
        path = "/".join(leaves[0].steps[:rank]) or "."
        same = [leaf for leaf in leaves if leaf.steps[:rank] == leaves[0].steps[:rank]]
        inner = [
            Leaf(leaf.steps[rank:], frozenset(), leaf.schema, leaf.texts)
            for leaf in same
            if len(leaf.steps) > rank
        ]
        if not inner:
            return {"errors": path, "error_detail": "."}
        return {"errors": path, **_parts(inner)}

    def error_codes(self) -> list[str]:
        """The codes of errors, of all answers, each once."""
        codes: dict[str, None] = {}
        for found in self.found.values():
            responses = found.operation.described.get("responses", {})
            for status, response in responses.items() if isinstance(responses, dict) else ():
                _type, content = best_content(self.description.followed(response).get("content"))
                for leaf in self.description.leaves(content.get("schema", {})):
                    is_code = re.search(OF_ERROR["error_code"], plain_text(leaf.steps[-1]))
                    if is_code and leaf.schema.get("enum") and status[:1] in "45d":
                        codes |= dict.fromkeys(map(str, leaf.schema["enum"]))
        return list(codes)


def _united(by_status: dict[str, dict]) -> dict[str, dict]:
    """Refusals that are all described alike are one."""
    refusals = [s for s in by_status if s.startswith("4")]
    said = [by_status[s] for s in refusals]
    if len(refusals) < 2:
        return by_status
    most = max(said, key=said.count)
    kept = {s: one for s, one in by_status.items() if s not in refusals or one != most}
    return {**kept, "4xx": most}


def _usual(by_status: dict[str, dict]) -> str:
    """The status whose description stands for all: the first good one that has a body."""
    good = [s for s in sorted(by_status) if s.startswith("2")]
    return next((status for status in good if by_status[status].get("body") != "none"), "")


def _meant(text: str) -> str:
    plain = plain_text(text)
    return next((meant for meant, form in OUTCOMES.items() if re.search(form, plain)), "")


def _number(leaves: list[Leaf]) -> dict[str, Any]:
    guess = guesses([leaf for leaf in leaves if not leaf.arrays], [NUMBER]).get(NUMBER)
    return {"registration_number": guess.leaf.path} if guess and guess.is_sure else {}


def _alone(leaf: Leaf) -> Leaf:
    return Leaf(leaf.steps, frozenset(), leaf.schema, leaf.texts)


def _first(leaf: Leaf) -> str:
    return plain_text(" ".join(leaf.steps[: min(leaf.arrays)]))


def _parts(leaves: list[Leaf]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for meaning, form in OF_ERROR.items():
        for leaf in leaves:
            if leaf.path not in found.values() and re.search(form, plain_text(leaf.steps[-1])):
                found.setdefault(meaning, leaf.path)
    return found


def _holder(leaves: list[Leaf]) -> str:
    """Where a lone error stands: below one member of the root, or at the root."""
    tops = {leaf.steps[:1] for leaf in leaves if len(leaf.steps) > 1}
    flat = any(len(leaf.steps) == 1 for leaf in leaves)
    return tops.pop()[0] if len(tops) == 1 and not flat else "."


def _below(parts: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {k: v.removeprefix(f"{prefix}/") if prefix != "." else v for k, v in parts.items()}


def _both(inner: Any, outer: str) -> Any:
    return outer if inner in (None, outer) else [inner, outer]
