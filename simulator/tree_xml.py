"""A document in XML, as places that paths lead to."""

from collections.abc import Iterator

from lxml import etree

from .paths import Step, find, make, parse

XSI = "http://www.w3.org/2001/XMLSchema-instance"
NIL = f"{{{XSI}}}nil"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class XmlTree:
    """Parsed, or to be filled. ``seen``: the leaves that somebody has read."""

    def __init__(self, root, namespace: str = "", prefixes: dict[str, str] | None = None):
        self.namespace = namespace
        self.prefixes = prefixes or {}
        self.seen: set = set()
        self._kept = [*root.iter()]  # alive: a place is known by its element's identity
        self.root = XmlPlace(self, root)

    def tag(self, name: str, *, attribute: bool = False, at=None) -> str:
        """The full name of a child or attribute of the element ``at``."""
        prefix, colon, local = name.partition(":")
        if colon:
            return f"{{{self.prefixes[prefix]}}}{local}"
        if attribute or not self.namespace:
            return name
        return f"{{{self.namespace}}}{name}"

    def unread(self) -> Iterator[str]:
        """The names of what stands in the document, and of which nobody has asked."""
        for element in self.root.element.iter():
            for name in element.attrib:
                if (id(element), name) not in self.seen and not name.startswith(f"{{{XSI}}}"):
                    yield f"{local(element)}/@{name.rpartition('}')[2]}"
            if (id(element), "") not in self.seen and _says_something(element):
                yield local(element)


class XmlPlace:
    """An element, or one of its attributes."""

    def __init__(self, tree: XmlTree, element, attribute: str = ""):
        self.tree = tree
        self.element = element
        self.attribute = attribute

    def children(self, step: Step) -> list["XmlPlace"]:
        if self.attribute:
            return []
        tag = self.tree.tag(step.name, attribute=step.attribute, at=self.element)
        if step.attribute:
            return [self._of(self.element, tag)] if tag in self.element.attrib else []
        found = [self._of(child) for child in self.element.iterchildren(tag)]
        found = [place for place in found if place._is_the_one(step)]
        return found[:1] if step.is_first else found

    def append(self, step: Step) -> "XmlPlace":
        tag = self.tree.tag(step.name, attribute=step.attribute, at=self.element)
        if step.attribute:
            return self._of(self.element, tag)
        place = self._of(etree.SubElement(self.element, tag))
        for key, text in step.keys:
            place.append(key).put(text)
        return place

    def take(self) -> str | None:
        """The text, read; None when it is nil."""
        self.mark()
        if self.attribute:
            return self.element.get(self.attribute)
        if self.element.get(NIL) in ("true", "1"):
            return None
        return (self.element.text or "").strip()

    def put(self, value) -> None:
        if self.attribute:
            if value is not None:
                self.element.set(self.attribute, as_text(value))
        elif value is None:
            self.element.set(NIL, "true")
        else:
            self.element.text = as_text(value)

    def mark(self) -> None:
        self.tree.seen.add((id(self.element), self.attribute))

    def mark_if_empty(self, _kind: type = dict) -> None:
        """Of a struct or a list: nothing in it is still to be read."""
        if not self.attribute and not len(self.element) and not (self.element.text or "").strip():
            self.mark()

    def open(self) -> None:
        """An element is there as soon as it is made."""

    def members(self, path: str) -> list["XmlPlace"]:
        """The members of a list; the first step of ``path`` is what repeats."""
        first, *rest = parse(path).steps
        found = [find(one, tuple(rest)) for one in self.children(first)]
        return [place for place in found if place]

    def add_member(self, path: str) -> "XmlPlace":
        first, *rest = parse(path).steps
        return make(self.append(first), tuple(rest))

    def _of(self, element, attribute: str = "") -> "XmlPlace":
        return XmlPlace(self.tree, element, attribute)

    def _is_the_one(self, step: Step) -> bool:
        found = [self._bearing(key, wanted) for key, wanted in step.keys]
        if not all(found):
            return False
        for key in found:
            key.mark()
        return True

    def _bearing(self, step: Step, wanted: str) -> "XmlPlace | None":
        for key in self.children(step):
            text = key.element.get(key.attribute) if key.attribute else key.element.text
            if (text or "").strip() == wanted:
                return key
        return None


def as_text(value) -> str:
    """A scalar of JSON as XML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def local(element) -> str:
    return element.tag.rpartition("}")[2]


def sort_children(root, ranks: list[str], tag) -> None:
    """Each element's children by ``ranks`` (``name`` or ``parent/name``), the others after."""
    for element in root.iter():
        ordered = sorted(element, key=lambda child: rank(child, ranks, tag))
        if ordered != list(element):
            element[:] = ordered


def is_sorted(root, ranks: list[str], tag) -> bool:
    found = ([rank(child, ranks, tag) for child in element] for element in root.iter())
    return all(one == sorted(one) for one in found)


def rank(child, ranks: list[str], tag) -> int:
    parent = child.getparent()
    for place, name in enumerate(ranks):
        above, slash, own = name.rpartition("/")
        if slash and child.tag == tag(own) and parent.tag == tag(above):
            return place
    return next((i for i, name in enumerate(ranks) if child.tag == tag(name)), len(ranks))


def _says_something(element) -> bool:
    texts = [element.text, *(child.tail for child in element)]
    return any((text or "").strip() for text in texts) or not (len(element) or element.attrib)
