"""The states of an upload that are asked for together."""

OPEN_STATES = ("queued", "sending", "accepted", "unknown")
REFUSED = ("rejected", "failed")  # a person has to correct something
