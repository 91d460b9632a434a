"""Documents in XML: their elements, checked by the profile's schemas."""

import re
import threading
from functools import cache
from pathlib import Path as File
from typing import Any

from lxml import etree

from ..contract import Profile, Service
from ..contract.forms import Form
from ..contract.path import Path, Step, bare
from ..contract.schema import xml_schema
from .answer import Invalid, Unreadable
from .outline import Leaf, Tree
from .values import text_of
from .wire import Document, Wire

XSI = "http://www.w3.org/2001/XMLSchema-instance"
NIL = f"{{{XSI}}}nil"
ENVELOPES = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}


def _parser() -> etree.XMLParser:
    # Answers come from outside: no entity, no DTD, no network, no huge tree.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


# libxml2 before 2.14 compares each attribute of a tag with all before it: a megabyte of them
# takes it a minute. No tag holds "<", and each attribute two quotation marks.
MOST_QUOTES = 2000
# Of these, and no other, "<" and a quotation mark are the bytes that they are in ASCII.
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"}
_DECLARED = re.compile(rb"^[^<]{0,8}<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")


def _check_quickly_parsed(body: bytes) -> None:
    declared = _DECLARED.match(body)
    if b"\0" in body or (declared and declared[1].lower() not in _ENCODINGS):
        raise Unreadable("an encoding that is not read")
    if any(one.count(b'"') + one.count(b"'") > MOST_QUOTES for one in body.split(b"<")):
        raise Unreadable("too many attributes")


def _well_formed(body: bytes):
    _check_quickly_parsed(body)
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("not well-formed XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("document type declaration")
    return root


def _pairs(element) -> Tree:
    """Attributes, then children; those of an element that has a text stand after it."""
    found: Tree = [(f"@{name}", text) for name, text in _attributes(element)]
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        if len(child) or (child.attrib and not (child.text or "").strip()):
            found.append((name, _pairs(child)))
        else:
            leaf = Leaf(child.text or "")
            leaf.attributes = _attributes(child)
            found.append((name, leaf))
            found += [(f"{name}/@{attribute}", text) for attribute, text in _attributes(child)]
    return found


def _attributes(element) -> Tree:
    return [(etree.QName(name).localname, text) for name, text in element.attrib.items()]


# A compiled schema has one log of errors: another thread would empty it under its reader.
_VALIDATING = threading.Lock()


@cache
def schema_at(path: File) -> etree.XMLSchema:
    """The compiled schema of a file, kept. Raises ProfileError."""
    return xml_schema(path)


class XmlWire(Wire):
    """Writes and reads the documents of one profile."""

    def __init__(self, profile: Profile):
        super().__init__(profile)
        wire = profile.wire
        self._namespace = wire.get("namespace", "")
        self._prefixes = wire.get("namespaces", {})
        self._soap = ENVELOPES.get(wire.get("soap", ""), "")

    # -- writing ----------------------------------------------------------------

    def new(self, service: Service):
        root = etree.Element(self._tag(service.root), nsmap=self._nsmap())
        for name, value in service.attributes:
            root.set(self._attribute(f"@{name}"), text_of(value))
        return root

    def node(self, at, steps: tuple[Step, ...]):
        for step in steps:
            at = self._child(at, step)
        return at

    def put(self, at, steps: tuple[Step, ...], value: Any) -> None:
        *above, last = steps or (None,)
        at = self.node(at, tuple(above))
        if last and last.name.startswith("@"):
            if value is not None:
                at.set(self._attribute(last.name), text_of(value))
            return
        element = self._child(at, last) if last else at
        if len(element) or element.text:
            raise Invalid(f"{etree.QName(element).localname} (two things in one place)")
        if value is None:
            element.set(NIL, "true")
        else:
            element.text = text_of(value)

    def member(self, at, where: Path, members: Path):
        first, *rest = members.steps
        around = self.node(at, where.steps)
        return etree.SubElement(around, self._tag(first.name)), tuple(rest)

    def put_members(self, at, where: Path, members: Path, values: list) -> None:
        for value in values:
            one, steps = self.member(at, where, members)
            self.put(one, steps, value)

    def _child(self, at, step: Step):
        """The child that a step leads to, made where it is missing."""
        found = self._below(at, step)
        if found:
            return found[0]
        child = etree.SubElement(at, self._tag(step.name))
        for key, value in step.equalities:
            self.put(child, (Step(key),), value)
        return child

    def dump(self, root, service: Service, header: list[tuple[Path, str]], charset: str) -> bytes:
        self._sort(root, service.order)
        if service.schema:
            self._check(root, service.schema)
        if self._soap:
            root = self._enveloped(root, header)
        return etree.tostring(root, xml_declaration=True, encoding=charset, pretty_print=True)

    def _sort(self, element, order: tuple[str, ...]) -> None:
        ranks = {name: rank for rank, name in enumerate(order)}
        if not ranks:
            return
        written = {self._tag(name): name for name in (o.rpartition("/")[2] for o in order)}
        for parent in element.iter(etree.Element):
            above = written.get(parent.tag, bare(etree.QName(parent).localname))

            def rank(child, above=above) -> int:
                name = written.get(child.tag, "")
                return ranks.get(f"{above}/{name}", ranks.get(name, len(ranks)))

            parent[:] = sorted(parent, key=rank)

    def _enveloped(self, root, header: list[tuple[Path, str]]):
        def tag(name: str) -> str:
            return f"{{{self._soap}}}{name}"

        envelope = etree.Element(tag("Envelope"), nsmap={"env": self._soap, **self._prefixes})
        if header:
            said = etree.SubElement(envelope, tag("Header"))
            for where, text in header:
                self.put(said, where.steps, text)
        etree.SubElement(envelope, tag("Body")).append(root)
        return envelope

    def _check(self, root, schema: str) -> None:
        fault = self._fault(root, schema)
        if fault:
            # Its sentence quotes the schema: the name of what is refused is enough.
            [element] = root.xpath(fault.path, namespaces=self._prefixes)[:1] or [root]
            raise Invalid(f"{etree.QName(element).localname} ({fault.type_name})")

    def _fault(self, root, schema: str):
        """What libxml2 says of a document that a schema of the profile refuses, else None."""
        compiled = schema_at(self.profile.folder / schema)
        with _VALIDATING:
            try:
                return None if compiled.validate(root) else compiled.error_log.last_error
            except etree.XMLSchemaValidateError as error:
                return error.error_log[0]  # it gave up, on a pattern: nothing is proven fit

    def compile(self, schema: str, _definition: str = "") -> None:
        schema_at(self.profile.folder / schema)

    # -- reading ----------------------------------------------------------------

    def tree(self, body: bytes) -> Tree:
        root, _is_fault = self._opened(_well_formed(body))
        return _pairs(root)

    def parse(self, body: bytes, form: Form, schema: str) -> Document:
        root, is_fault = self._opened(_well_formed(body))
        if is_fault:
            return Document(root, is_fault=True)
        wanted = form.get("root")
        if wanted and root.tag != self._tag(wanted) and (self._soap or not schema):
            raise Unreadable("another document")
        if schema:
            fault = self._fault(root, schema)
            if fault:
                raise Unreadable(f"line {fault.line}")
        return Document(root)

    def _opened(self, root) -> tuple[Any, bool]:
        """What an envelope holds, and whether that is a fault; any other document as it is."""
        if not self._soap:
            return root, False
        if root.tag != f"{{{self._soap}}}Envelope":
            raise Unreadable("no envelope")
        held = root.findall(f"{{{self._soap}}}Body/*")
        if len(held) != 1:
            raise Unreadable("not one document in the body")
        return held[0], held[0].tag == f"{{{self._soap}}}Fault"

    def find_all(self, at, where: Path, is_fault: bool = False) -> list:
        found = [at]
        for step in where.steps:
            found = [child for one in found for child in self._below(one, step, is_fault)]
        return found

    def text(self, at) -> str | None:
        if isinstance(at, str):
            return at
        return None if len(at) or at.get(NIL) in ("true", "1") else at.text or ""

    def scalar(self, at) -> Any:
        return self.text(at)

    def name(self, at) -> str:
        return etree.QName(at).localname

    def members(self, at, where: Path, members: Path) -> list | None:
        around = self.find_all(at, where)
        found = [one for node in around for one in self._below(node, members.steps[0])]
        is_there = bool(found) or (around and not where.is_here)
        return found if is_there else None

    def below_member(self, members: Path) -> Path:
        return Path(members.steps[1:])

    def _below(self, at, step: Step, is_fault: bool = False) -> list:
        """The children that a step leads to; an attribute is its text."""
        if isinstance(at, str):
            return []
        if step.name.startswith("@"):
            text = at.get(self._attribute(step.name))
            return [] if text is None else [text]
        if is_fault and ":" not in step.name:
            children = [one for one in at if etree.QName(one).localname == step.name]
        else:
            children = list(at.iterchildren(self._tag(step.name)))
        for key, value in step.equalities:
            where = Path((Step(key),))
            children = [
                child
                for child in children
                if value in map(self.text, self.find_all(child, where, is_fault))
            ]
        return children[:1] if step.is_first else children

    # -- names ------------------------------------------------------------------

    def _tag(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        namespace = self._prefixes[prefix] if colon else self._namespace
        return f"{{{namespace}}}{local}" if namespace else local

    def _attribute(self, name: str) -> str:
        """``@id`` is in no namespace, ``@r:id`` in that of the prefix."""
        bare_name = name.removeprefix("@")
        return self._tag(bare_name) if ":" in bare_name else bare_name

    def _nsmap(self) -> dict | None:
        found = {None: self._namespace} if self._namespace else {}
        found |= self._prefixes
        return found or None
