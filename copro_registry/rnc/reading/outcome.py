"""The two answers of a reader that are not a value."""


class Unreadable(ValueError):
    """What is written cannot be taken: ``code`` is a key of ``messages.MESSAGES``.

    ``params`` are those of its sentence: ``value``, what is written, cut when it is long.
    """

    LONGEST = 60

    def __init__(self, code: str, value: object, **params: object):
        shown = str(value)
        shown = shown if len(shown) <= self.LONGEST else f"{shown[: self.LONGEST]}…"
        super().__init__(code, shown)
        self.code = code
        self.params = {"value": shown, **params}


class Doubtful(Unreadable):
    """It has several readings, or has lost something: who wrote it must say which."""


class Impossible(Unreadable):
    """It has no reading."""
