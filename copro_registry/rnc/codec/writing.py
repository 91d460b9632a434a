"""A request's body, from a dossier, as a profile says."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from ..contract import Profile, Service
from ..contract.formats import NULL, OMIT
from ..contract.forms import FILE_BODY, NONE, URLENCODED
from ..contract.path import path
from ..contract.service import DOCUMENT_CALL, Part
from ..contract.template import Missing, template
from ..items import Item
from ..rules.conditions import compiled
from . import multipart
from .answer import Invalid
from .names import names_of
from .quoting import NO_VALUE, Quoted, filled, flat
from .values import to_wire
from .wire import Wire

FILE_ITEM = "piece_contenu"
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.I)

Written = list[tuple[Item, Any]]  # what travels of each item: a scalar, a Written, a list of them


class Writing:
    """One request. ``told``: {placeholder: text} of the call."""

    def __init__(
        self,
        wire: Wire,
        service: Service,
        dossier: dict[str, Any],
        on: date,
        told: Mapping[str, Any],
    ):
        self.wire = wire
        self.profile: Profile = wire.profile
        self.service = service
        self.dossier = dossier
        self.known = service.catalogue(dossier, on)
        self.names = names_of(self.profile, service.code)
        self.values = Quoted(self.profile, dossier, told)
        apart = DOCUMENT_CALL in self.profile.services and service.code != DOCUMENT_CALL
        self.elsewhere = service.elsewhere | ({"piece"} if apart else set())

    def body(self) -> bytes:
        """The bytes. Raises Invalid."""
        if self.service.body == NONE:
            return b""
        if self.service.body == FILE_BODY:
            return flat(self.dossier).get(FILE_ITEM) or b""
        if self.service.body == URLENCODED:
            said = ((name, filled(text, self.values)) for name, text in self.service.fields)
            return urlencode([pair for pair in said if pair[1] is not None]).encode("ascii")
        if self.service.parts:
            return multipart.made(self.service.body, list(self._parts()))
        return self._document()

    # -- the document -------------------------------------------------------------

    def _document(self) -> bytes:
        root = self.wire.new(self.service)
        for where, said in self.service.constants:
            value = filled(said, self.values)
            if value is not None:
                self.wire.put(root, path(where).steps, value)
        if not self.service.asks:
            place = self.wire.node(root, path(self.service.below).steps)
            for group, written in self._groups():
                self._fill(written, self.wire.node(place, self.names.group(group).steps), place)
        return self.wire.dump(root, self.service, self._header(), self._charset())

    def _header(self) -> list[tuple]:
        said = self.profile.wire.get("soap_header", {}).items()
        texts = ((path(where), filled(text, self.values)) for where, text in said)
        return [(where, text) for where, text in texts if text is not None]

    def _charset(self) -> str:
        found = _CHARSET.search(self.service.media_type)
        return found[1].upper() if found else "UTF-8"

    def _groups(self) -> Iterator[tuple[str, Written]]:
        """What the service carries, in order."""
        for group in self.service.groups:
            items = self.known.sent(self.service.code, (group,))
            items = [item for item in items if item.code not in self.elsewhere]
            written = list(self._written(items, self.dossier))
            if written or (items and group != "bati_2027"):
                yield group, written

    def _written(self, items: list[Item], values: dict[str, Any]) -> Iterator[tuple[Item, Any]]:
        for item in items:
            value = values.get(item.code)
            if item.code in self.elsewhere:
                continue
            if value not in NO_VALUE:
                written = self._value(item, value)
                if written != []:
                    yield item, written
                continue
            form = self.profile.formats.of(item)
            if form.absent != OMIT and (not form.when or compiled(form.when)(values, self.dossier)):
                yield item, None if form.absent == NULL else ""

    def _value(self, item: Item, value: Any) -> Any:
        children = self.known.children(item.code)
        if item.type == "list":
            if not children:
                return [str(one) for one in value]
            return [self._struct(item, children, one) for one in value]
        if children:
            return self._struct(item, children, value)
        try:
            return to_wire(self.profile, item, value)
        except (ArithmeticError, TypeError, ValueError):
            raise Invalid(f"{item.code} (it cannot be written so)") from None

    def _struct(self, item: Item, children: list[Item], values: dict[str, Any]) -> Any:
        """Its items, each at its place, or all of them in one text. Raises Invalid."""
        text = self.profile.formats.of(item).text
        if not text:
            return list(self._written(children, values))
        try:
            return template(text).fill(Quoted(self.profile, values, {}))
        except Missing as missing:
            raise Invalid(f"{missing.args[0]} (it has no value)") from None

    def _fill(self, written: Written, parent, base) -> None:
        """``base``: where the paths that begin with / start from."""
        for item, value in written:
            where = self.names.path(item.code)
            at = base if where.absolute else parent
            if not isinstance(value, list):
                self.wire.put(at, where.steps, value)
            elif item.type == "list":
                self._list(item, value, at)
            else:
                self._fill(value, self.wire.node(at, where.steps), base)

    def _list(self, item: Item, members: list, at) -> None:
        where, below = self.names.path(item.code), self.names.members(item.code)
        if not isinstance(members[0], list):
            self.wire.put_members(at, where, below, members)
            return
        for one in members:
            member, _steps = self.wire.member(at, where, below)
            self._fill(one, member, member)

    # -- several parts ------------------------------------------------------------

    def _parts(self) -> Iterator[multipart.Content]:
        """Each part that has something to hold."""
        files = flat(self.dossier)
        for part in self.service.parts:
            try:
                if part.document:
                    body = self._document()
                elif part.item:
                    body = files[part.item]
                else:
                    body = template(part.value).fill(self.values).encode("utf-8")
            except (Missing, KeyError):
                continue
            usual = self.service.media_type if part.document else ""
            yield multipart.Content(part.name, self._filename(part), part.media_type or usual, body)

    def _filename(self, part: Part) -> str:
        """Raises Invalid: a part that is left out for its name would not be missed."""
        try:
            return template(part.filename).fill(self.values)
        except Missing as missing:
            raise Invalid(f"{missing.args[0]} (it names a file, and has no value)") from None
