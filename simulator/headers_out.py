"""What an answer says in its headers."""

import re
from urllib.parse import quote

from .profile import Profile

ADDRESSES = ("location", "content-location")
# Whose address a header gives, when it tells this.
_AT = {"registry_reference": "STATUS", "reference": "STATUS", "registration_number": "WS3"}


def header_value(profile: Profile, place: dict, meaning: str, values: dict[str, str]) -> str:
    """The text of the header of ``place`` in which ``meaning`` is found again."""
    text, pattern = values[meaning], place.get("pattern")
    address = ""
    if place["header"].lower() in ADDRESSES:
        address = _address(profile, meaning, values)
    if not pattern:
        return address or text
    found = re.search(pattern, address)
    return address if found and found[1] == text else _around(pattern, text)


def _address(profile: Profile, meaning: str, values: dict[str, str]) -> str:
    """Of the service that is asked about it; its last segment is the value."""
    last = quote(values[meaning], safe="")
    service = profile.services.get(_AT.get(meaning, ""))
    path = service.path.fill_path(values) if service and service.tells(meaning) else None
    if path is None or path.rpartition("/")[2] != last:
        path = last
    return profile.base_path + path


def _around(pattern: str, text: str) -> str:
    """The literal text of a regular expression before its group, and the value."""
    before = pattern.partition("(")[0].lstrip("^")
    return re.sub(r"\\(.)", r"\1", before) + text
