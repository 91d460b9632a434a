"""A frozen body as the text that the database keeps, and back."""

import base64

from ..rnc.codec import codec_for

# RFC 2397: no document in XML or JSON begins so.
DATA, BASE64 = "data:", ";base64,"


def as_text(body, profile, service):
    """The text of ``body`` (bytes): itself where it is one in UTF-8, else a data URL."""
    described = profile.services[service]
    text = _readable(body)
    if text is not None:
        return text
    kind = codec_for(profile).media_type(described, body).replace(" ", "")
    return f"{DATA}{kind}{BASE64}{base64.b64encode(body).decode('ascii')}"


def _readable(body):
    """The text of bytes in UTF-8 that PostgreSQL keeps as they are, else None."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text or text.startswith(DATA) else text


def as_bytes(text):
    """The bytes that `as_text` has kept."""
    text = text or ""
    if not text.startswith(DATA):
        return text.encode("utf-8")
    return base64.b64decode(text.partition(BASE64)[2])
