"""XML schemas of a profile's requests and answers."""

from lxml import etree

from rnc.contract import Profile
from rnc.items import Item, nomenclature

from .json_schema import OF_SUFFIX
from .shape import Node, Shapes

XS = "http://www.w3.org/2001/XMLSchema"
OUTCOME_FIRST = ("reference", "date", "registration_number")


class XmlSchemas:
    """Both schemas, as bytes; each stands alone."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.shapes = Shapes(profile)

    def request(self) -> bytes:
        schema = self._schema()
        for service in self.profile.services.values():
            if service.root:
                attributes = {**self.profile.wire["attributes"], **dict(service.attributes)}
                described = self._element(self.shapes.request(service), attributes)
                described.set("name", service.root)
                schema.append(described)
        return _bytes(schema)

    def answer(self) -> bytes:
        schema, told = self._schema(), self.profile.answer
        root = Node(told["root"])
        _leaf(root, told["outcome"], "enum").required = True
        for meaning in (*OUTCOME_FIRST, "attestation"):
            if meaning in told:
                _leaf(root, told[meaning], meaning)
        self._errors(root)
        dossier = root.at(told["dossier"])
        whole = self.shapes.dossier(self.profile.services["WS3"].groups)
        dossier.children, dossier.is_open = whole.children, whole.is_open
        described = self._element(root, self.profile.wire["attributes"])
        # Nothing says in which order an answer tells what it tells.
        described.find(f".//{{{XS}}}sequence").tag = f"{{{XS}}}all"
        schema.append(described)
        return _bytes(schema)

    def _errors(self, root: Node) -> None:
        told = self.profile.answer
        *around, name = told["errors"].split("/")
        holder = root.at("/".join(around) or ".")
        error = holder.children.setdefault(name, Node(name))
        error.members = Node(name)
        for meaning in ("error_code", "error_item", "error_value", "error_detail"):
            if meaning in told:
                _leaf(error.members, told[meaning], meaning)

    # -- the pieces ---------------------------------------------------------------

    def _schema(self) -> etree._Element:
        schema = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS}, elementFormDefault="qualified")
        namespace = self.profile.wire.get("namespace")
        if namespace:
            schema.set("targetNamespace", namespace)
        return schema

    def _element(self, node: Node, attributes: dict[str, str] | None = None) -> etree._Element:
        element = etree.Element(f"{{{XS}}}element", name=node.name)
        is_struct = node.children or node.is_open or attributes
        if node.members is not None and node.item is None:  # repeated, with nothing around it
            return self._repeated(node.members)
        if node.members is not None:
            element.append(_sequence([self._repeated(node.members)]))
        elif is_struct or node.item is None:
            element.append(self._struct(node, attributes or {}))
        else:
            element.append(self._simple(node.item))
        return element

    def _repeated(self, member: Node) -> etree._Element:
        element = etree.Element(f"{{{XS}}}element", name=member.name)
        if member.children:
            element.append(self._struct(member, {}))
        else:
            element.append(_restriction("token", minLength=1, maxLength=255))
        element.set("minOccurs", "0")
        element.set("maxOccurs", "200")
        return element

    def _struct(self, node: Node, constants: dict[str, str]) -> etree._Element:
        inner, attributes = [], []
        for child in node.children.values():
            if child.name.startswith("@"):
                attributes.append(self._attribute(child))
                continue
            element = self._element(child)
            if not child.required and not element.get("minOccurs"):
                element.set("minOccurs", "0")
            inner.append(element)
        if node.is_open:
            inner.append(
                etree.Element(f"{{{XS}}}any", processContents="skip", maxOccurs="unbounded")
            )
        described = _sequence(inner)
        for name, value in constants.items():
            described.append(
                etree.Element(f"{{{XS}}}attribute", name=name, use="required", fixed=value)
            )
        described.extend(attributes)
        return described

    def _attribute(self, node: Node) -> etree._Element:
        attribute = etree.Element(f"{{{XS}}}attribute", name=node.name[1:])
        if node.item is not None:
            attribute.append(self._simple(node.item))
        return attribute

    def _simple(self, item: Item | str) -> etree._Element:
        if isinstance(item, str):
            return _ANSWERS[item](self.profile)
        if item.type == "bool":
            return _enumeration([self.profile.wire["yes"], self.profile.wire["no"]])
        if item.type == "enum":
            table = self.profile.codes.get(item.nomenclature, {})
            codes = [table.get(e.code, e.code) for e in nomenclature(item.nomenclature)]
            return _enumeration(codes)
        if item.type == "int":
            return _restriction("nonNegativeInteger", maxInclusive=99999)
        if item.type == "decimal":
            return self._decimal(item)
        if item.type == "date":
            return _restriction("date")
        if item.type == "file":
            return _restriction("base64Binary")
        return _text_of(item.code)

    def _decimal(self, item: Item) -> etree._Element:
        if item.unit.startswith("degrees"):
            return _restriction("decimal", minInclusive=-180, maxInclusive=180)
        return _restriction("decimal", minInclusive=0, maxInclusive="999999999.99")


_ANSWERS = {
    "enum": lambda profile: _enumeration(list(profile.answer["outcomes"])),
    "attestation": lambda profile: _restriction("base64Binary"),
    **dict.fromkeys(
        (*OUTCOME_FIRST, "error_code", "error_item", "error_value", "error_detail"),
        lambda profile: _restriction("string", maxLength=2000),
    ),
}


def _leaf(root: Node, path: str, meaning: str) -> Node:
    node = root.at(path)
    node.item = meaning
    return node


def _text_of(code: str) -> etree._Element:
    for suffix, pattern in OF_SUFFIX.items():
        if code.endswith(suffix):
            return _restriction("token", pattern=pattern.strip("^$"))
    return _restriction("token", minLength=1, maxLength=255)


def _sequence(elements: list[etree._Element]) -> etree._Element:
    described = etree.Element(f"{{{XS}}}complexType")
    etree.SubElement(described, f"{{{XS}}}sequence").extend(elements)
    return described


def _enumeration(codes: list) -> etree._Element:
    simple = _restriction("token")
    for code in codes:
        etree.SubElement(simple[0], f"{{{XS}}}enumeration", value=str(code))
    return simple


def _restriction(base: str, **facets) -> etree._Element:
    simple = etree.Element(f"{{{XS}}}simpleType")
    restricted = etree.SubElement(simple, f"{{{XS}}}restriction", base=f"xs:{base}")
    for name, value in facets.items():
        etree.SubElement(restricted, f"{{{XS}}}{name}", value=str(value))
    return simple


def _bytes(schema: etree._Element) -> bytes:
    etree.indent(schema)
    return etree.tostring(schema, xml_declaration=True, encoding="UTF-8", pretty_print=True)
