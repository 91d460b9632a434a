"""The states of an upload that are asked for together."""

LEAVING = ("queued", "sending")  # not called for yet, or being called for
ASKED = ("received", "unknown")  # the registry is asked about them
OPEN_STATES = LEAVING + ASKED
REFUSED = ("rejected", "failed")  # a person has to correct something
