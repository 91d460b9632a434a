"""A document as a person reads it: what each element is, and its text, in order."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from .answer import Unreadable


@dataclass(frozen=True)
class Line:
    """One element: its name on the wire, its depth below the root, its text if it is a leaf."""

    name: str
    depth: int
    text: str | None


def outline(body: bytes, parser: etree.XMLParser) -> list[Line]:
    """The elements of an XML document below its root. Raises Unreadable."""
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("not well-formed XML") from error
    return list(_below(root, 0))


def _below(element, depth: int) -> Iterator[Line]:
    for child in element.iterchildren(tag=etree.Element):
        text = None if len(child) else (child.text or "").strip()
        yield Line(child.tag, depth, text)
        yield from _below(child, depth + 1)
