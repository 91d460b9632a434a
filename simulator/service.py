"""One service of a profile, with what every service shares with it."""

from functools import cached_property
from typing import Any

from . import templates
from .templates import Template

# Without a document, unless they say so or, in XML, name its root.
BARE = ("WS3", "STATUS", "ATTESTATION", "LIST")
PIECE = ("piece", "piece_type", "piece_nom", "piece_contenu")


class Service:
    """How the requests of a service are written, and its answers where they differ."""

    def __init__(self, name: str, profile):
        self.name = name
        self.profile = profile
        self._said = profile.manifest["services"][name]
        self.method: str = self._said["method"]
        self.path: Template = templates.parse(self._said["path"])
        self.root: str = self._said.get("root", "")
        self.groups: list[str] = self._said.get("groups", [])
        self.answer: dict = self._said.get("answer", {})
        self.pages: dict = self._said.get("pages", {})
        self.when: str = self._said.get("when", "")
        self.soap_action: str = self._said.get("soap_action", "")
        self.query = self._templates("query")
        self.headers = self._templates("headers")

    @property
    def kind(self) -> str:
        """STATUS of STATUS_WS4: the same for one service alone."""
        return "STATUS" if self.name.startswith("STATUS") else self.name

    @property
    def is_change(self) -> bool:
        return self.name.startswith("WS") and self.name != "WS3"

    def _templates(self, key: str) -> dict[str, Template]:
        said = {**self.profile.manifest.get(key, {}), **self._said.get(key, {})}
        return {name: templates.parse(text) for name, text in said.items()}

    def say(self, key: str, default: Any = None) -> Any:
        """What the service says of ``key``, else ``wire``."""
        return self._said.get(key, self.profile.wire.get(key, default))

    @property
    def media_type(self) -> str:
        return self.say("media_type", "")

    @cached_property
    def attributes(self) -> dict[str, Any]:
        return {**self.profile.wire.get("attributes", {}), **self._said.get("attributes", {})}

    @cached_property
    def constants(self) -> dict[str, Any]:
        return {**self.profile.wire.get("constants", {}), **self._said.get("constants", {})}

    @cached_property
    def names(self) -> dict[str, str]:
        return {
            **self.profile.names,
            **self.profile.wire.get("names", {}),
            **self._said.get("names", {}),
        }

    def name_of(self, code: str) -> str:
        """The path of an item or of a group."""
        return self.names.get(code, code)

    # -- the body ---------------------------------------------------------------

    @property
    def body(self) -> str:
        """document, none, file, parts or fields."""
        said = self._said.get("body")
        if isinstance(said, dict):
            return "parts" if "multipart" in said else "fields"
        if said:
            return said
        bare = self.kind in BARE and not (self.root and self.profile.wire["codec"] == "xml")
        return "none" if bare else "document"

    @property
    def parts(self) -> list[dict]:
        return self._said["body"]["parts"] if self.body == "parts" else []

    @property
    def fields(self) -> dict[str, str]:
        """{name: template} of a form."""
        return self._said["body"]["urlencoded"] if self.body == "fields" else {}

    @property
    def multipart(self) -> str:
        """form-data, mixed or related."""
        return self._said["body"]["multipart"]

    @cached_property
    def channels(self) -> list[Template]:
        """Every template of the service."""
        told = [*self.constants.values(), *self.profile.wire.get("soap_header", {}).values()]
        told += [part.get(key) for part in self.parts for key in ("value", "filename")]
        told += self.fields.values()
        texts = [templates.parse(text) for text in told if isinstance(text, str)]
        return [self.path, *self.query.values(), *self.headers.values(), *texts]

    def tells(self, name: str) -> bool:
        """Whether some template quotes ``name``."""
        return any(slot.name == name for one in self.channels for slot in one.slots)

    @cached_property
    def not_in_document(self) -> set[str]:
        found = {*self.say("not_in_body", ())}
        if "DOCUMENT" in self.profile.manifest["services"] and self.name != "DOCUMENT":
            found |= {*PIECE}
        for part in self.parts:
            found.add(part.get("item", ""))
            quoted = (part.get("value", ""), part.get("filename", ""))
            found |= {slot.name for text in quoted for slot in templates.parse(text).slots}
        return found

    # -- its items --------------------------------------------------------------

    @cached_property
    def items(self) -> list:
        """The items that its documents may hold, each once, in the catalogue's order."""
        if self.name == "DOCUMENT":
            return [item for item in self.profile.item.values() if item.code in PIECE]
        name = self.name.partition("_")[0]
        return [
            item
            for item in self.profile.item.values()
            if name in item.services
            and item.group in self.groups
            and (name == "WS3" or item.required != "output")
        ]
