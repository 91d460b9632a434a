"""Reading an OpenAPI description, which is hostile until proven otherwise.

openapi-spec-validator knows what a description is; PyYAML reads YAML. Nothing is fetched: a
reference that leaves the file is refused before either looks at it.
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from ...console import Stop

LARGEST = 5_000_000  # bytes
DEEPEST = 100  # levels
MOST_NODES = 300_000  # an alias of YAML counts as often as it is used
BOOLEANS = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
SPLIT = "split it, or keep of it what concerns the registry"


class _Loader(yaml.CSafeLoader):
    """YAML as JSON has it: no date, and neither ``no`` nor ``on`` is a boolean."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in known if not tag.endswith((":timestamp", ":bool"))]
    for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", BOOLEANS, list("tTfF"))


def read_description(path: Path) -> dict[str, Any]:
    """An OpenAPI 3.0 or 3.1 description, in JSON or YAML. Raises Stop."""
    content = _content(_text(path), path.name)
    if not isinstance(content, dict):
        raise Stop(f"{path.name} is no description: it holds no object")
    described = _jsonlike(content)
    _check_version(described, path.name)
    _check_references(described, path.name)
    return described


def faults(described: dict[str, Any]) -> list[str]:
    """What the standard says against a description; suppliers' ones are seldom faultless."""
    from jsonschema_path import SchemaPath
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

    is_30 = str(described["openapi"]).startswith("3.0")
    validator = OpenAPIV30SpecValidator if is_30 else OpenAPIV31SpecValidator
    try:
        # No handler: nothing outside is resolved, whatever a reference says.
        path = SchemaPath.from_dict(described, handlers={})
        return [_fault(error) for error in validator(path).iter_errors()][:50]
    except Exception as error:  # the library's own, on what it did not expect
        return [f"it cannot be checked: {type(error).__name__}"]


def _fault(error: Exception) -> str:
    place = "/".join(str(step) for step in getattr(error, "absolute_path", ()))
    return f"{place or 'all of it'}: {str(getattr(error, 'message', error))[:200]}"


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Stop(f"{path.name} is larger than {LARGEST // 1_000_000} MB", SPLIT)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Stop(f"{path.name} is not written in UTF-8", "convert it") from None


def _content(text: str, name: str) -> Any:
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            if not text.lstrip().startswith("{") or name.endswith(".json"):
                raise Stop(f"{name}, line {error.lineno}: it is not JSON: {error.msg}") from None
        except (ValueError, RecursionError):
            raise Stop(f"{name} is nested too deep, or holds no JSON number") from None
    try:
        _check_depth(text, name)
        return yaml.load(text, _Loader)  # which is safe: it makes nothing but plain values
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Stop(f"{name}{line}: it is not YAML: {problem}") from None
    except (ValueError, RecursionError, TypeError):
        raise Stop(f"{name} is no YAML that JSON could say") from None


def _check_depth(text: str, name: str) -> None:
    """Before it is built: the builder calls itself for each level."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Stop(f"{name} is nested deeper than {DEEPEST} levels", SPLIT)


def _jsonlike(content: Any) -> Any:
    """A copy in the types of JSON, its names as texts. Raises Stop."""
    left = [MOST_NODES]

    def copy(value: Any, depth: int) -> Any:
        left[0] -= 1
        if left[0] < 0 or depth > DEEPEST:
            raise Stop("the description is too large once its aliases are followed", SPLIT)
        if isinstance(value, dict):
            return {_name(key): copy(one, depth + 1) for key, one in value.items()}
        if isinstance(value, list):
            return [copy(one, depth + 1) for one in value]
        return value if isinstance(value, str | int | float | bool | None) else str(value)

    return copy(content, 0)


def _name(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def _check_version(described: dict[str, Any], name: str) -> None:
    version = described.get("openapi")
    if isinstance(version, int | float | str) and re.match(r"3\.[012](\.|$)", str(version)):
        described["openapi"] = str(version)
        if not isinstance(described.get("paths"), dict) or not described["paths"]:
            raise Stop(f"{name} describes no path", "ask for the description of the services")
        return
    if "swagger" in described:
        told = f"{name} is a description in Swagger {described['swagger']}"
        raise Stop(told, "convert it to OpenAPI 3, for example by swagger2openapi")
    if "asyncapi" in described:
        raise Stop(f"{name} is an AsyncAPI description: nothing of it travels by HTTPS calls")
    raise Stop(f"{name} is no OpenAPI 3 description: it has no “openapi: 3.…”")


def _check_references(described: dict[str, Any], name: str) -> None:
    left: list[tuple[Any, bool]] = [(described, False)]
    while left:
        value, is_example = left.pop()
        if isinstance(value, list):
            left += [(one, is_example) for one in value]
        if not isinstance(value, dict):
            continue
        target = value.get("$ref")
        if isinstance(target, str) and not is_example and not target.startswith("#"):
            told = f"{name} refers to {target[:100]}, which is not in it: nothing is fetched"
            raise Stop(told, "bundle the description into one file")
        # An example may hold any text, "$ref" included.
        left += [(one, is_example or key in ("example", "examples")) for key, one in value.items()]
