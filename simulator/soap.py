"""The envelope of SOAP 1.1 and 1.2, both ways, and its faults."""

from lxml import etree

from .documents import malformed
from .tree_xml import XML_LANG, XmlTree, local

NAMESPACES = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
# What SOAP itself defines in a fault; 1.1 puts these in no namespace.
_DEFINED = {
    "1.1": ("faultcode", "faultstring", "faultactor", "detail"),
    "1.2": ("Code", "Value", "Subcode", "Reason", "Text", "Node", "Role", "Detail"),
}
_DETAIL = ("Detail", "detail")


def opened(root, version: str) -> tuple:
    """The header of an envelope (or None) and the one child of its body. Raises Refused."""
    namespace = NAMESPACES[version]
    if root.tag != f"{{{namespace}}}Envelope":
        raise malformed(f"not an envelope of SOAP {version}")
    names = [local(child) for child in root]
    if names not in (["Body"], ["Header", "Body"]):
        raise malformed("an envelope holds a header, maybe, and a body")
    if any(not child.tag.startswith(f"{{{namespace}}}") for child in root):
        raise malformed("a header and a body of the envelope's namespace")
    if len(root[-1]) != 1:
        raise malformed("one document in the body")
    return (root[0] if len(root) == 2 else None), root[-1][0]


def closed(document, version: str):
    """The envelope around a document."""
    namespace = NAMESPACES[version]
    root = etree.Element(f"{{{namespace}}}Envelope", nsmap={"env": namespace})
    etree.SubElement(root, f"{{{namespace}}}Body").append(document)
    return root


class FaultTree(XmlTree):
    """A fault: above its detail a name is SOAP's, if SOAP knows it, else the profile's."""

    def __init__(self, version: str, namespace: str, prefixes: dict[str, str]):
        self.version = version
        envelope = NAMESPACES[version]
        fault = etree.Element(f"{{{envelope}}}Fault", nsmap={"env": envelope})
        super().__init__(fault, namespace, prefixes)

    def tag(self, name: str, *, attribute: bool = False, at=None) -> str:
        if attribute or name not in _DEFINED[self.version] or self._in_detail(at):
            return super().tag(name, attribute=attribute, at=at)
        return name if self.version == "1.1" else f"{{{NAMESPACES['1.2']}}}{name}"

    def _in_detail(self, element) -> bool:
        above = [] if element is None else [element, *element.iterancestors()]
        return any(local(one) in _DETAIL for one in above)


def complete(fault: FaultTree, code: str, text: str) -> None:
    """What SOAP asks of a fault: the sender's, or ``code``, and why, in French."""
    root, version = fault.root.element, fault.version
    if version == "1.1":
        _fill(root, ["faultcode"], code or "env:Client", "")
        _fill(root, ["faultstring"], text, "")
        _in_order(root, ["faultcode", "faultstring", "faultactor", "detail"])
        return
    _fill(root, ["Code", "Value"], code or "env:Sender", NAMESPACES["1.2"])
    reason = _fill(root, ["Reason", "Text"], text, NAMESPACES["1.2"])
    reason.set(XML_LANG, "fr")
    _in_order(root, ["Code", "Reason", "Node", "Role", "Detail"])


def _fill(element, names: list[str], text: str, namespace: str):
    for name in names:
        tag = f"{{{namespace}}}{name}" if namespace else name
        found = element.find(tag)
        element = etree.SubElement(element, tag) if found is None else found
    element.text = element.text or text
    return element


def _in_order(root, names: list[str]) -> None:
    known = {name: place for place, name in enumerate(names)}
    root[:] = sorted(root, key=lambda child: known.get(local(child), len(names)))
