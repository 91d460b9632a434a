"""Why files cannot be used."""


class Unreadable(Exception):
    """The files hold no usable identity; ``code`` is a key of MESSAGES."""

    def __init__(self, code: str, **params: str):
        super().__init__(code)
        self.code = code
        self.params = tuple(params.items())
