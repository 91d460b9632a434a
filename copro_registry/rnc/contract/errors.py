"""What is wrong with a profile."""


class ProfileError(ValueError):
    """The profile cannot be used. Each argument is one thing that is wrong, and its place.

    It names files, keys, lines and items, never what a file holds.
    """

    def __str__(self) -> str:
        return "\n".join(self.args)
