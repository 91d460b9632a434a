"""The elements of a DER or BER document, one level at a time."""

from dataclasses import dataclass

from asn1crypto import core, parser

INTEGER, BIT_STRING, OCTET_STRING, OBJECT, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x30, 0x31
MOST_ELEMENTS = 1000  # of one level
ZERO, CONSTRUCTED_OCTETS = 0xA0, 0x24  # [0]; an octet string in pieces (BER)


class Cut(ValueError):
    """Less is there than what was announced."""


@dataclass(frozen=True)
class Element:
    """``tag`` is the first byte; ``content`` what it holds; ``whole`` with tag and length."""

    tag: int
    content: bytes
    whole: bytes

    @property
    def inside(self) -> list["Element"]:
        return elements(self.content)

    @property
    def oid(self) -> str:
        """Dotted; empty when this is no object identifier."""
        return core.ObjectIdentifier.load(self.whole).dotted if self.tag == OBJECT else ""

    @property
    def octets(self) -> bytes:
        """The bytes of an octet string, put together when they come in pieces."""
        if self.tag == CONSTRUCTED_OCTETS:
            return b"".join(part.content for part in self.inside)
        return self.content


def elements(content: bytes) -> list[Element]:
    """Those that stand one after the other; what follows the last is left out.

    Raises ValueError when the first cannot be read, Cut when it is not whole.
    """
    found, position = [], 0
    while position < len(content) and len(found) < MOST_ELEMENTS:
        try:
            _class, _method, _tag, header, inside, trailer = parser.parse(content[position:])
        except (ValueError, RecursionError) as error:
            if found:
                break
            raise (Cut if "Insufficient data" in str(error) else ValueError)() from None
        size = len(header) + len(inside) + len(trailer)
        found.append(Element(header[0], inside, content[position : position + size]))
        position += size
    return found
