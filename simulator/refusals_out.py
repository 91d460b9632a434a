"""The reasons of a refusal, as the contract writes them: in a document, or in a fault."""

from .documents import Error
from .layout import Layout
from .paths import add, make, parse
from .profile import Profile
from .soap import FaultTree
from .tree_json import JsonTree

NAME = "name()"
MEANINGS = ("error_code", "error_item", "error_value", "error_detail")


class Reasons:
    """Writes errors where ``said`` (an answer's description, or its ``fault``) has them."""

    def __init__(self, profile: Profile, layout: Layout, said: dict):
        self.profile = profile
        self.layout = layout
        self.said = {key: first(value) for key, value in said.items() if value is not None}

    def write(self, tree, errors: tuple[Error, ...]) -> None:
        if "errors" not in self.said:
            return
        for error in errors:
            texts = self._texts(error, isinstance(tree, JsonTree))
            self._write(self._place(tree, texts), texts)
            if self.said["errors"] == ".":
                return  # the document itself is one: there is room for one

    def _place(self, tree, texts: dict[str, str]):
        """Where one error stands."""
        path = self.said["errors"]
        if path == ".":
            return tree.root
        if not isinstance(tree, JsonTree):
            return add(tree.root, path)
        array = make(tree.root, path)
        named = next((m for m in MEANINGS if self.said.get(m) == NAME), None)
        if named is None:
            return array.add_member(".")
        array.open()
        return array.append(parse(_escaped(texts.get(named) or "error")).steps[0])

    def _write(self, place, texts: dict[str, str]) -> None:
        own = [m for m in texts if self.said.get(m) not in (None, NAME)]
        is_named = NAME in self.said.values()
        if own and all(self.said[m] == "." for m in own):
            if is_named:  # an array of texts, of which the first is read
                place = place.add_member(".")
            place.put(texts[own[0]])
            return
        place.open()
        for meaning in own:
            make(place, self.said[meaning]).put(texts[meaning])

    def _texts(self, error: Error, is_json: bool) -> dict[str, str]:
        found = {
            "error_code": self.profile.error_code(error.code),
            "error_item": self._pointed(error.item, is_json) if error.item else "",
            "error_value": error.value,
            "error_detail": error.detail,
        }
        return {meaning: text for meaning, text in found.items() if text}

    def _pointed(self, code: str, is_json: bool) -> str:
        """A name as it is; what stands deeper, by its path from the dossier."""
        name = self.layout.service.name_of(code)
        if not {"/", "[", "@"} & {*name} and name != ".":
            return name
        path = self.layout.path_of(code)
        return f"#/{path}" if is_json and "[" not in path else path


def write_fault(reasons: Reasons, fault: FaultTree, errors: tuple[Error, ...]) -> str:
    """The reasons in a fault; returns the code that stands where SOAP has its own, or ""."""
    said = reasons.said
    said.setdefault("errors", ".")
    for meaning, usual in _USUAL[fault.version].items():
        said.setdefault(meaning, usual)
    reasons.write(fault, errors)
    own = said["errors"] == "." and said["error_code"] in ("Code/Value", "faultcode")
    return reasons.profile.error_code(errors[0].code) if own and errors else ""


_USUAL = {
    "1.1": {"error_code": "faultcode", "error_detail": "faultstring"},
    "1.2": {"error_code": "Code/Value", "error_detail": "Reason/Text"},
}


def first(place):
    """Of a list of places, the one that is written."""
    return place[0] if isinstance(place, list) else place


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
