"""What identifies the content of an upload."""

import hashlib
import json
from datetime import date
from typing import Any

from .contract import Service


def fingerprint(dossier: dict[str, Any], service: Service, on: date) -> str:
    """SHA-256 of the items that ``service`` would send on ``on``: same content, same text.

    Cheaper than the file itself, and blind to how it is written.
    """
    sent = service.sent(dossier, on)
    content = {
        item.code: dossier[item.code]
        for item in sent
        if dossier.get(item.code) not in (None, "", [], {})
    }
    written = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
