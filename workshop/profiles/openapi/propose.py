"""A profile proposed from a description: what is sure stands in it, the rest is a question."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ...console import Stop
from ..new import ALL, ANNUAL, LIMITS, UPDATED, WHO
from ..shape import merged
from .answers import Answers
from .around import environments, usual_answers
from .bodies import Body, body_of
from .document import Description, Leaf
from .items import Guess, guesses
from .meanings import errors_table
from .names import Named, named_items
from .parameters import KNOWN, OPEN, address, constant_of, first_of, told_parameters
from .schemas import RequestSchemas
from .services import SENT, Found, found_services
from .values import Values
from .words import plain_text

NUMBER = "numero_immatriculation"
CALLERS = ("numero_teledeclarant", "email_teledeclarant")
GROUPS = {
    "WS1": ALL,
    "WS2_STANDARD": UPDATED,
    "WS2_ANNUAL": ANNUAL,
    "WS3": ALL,
    **dict.fromkeys(("WS4", "WS5", "WS6", "WS7", "DOCUMENT"), WHO),
}
NEEDED = (*SENT, "WS3")
HOLDERS = {item.parent for item in merged().values()}  # what only holds other items


@dataclass
class Proposal:
    """The files of a profile, and what is left to a person."""

    manifest: dict[str, Any]
    tables: dict[str, dict[str, Any]]
    schema: dict[str, Any] | None
    found: dict[str, Found]
    guessed: dict[str, dict[str, Guess]]
    named: Named
    left: list[str] = field(default_factory=list)  # what could not be said
    unmatched: dict[str, list[Leaf]] = field(default_factory=dict)

    @property
    def sure(self) -> list[str]:
        return [code for code in self.named.names if code not in self.named.open]


class Proposer:
    """Makes the proposal of one description."""

    def __init__(self, content: dict[str, Any], name: str):
        self.content, self.name = content, name
        self.description = Description(content)
        self.left: list[str] = []
        self.found = found_services(self.description)
        if not self.found.keys() & {*NEEDED}:
            raise Stop("no service of the registry was recognised", "start with bin/profile new")
        self.bodies = {c: body_of(self.description, c, f.operation) for c, f in self.found.items()}
        self.parameters = {
            code: told_parameters(self.description, code, one.operation)
            for code, one in self.found.items()
        }
        media = [body.media_type for body in self.bodies.values() if body.media_type]
        self.media_type = next(iter([m for m in media if "xml" in m or "json" in m]), "")
        self.is_xml = "xml" in self.media_type

    def proposal(self) -> Proposal:
        guessed, leaves = self._guessed()
        self.guessed = guessed
        named = named_items(guessed, self._carried())
        answers = Answers(self.description, self.found, _kind(self.media_type))
        told = answers.told()
        values = Values(_leaves(guessed), self.is_xml)
        formats, codes = values.formats(), values.codes()
        statuses = {s for one in told.values() for s in one.get("by_status", {})}
        errors, doubts = errors_table(answers.error_codes(), statuses)
        if "WS3" in told:
            told["WS3"]["dossier"] = "/".join(named.below.get("WS3", ())) or "."
        manifest = self._manifest(named, formats, told, answers, leaves, guessed)
        schema = self._schema()
        self.left += [*answers.doubts, *values.doubts, *doubts, *self.description.untold]
        self.left += [one for body in self.bodies.values() for one in body.told]
        tables = {"names.json": _sorted(named.names), "codes.json": codes, "errors.json": errors}
        unmatched = {code: self._unmatched(leaves[code], guessed[code]) for code in leaves}
        left = list(dict.fromkeys(self.left))
        return Proposal(manifest, tables, schema, self.found, guessed, named, left, unmatched)

    # -- items ---------------------------------------------------------------------------

    def _guessed(self) -> tuple[dict[str, dict[str, Guess]], dict[str, list[Leaf]]]:
        guessed, leaves = {}, {}
        self.description.is_xml = self.is_xml
        for code in (one for one in NEEDED if one in self.found):
            found = self._of_answer(code) if code == "WS3" else self.bodies[code].schema
            leaves[code] = self.description.leaves(found) if found else []
            kept = [c for c in self._candidates(code) if c not in self.bodies[code].quoted]
            guessed[code] = guesses(leaves[code], kept)
        return guessed, leaves

    def _candidates(self, service: str) -> list[str]:
        known = merged(service)
        if service == "WS3":
            return [code for code in known if code not in {*HOLDERS, *CALLERS}]
        groups = GROUPS[service]
        return [
            c
            for c, i in known.items()
            if c not in HOLDERS and (c == NUMBER or (i.declared and i.group in groups))
        ]

    def _of_answer(self, service: str) -> dict[str, Any]:
        """The schema of what it answers when all is well."""
        from .services import best_content

        responses = self.found[service].operation.described.get("responses", {})
        for status in sorted(responses) if isinstance(responses, dict) else ():
            if status.startswith("2"):
                response = self.description.followed(responses[status])
                return best_content(response.get("content"))[1].get("schema", {})
        return {}

    def _carried(self) -> dict[str, set[str]]:
        """The items that each document should hold."""
        found = {}
        for code in (one for one in SENT if one in self.found):
            if self.bodies[code].schema:
                elsewhere = {NUMBER, *CALLERS, *self.bodies[code].quoted, *self._quoted(code)}
                found[code] = set(self._candidates(code)) - elsewhere
        return found or {"": set()}

    def _quoted(self, service: str) -> set[str]:
        text = " ".join(one.template for one in self.parameters[service])
        return {code for code in merged() if re.search(rf"{{{code}[:}}]", text)}

    def _unmatched(self, leaves: list[Leaf], guessed: dict) -> list[Leaf]:
        taken = {guess.leaf for guess in guessed.values()}
        return [leaf for leaf in leaves if leaf not in taken and not self._constant(leaf)]

    # -- the manifest --------------------------------------------------------------------

    def _manifest(self, named, formats, told, answers, leaves, guessed) -> dict[str, Any]:
        shared = {w: self._shared(w) for w in ("header", "query")}
        services = {
            c: self._service(c, named, leaves, guessed, shared, told) for c in self._codes()
        }
        constants = self._shared_constants(services)
        manifest = {
            "name": self.name,
            "contract_version": str(self.content.get("info", {}).get("version", "0")),
            "status": "hypothesis",
            "note": "Proposed by bin/profile from-openapi: see NOTES.md.",
            "environments": environments(self.content.get("servers"), self.left),
            "wire": {**self._wire(named, formats), **constants},
            "formats": formats,
            "transition": {"finance": "declaration"},
            "headers": shared["header"],
            "query": shared["query"],
            "services": services,
            "answer": usual_answers(told, services),
            "http": self._http(answers),
            "follow_up": self._follow_up(told),
            "limits": LIMITS,
        }
        return {key: one for key, one in manifest.items() if one != {} or key == "services"}

    def _codes(self) -> list[str]:
        order = (*SENT[:3], "WS3", *SENT[3:], "STATUS", "ATTESTATION", "DOCUMENT", "LIST")
        return [code for code in order if code in self.found or code in NEEDED]

    def _service(self, code, named, leaves, guessed, shared, told) -> dict[str, Any]:
        groups = self._groups(code)
        if code not in self.found:
            self.left.append(f"{code}: no operation was recognised")
            method = "GET" if code == "WS3" else "POST"
            return {"method": method, "path": OPEN, "groups": groups}
        found, body = self.found[code], self.bodies[code]
        path = address(found.operation, self.parameters[code])
        for one in self.parameters[code]:
            if not one.is_sure:
                guess = one.template.removeprefix(OPEN)
                told = f", perhaps {guess}" if guess else ""
                self.left.append(f"{code}: what is the {one.where} parameter {one.name}{told}?")
        if not found.is_sure:
            path = f"{OPEN}{path.removeprefix(OPEN)}"
            rivals = f"; or {', '.join(found.rivals)}" if found.rivals else ""
            self.left.append(f"{code}: is it {found.operation.title}{rivals}?")
        service: dict[str, Any] = {"method": found.operation.method, "path": path}
        for where, key in (("header", "headers"), ("query", "query")):
            own = self._templates(code, where)
            own = {name: text for name, text in own.items() if shared[where].get(name) != text}
            service |= {key: own} if own else {}
        if code in SENT or code == "DOCUMENT":
            service |= self._document(
                code, body, named, leaves.get(code, []), guessed.get(code, {})
            )
        if code == "DOCUMENT":
            service["when"] = "before"
            self.left.append("DOCUMENT: does the document go before the message, or after it?")
        if code == "LIST":
            service["pages"] = self._pages(told)
        return {**service, "groups": groups}

    def _groups(self, code: str) -> list[str]:
        """Those of which its document, or its address, seems to hold something."""
        usual = GROUPS.get(code, ())
        held = {*self.guessed.get(code, ())}
        held |= self._quoted(code) | self.bodies[code].quoted if code in self.found else set()
        kept = [group for group in usual if any(merged()[one].group == group for one in held)]
        return kept if kept and code in SENT else list(usual)

    def _document(self, code: str, body: Body, named, leaves, guessed) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if body.manifest is not None:
            told["body"] = body.manifest
        if body.manifest == "none" or not body.schema:
            return told
        if not self.is_xml:
            told["root"] = code
        if body.manifest is None and _kind(body.media_type) != _kind(self.media_type):
            told["media_type"] = body.media_type
        below = "/".join(named.below.get(code, ()))
        told |= {"below": below} if below and below != self._below(named) else {}
        constants = self._constants(leaves, guessed)
        told |= {"constants": constants} if constants else {}
        elsewhere = self._elsewhere(named, code)
        more = set(elsewhere) - set(self._elsewhere(named))
        told |= {"not_in_body": elsewhere} if more else {}
        names = named.exceptions.get(code)
        return {**told, "names": names} if names else told

    def _constants(self, leaves: list[Leaf], guessed: dict[str, Guess]) -> dict[str, Any]:
        taken = {guess.leaf: code for code, guess in guessed.items()}
        found: dict[str, Any] = {}
        for leaf in leaves:
            if taken.get(leaf) == NUMBER:
                found[leaf.path] = "{registration_number}"
            elif leaf not in taken and not leaf.arrays:
                told = self._constant(leaf) or (OPEN if leaf.required else "")
                found |= {leaf.path: told} if told != "" else {}
        return found

    def _constant(self, leaf: Leaf) -> Any:
        told = constant_of(leaf.schema)
        name = plain_text(leaf.steps[-1])
        return told if told is not None else first_of(KNOWN[:1], name)

    def _templates(self, code: str, where: str) -> dict[str, str]:
        kept = [one for one in self.parameters[code] if one.where == where and one.template]
        return {one.name: one.template for one in kept}

    def _shared(self, where: str) -> dict[str, str]:
        """What every call bears."""
        own = [
            {(one.name, one.template) for one in told if one.where == where and one.template}
            for told in self.parameters.values()
        ]
        return dict(sorted(set.intersection(*own))) if len(own) > 1 else {}

    def _below(self, named: Named) -> str:
        counted = Counter("/".join(named.below.get(code, ())) for code in self._carried())
        return counted.most_common(1)[0][0] if counted else ""

    def _shared_constants(self, services: dict[str, dict]) -> dict[str, dict[str, Any]]:
        """What every document bears is said once."""
        sending = [
            services[code] for code, body in self.bodies.items() if body.schema and code in SENT
        ]
        every = [set(one.get("constants", {}).items()) for one in sending]
        shared = dict(sorted(set.intersection(*every))) if every else {}
        for one in sending:
            own = {p: v for p, v in one.pop("constants", {}).items() if p not in shared}
            one |= {"constants": own} if own else {}
        return {"constants": shared} if shared else {}

    def _wire(self, named: Named, formats: dict) -> dict[str, Any]:
        elsewhere = self._elsewhere(named)
        bools = formats.pop("bool", {})
        wire: dict[str, Any] = {
            "codec": "xml" if self.is_xml else "json",
            "media_type": self.media_type or "application/json",
            "yes": bools.get("yes", "true" if self.is_xml else True),
            "no": bools.get("no", "false" if self.is_xml else False),
            "attributes": {},
            "not_in_body": elsewhere,
            "grouped": False,
        }
        if any(self.bodies[c].schema for c in self.found) and not self.is_xml:
            wire["request_schema"] = "request.schema.json"
        if named.members:
            wire["members"] = named.members
        below = self._below(named)
        return {**wire, "below": below} if below else wire

    def _elsewhere(self, named: Named, service: str = "") -> list[str]:
        """The items that no document holds; or, of a service, its own beside them.

        Who calls travels in a document only where it has a place there. An item that is a part
        of one service may have no place in another.
        """
        parts = {code for body in self.bodies.values() for code in body.quoted}
        callers = {code for code in CALLERS if code not in named.names}
        shared = ({*named.absent} | callers) - parts
        if not service:
            return sorted(shared)
        groups = self._groups(service)
        items = {c for c in self._candidates(service) if merged()[c].group in groups}
        # What others hold, and what is a part of others, is not in this document for that.
        lacking = items - self.guessed[service].keys() - self.bodies[service].quoted - {NUMBER}
        return sorted(lacking | {one for one in shared if merged()[one].group in groups})

    def _schema(self) -> dict[str, Any] | None:
        if self.is_xml:
            self.left.append("XML: no schema was written: the contract's own .xsd belongs here")
            return None
        schemas = RequestSchemas(self.description)
        for code, body in self.bodies.items():
            if code in SENT and body.schema:
                schemas.add(code, body.schema)
        self.left += schemas.dropped
        return schemas.whole()

    # -- around the services ---------------------------------------------------------------

    def _http(self, answers: Answers) -> dict[str, Any]:
        statuses = sorted(int(s) for s in answers.accepted if s.isdigit()) or [200]
        kinds = {str(s): "received" if s == 202 else "accepted" for s in statuses}
        return {"accepted": statuses, "outcomes": {**kinds, "4xx": "rejected"}}

    def _follow_up(self, told: dict[str, dict]) -> dict[str, Any]:
        if "STATUS" not in self.found:
            self.left.append("follow_up: no call says what became of an upload: nothing is asked")
            return {"by": ["none"]}
        path = address(self.found["STATUS"].operation, self.parameters["STATUS"])
        asked = path + str(self._templates("STATUS", "query"))
        ways = ("registry_reference", "reference", "registration_number")
        by = [way for way in ways if f"{{{way}}}" in asked] or ["reference"]
        known = {"by": by}
        if "404" in told.get("STATUS", {}).get("by_status", {}):
            known["not_known"] = {"statuses": [404], "proves": False}
            self.left.append(
                "follow_up: does the contract promise that a 404 means never received? Only then: "
                'not_known, "proves": true'
            )
        return known

    def _pages(self, told: dict[str, dict]) -> dict[str, Any]:
        templates = {one.template for one in self.parameters["LIST"]}
        for template, way in (("{cursor}", "cursor"), ("{offset}", "offset"), ("{page}", "number")):
            if template in templates:
                return {"by": way, "size": 50}
        return {"by": "next" if "next" in told.get("LIST", {}) else "link"}


def _leaves(guessed: dict[str, dict[str, Guess]]) -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for items in guessed.values():
        for code, guess in items.items():
            found.setdefault(code, guess.leaf)
    return found


def _kind(media_type: str) -> str:
    return media_type.partition(";")[0].strip()


def _sorted(names: dict[str, str]) -> dict[str, str]:
    order = {code: rank for rank, code in enumerate(merged())}
    return {code: names[code] for code in sorted(names, key=lambda one: order.get(one, -1))}
