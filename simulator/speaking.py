"""From an answer to what travels: its status, its headers, its document.

Everything is written as docs/en/contract-profile.md says ("Answers"); of a list of
places, the first.
"""

import base64
import json
from typing import Any

from lxml import etree

from . import soap
from .bodies import charset_of
from .documents import Answer, Refused, Reply
from .headers_out import header_value
from .layout import Layout
from .paths import add, find, make
from .profile import Profile
from .refusals_out import Reasons, error_texts, first, write_fault
from .soap import FaultTree
from .tree_json import JsonTree
from .tree_xml import XmlTree, sort_children

ANY = "*"  # of outcomes: any text
FAULT_STATUS = {"1.1": 500, "1.2": 400}


class Speaker:
    """Writes answers as the profile says."""

    def __init__(self, profile: Profile):
        self.profile = profile

    def say(self, service: str, answer: Answer) -> Reply:
        """An answer that is no refusal."""
        return self._reply(service, answer, self.profile.status(answer.outcome, service))

    def refuse(self, service: str, refused: Refused, reference: str = "", status: int = 0) -> Reply:
        """A refusal, by its reasons; ``status``: whatever the contract says."""
        answer = Answer("rejected", reference, refused.number, errors=refused.errors)
        status = status or self._refusal_status(service, refused)
        if self._speaks_faults(service):
            return self._fault(service, answer, status)
        return self._reply(service, answer, status)

    def _refusal_status(self, service: str, refused: Refused) -> int:
        reasons = [error.code for error in refused.errors]
        if "REQUEST_UNKNOWN" in reasons and self.profile.not_known:
            return self.profile.not_known[0]
        if self._speaks_faults(service):
            return FAULT_STATUS[self.profile.soap]
        return self.profile.refusal_status(refused.status, *reasons)

    def _speaks_faults(self, service: str) -> bool:
        """In SOAP, unless the answer itself has a word for a refusal."""
        said = self.profile.description(service, 200)
        told = "rejected" in said.get("outcomes", {}).values() and "errors" in said
        return bool(self.profile.soap) and ("fault" in said or not told)

    # -- an answer ----------------------------------------------------------------

    def _reply(self, service: str, answer: Answer, status: int) -> Reply:
        said = self.profile.description(service, status)
        headers = {**answer.headers, **self._headers(said, answer)}
        body = said.get("body", "document")
        if body == "none":
            return Reply(status, b"", headers)
        if body == "file" and answer.attestation:
            kind = first(said.get("media_type")) or "application/pdf"
            return Reply(status, answer.attestation, {**headers, "Content-Type": kind})
        codec = said.get("codec", self.profile.wire["codec"])
        kind = self._media_type(said, codec)
        content = getattr(self, f"_{codec}")(service, said, answer, kind)
        return Reply(status, content, {**headers, "Content-Type": kind})

    def _headers(self, said: dict, answer: Answer) -> dict[str, str]:
        texts = self._texts(said, answer)
        for error in answer.errors[:1]:
            texts |= error_texts(self.profile, error)
        found = {}
        for meaning in texts:
            place = first(said.get(meaning))
            if isinstance(place, dict):
                value = header_value(self.profile, place, meaning, texts)
                found[place["header"]] = value.encode("utf-8").decode("latin-1")
        return found

    def _media_type(self, said: dict, codec: str) -> str:
        told = first(said.get("media_type"))
        if told or codec != self.profile.wire["codec"]:
            return told or f"application/{codec}"
        return self.profile.wire["media_type"]

    def _texts(self, said: dict, answer: Answer) -> dict[str, Any]:
        """What is said in single texts, by meaning."""
        words = {means: word for word, means in reversed(said.get("outcomes", {}).items())}
        found = {
            "outcome": words.get(answer.outcome, "").replace(ANY, ""),
            "reference": answer.reference,
            "registry_reference": answer.registry_reference,
            "registration_number": answer.number,
            "date": answer.date,
            "attestation": base64.b64encode(answer.attestation).decode(),
            "next": answer.next,
        }
        return {meaning: text for meaning, text in found.items() if text}

    # -- its document ---------------------------------------------------------------

    def _xml(self, service: str, said: dict, answer: Answer, kind: str) -> bytes:
        tree = self._xml_tree(XmlTree, said["root"])
        for name, value in self.profile.wire.get("attributes", {}).items():
            make(tree.root, f"@{name}").put(value)
        self._fill(service, tree, said, answer)
        order = list(self.profile.services[service].say("order", ()))
        if order:
            sort_children(tree.root.element, order, tree.tag)
        element = tree.root.element
        return _bytes(
            soap.closed(element, self.profile.soap) if self.profile.soap else element, kind
        )

    def _xml_tree(self, kind: type, root: str) -> XmlTree:
        wire = self.profile.wire
        namespace, prefixes = wire.get("namespace", ""), wire.get("namespaces", {})
        naming = XmlTree(etree.Element("naming"), namespace, prefixes)
        known = {None: namespace, **prefixes} if namespace else prefixes
        return kind(etree.Element(naming.tag(root), nsmap=known), namespace, prefixes)

    def _json(self, service: str, said: dict, answer: Answer, kind: str) -> bytes:
        tree = JsonTree(dict(self.profile.wire.get("attributes", {})))
        if first(said.get("members")) == ".":
            tree.root.put(None)
        self._fill(service, tree, said, answer)
        return json.dumps(tree.document, ensure_ascii=False).encode("utf-8")

    def _fill(self, service: str, tree, said: dict, answer: Answer) -> None:
        """Everything at its place, in the order of the manifest."""
        texts = self._texts(said, answer)
        layout = Layout(self.profile.services[service], xml=isinstance(tree, XmlTree))
        for meaning, place in said.items():
            path = first(place)
            if not isinstance(path, str):
                continue
            if meaning in texts:
                make(tree.root, path).put(texts[meaning])
            elif meaning == "errors" and answer.errors:
                Reasons(self.profile, layout, said).write(tree, answer.errors)
            elif meaning == "dossier" and answer.groups:
                dossier = make(tree.root, path)
                dossier.open()
                layout.write(dossier, answer.groups)
            elif meaning == "members" and answer.members is not None:
                self._add_members(tree, path, first(said["registration_number"]), answer.members)

        self._mark_outcome(tree, said, answer)

    def _mark_outcome(self, tree, said: dict, answer: Answer) -> None:
        """A text where any one tells the outcome, if no reason has put one there."""
        path = first(said.get("outcome"))
        if said.get("outcomes", {}).get(ANY) != answer.outcome or not isinstance(path, str):
            return
        if find(tree.root, path) is None and answer.errors:
            make(tree.root, path).put(self.profile.error_code(answer.errors[0].code) or "error")

    def _add_members(self, tree, path: str, number: str, members: tuple[str, ...]) -> None:
        array = make(tree.root, path) if isinstance(tree, JsonTree) else None
        if array is not None and not members:
            array.put([])
        for one in members:
            member = add(tree.root, path) if array is None else array.add_member(".")
            make(member, number).put(one)

    # -- a fault --------------------------------------------------------------------

    def _fault(self, service: str, answer: Answer, status: int) -> Reply:
        wire, version = self.profile.wire, self.profile.soap
        fault = FaultTree(version, wire.get("namespace", ""), wire.get("namespaces", {}))
        said = self.profile.description(service, status).get("fault", {})
        layout = Layout(self.profile.services[service], xml=True)
        code = write_fault(Reasons(self.profile, layout, said), fault, answer.errors)
        number = first(said.get("registration_number"))
        if number and answer.number:
            make(fault.root, number).put(answer.number)
        soap.complete(fault, code, "Refusé")
        content = _bytes(soap.closed(fault.root.element, version), wire["media_type"])
        return Reply(status, content, {"Content-Type": wire["media_type"]})


def _bytes(element, media_type: str) -> bytes:
    etree.cleanup_namespaces(element)
    return etree.tostring(element, encoding=charset_of(media_type), xml_declaration=True)
