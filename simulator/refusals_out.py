"""The reasons of a refusal, as the contract writes them: in a document, or in a fault."""

from .documents import Error
from .layout import Layout
from .paths import Step, add, make, parse
from .profile import Profile
from .soap import FaultTree
from .tree_json import JsonTree

NAME = "name()"
NOWHERE = (None, NAME)
MEANINGS = ("error_code", "error_item", "error_value", "error_detail")


class Reasons:
    """Writes errors where ``said`` (an answer's description, or its ``fault``) has them."""

    def __init__(self, profile: Profile, layout: Layout, said: dict):
        self.profile = profile
        self.layout = layout
        told = said.get("errors")
        self.paths = told if isinstance(told, list) else [told]
        places = {key: first(place) for key, place in said.items()}
        self.said = {key: place for key, place in places.items() if isinstance(place, str)}

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
        named = next((m for m in MEANINGS if self.said.get(m) == NAME), "")
        name = texts.get(named) or "error"
        if not isinstance(tree, JsonTree):
            return add(tree.root, self._path_named(name) if named else path)
        array = make(tree.root, path)
        if not named:
            return array.add_member(".")
        return next(iter(array.children(Step(name))), None) or array.append(Step(name))

    def _path_named(self, name: str) -> str:
        """In XML, the element of an error may be named after its code: one path for each."""
        named = (path for path in self.paths if parse(path).steps[-1].name == name)
        return next(named, self.paths[0])

    def _write(self, place, texts: dict[str, str]) -> None:
        own = {self.said[m]: text for m, text in texts.items() if self.said.get(m) not in NOWHERE}
        if "." in own and isinstance(place.tree, JsonTree):
            if NAME in self.said.values():  # an array of texts, of which the first is read
                place = place.add_member(".")
            place.put(own["."])  # a text: there is no room for more
            return
        place.open()
        for path, text in own.items():
            make(place, path).put(text)

    def _texts(self, error: Error, is_json: bool) -> dict[str, str]:
        found = error_texts(self.profile, error)
        if error.item:
            found["error_item"] = self._pointed(error.item, is_json)
        return found

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


def error_texts(profile: Profile, error: Error) -> dict[str, str]:
    """What is said of an error, by meaning."""
    found = {
        "error_code": profile.error_code(error.code),
        "error_item": profile.names.get(error.item, error.item),
        "error_value": error.value,
        "error_detail": error.detail,
    }
    return {meaning: text for meaning, text in found.items() if text}


def first(place):
    """Of a list of places, the one that is written."""
    return place[0] if isinstance(place, list) else place
