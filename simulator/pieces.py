"""The supporting documents that come by a call of their own."""

from .documents import Request
from .store import Store


class Pieces:
    """Kept by account and reference."""

    def __init__(self, store: Store, when: str):
        self.store = store
        self.when = when  # before, after, or "": by no call of their own

    def keep(self, account: str, reference: str, content: bytes) -> None:
        sql = "INSERT OR REPLACE INTO document VALUES (?, ?, ?)"
        self.store.run(sql, account, reference, content)

    def is_there(self, account: dict, reference: str, request: Request) -> bool:
        """Whether a request has its document, or may have it later."""
        return (
            bool(request.text("piece_contenu"))
            or self.when == "after"
            or self.has_come(account["number"], reference)
        )

    def has_come(self, account: str, reference: str) -> bool:
        sql = "SELECT 1 FROM document WHERE account = ? AND reference = ?"
        return self.store.one(sql, account, reference) is not None
