"""The wire format of a profile."""

from .profile import Profile
from .wire_json import JsonWire
from .wire_xml import XmlWire

_WIRES = {"xml": XmlWire, "json": JsonWire}


def wire_for(profile: Profile) -> XmlWire | JsonWire:
    return _WIRES[profile.wire["codec"]](profile)
