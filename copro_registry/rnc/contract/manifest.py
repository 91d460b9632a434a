"""The form of a profile's files: their keys, and what each may hold.

``manifest.schema.json`` describes them; its descriptions are what an integrator is told.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from .errors import ProfileError
from .path import path
from .pattern import is_heavy, is_slow
from .template import template

SCHEMA = Path(__file__).parent / "manifest.schema.json"
FILES = ("manifest.json", "names.json", "codes.json", "errors.json")
OPTIONAL = "names.json"
# Controls, what turns the direction of what follows, halves of a character.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
OF_SEVERAL_LINES = {"note", "certainty", "message"}
# What a profile made before 19.0.2.0.0 calls the outcome of an answer, and whom an error concerns.
FORMER_OUTCOMES = {"recorded": "received", "registered": "accepted"}
FORMER_CONCERNS = {"attachment": "affiliation"}
LONGEST_NAME = 200  # of a member


def faults_of_form(folder: Path) -> list[str]:
    """What is wrong with the form of the files of a profile, in words for an integrator.

    Raises ProfileError when one cannot be read.
    """
    found: dict[str, None] = {}  # each once, in order
    for name in FILES:
        if name != OPTIONAL or (folder / name).exists():
            content = read_json(folder, name)
            faults = list(_unseen(content)) or _faults(name, content)
            found.update(dict.fromkeys(f"{name}: {told}" for told in faults))
    return list(found)


def read_json(folder: Path, name: str) -> Any:
    """A file of a profile. Raises ProfileError."""
    try:
        text = (folder / name).read_text(encoding="utf-8")
        return _renamed(json.loads(text, parse_constant=_no_constant))
    except OSError:
        raise ProfileError(f"{name} cannot be read") from None
    except json.JSONDecodeError as error:
        told = f"{name}, line {error.lineno}: {error.msg}"
        raise ProfileError(told) from None
    except (ValueError, RecursionError):
        raise ProfileError(f"{name}: it is not JSON") from None


def _renamed(content: Any) -> Any:
    """A file's content, its outcomes and what its errors concern in today's words."""
    for name, part in content.items() if isinstance(content, dict) else ():
        if not isinstance(part, dict):
            continue
        outcomes = part.get("outcomes") if name in ("answer", "http") else None
        for key, value in outcomes.items() if isinstance(outcomes, dict) else ():
            outcomes[key] = FORMER_OUTCOMES.get(str(value), value)
        if "about" in part:
            part["about"] = FORMER_CONCERNS.get(str(part["about"]), part["about"])
    return content


def _no_constant(name: str):
    raise ValueError(f"{name} is not JSON")


def _unseen(content: Any, place: str = "", key: str = "") -> Iterator[str]:
    """What would be shown, kept or sent otherwise than it reads.

    It is refused before all else: whatever is told afterwards may quote the file.
    """
    if isinstance(content, str):
        lines = "\n\t" if key in OF_SEVERAL_LINES else ""
        if any(unicodedata.category(one) in UNSEEN and one not in lines for one in content):
            yield f"{place or 'all of it'}: a character that cannot be seen"
    elif isinstance(content, list):
        for rank, one in enumerate(content):
            yield from _unseen(one, f"{place}/{rank}".lstrip("/"))
    elif isinstance(content, dict):
        for name, one in content.items():
            if len(name) > LONGEST_NAME or [*_unseen(name)]:
                told = f"a name holds a character that cannot be seen, or more than {LONGEST_NAME}"
                yield f"{place}: {told}" if place else told
            else:
                yield from _unseen(one, f"{place}/{name}".lstrip("/"), name)


def _faults(name: str, content: Any) -> Iterator[str]:
    errors = _validator(name).iter_errors(content)
    for error in sorted(errors, key=lambda one: [str(step) for step in one.absolute_path]):
        yield from _told(error)


def _is_whole(_checker: Any, number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


# JSON Schema takes 5.0 for a whole number: Python counts nothing with it.
_TYPES = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
_Validator = validators.extend(Draft202012Validator, type_checker=_TYPES)


@cache
def _validator(name: str) -> Draft202012Validator:
    described = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    schema = {"$defs": described, "$ref": f"#/$defs/{name}"}
    return _Validator(schema, format_checker=_FORMATS)


_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("path", raises=ValueError)
def _is_path(text: Any) -> bool:
    return not isinstance(text, str) or bool(path(text))


@_FORMATS.checks("template", raises=ValueError)
def _is_template(text: Any) -> bool:
    return not isinstance(text, str) or bool(template(text))


@_FORMATS.checks("day", raises=ValueError)
def _is_day(text: Any) -> bool:
    return not isinstance(text, str) or bool(date.fromisoformat(text))


@_FORMATS.checks("zone", raises=(ValueError, LookupError, OSError))
def _is_zone(text: Any) -> bool:
    return not isinstance(text, str) or bool(ZoneInfo(text))


@_FORMATS.checks("pattern", raises=(re.error, RecursionError, OverflowError))
def _is_pattern(text: Any) -> bool:
    is_light = isinstance(text, str) and not is_heavy(text) and not is_slow(text)
    return not isinstance(text, str) or (is_light and re.compile(text).groups == 1)


@_FORMATS.checks("groups", raises=(re.error, RecursionError, OverflowError))
def _is_grouped(text: Any) -> bool:
    is_light = isinstance(text, str) and not is_heavy(text)
    return not isinstance(text, str) or (is_light and bool(re.compile(text).groupindex))


def _told(error: ValidationError) -> Iterator[str]:
    place = "/".join(str(step) for step in error.absolute_path)
    below = f"{place}/" if place else ""
    if error.validator in ("required", "dependentRequired"):
        yield from (f"{below}{name} is missing" for name in _missing(error))
    elif error.validator in ("anyOf", "oneOf") and _meant(error):
        for one in _meant(error):
            yield from _told(one)
    elif error.validator == "additionalProperties":
        known = error.schema["properties"]
        others = [re.compile(pattern) for pattern in error.schema.get("patternProperties", ())]
        unknown = sorted(error.instance.keys() - known.keys())
        for name in (one for one in unknown if not any(o.search(one) for o in others)):
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f": is {near[0]} meant?" if near else f" ({', '.join(known)})"
            yield f"{below}{name} is unknown{hint}"
    else:
        yield f"{place or 'all of it'}: {_wanted(error)}"


def _meant(error: ValidationError) -> list[ValidationError]:
    """Of several forms, what is wrong with the one of the right type; [] when there is none."""
    forms: dict[Any, list[ValidationError]] = {}
    for one in error.context:
        forms.setdefault(one.schema_path[0], []).append(one)
    here = error.absolute_path
    kinds = ("type", "enum", "required", "const")
    fits = (
        form
        for form in forms.values()
        if not any(one.validator in kinds and one.absolute_path == here for one in form)
    )
    return next(fits, [])


def _missing(error: ValidationError) -> Iterator[str]:
    wanted = error.validator_value
    if error.validator == "dependentRequired":
        wanted = [name for key, names in wanted.items() if key in error.instance for name in names]
    return (name for name in wanted if name not in error.instance)


def _wanted(error: ValidationError) -> str:
    if error.validator == "enum":
        return f"one of {', '.join(map(str, error.validator_value))}"
    if error.validator == "format" and error.cause is not None and str(error.cause):
        return str(error.cause)
    return error.schema.get("description") or f"{error.validator} {error.validator_value}"
