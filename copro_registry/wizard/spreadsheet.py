"""What is common to the readers of files: their limits, and why they refuse one."""

import re

LARGEST = 128 * 2**20  # bytes, unpacked: a zip can hold a thousand times its size
LARGEST_FILE = 64 * 2**20  # bytes, as it is sent
MOST_LINES, MOST_COLUMNS = 2**20, 2**15  # no spreadsheet has more
MOST_CELLS = 4_000_000  # 20,000 lines of 200 columns
# Above its header, a printed list has its title, a date, a filter: a cell on each line.
MOST_TITLES, NARROWEST_HEADER = 10, 3
FIGURE = re.compile(r"[\d\s.,/:€%+-]+")


class Refused(ValueError):
    """A file that is not read: ``code`` is a key of ``base_import.SENTENCES``.

    ``params`` are those of its sentence.
    """

    def __init__(self, code: str, **params: object):
        super().__init__(code)
        self.code = code
        self.params = params


class Sheet:
    """Rows, counted as they come; those without a text or a number are left out."""

    def __init__(self) -> None:
        self.rows: list[list] = []
        self.lines: list[int] = []  # the number of each row in the file
        self._cells = 0
        self._hidden: list[int] = []

    def add(self, cells: list, line: int, times: int = 1, is_hidden: bool = False) -> None:
        """``line``: its number in the file, or that of the first of ``times``; from 1.

        Raises Refused when there are more cells than a file of ours can hold.
        """
        if line > MOST_LINES or len(cells) > MOST_COLUMNS:
            raise Refused("TOO_LARGE")
        while cells and _is_blank(cells[-1]):
            cells.pop()
        if not cells:
            return
        if is_hidden:
            self._hidden.append(line)
        self._cells += len(cells) * times
        if self._cells > MOST_CELLS:
            raise Refused("TOO_LARGE")
        self.rows += [list(cells) for _time in range(times)]
        self.lines += range(line, line + times)

    def table(self, has_header: bool) -> "Sheet":
        """Itself, its rows of one width, from its header on and without that one again.

        A printed list repeats its header on each page. Raises Refused.
        """
        if self._hidden:
            raise Refused("HIDDEN", lines=", ".join(map(str, self._hidden[:20])))
        titles = self._count_titles() if has_header else 0
        del self.rows[:titles], self.lines[:titles]
        width = max(map(len, self.rows), default=0)
        if width * len(self.rows) > 4 * MOST_CELLS:
            raise Refused("TOO_LARGE")
        header = self.rows[0] if len(self.rows) > 1 and width > 1 else None
        kept = [n for n, row in enumerate(self.rows) if not n or row != header]
        self.rows = [self.rows[n] + [""] * (width - len(self.rows[n])) for n in kept]
        self.lines = [self.lines[n] for n in kept]
        return self

    def _count_titles(self) -> int:
        """How many lines of a single cell stand above a header; 0 when none does."""
        for rank, row in enumerate(self.rows[: MOST_TITLES + 1]):
            filled = [cell for cell in row if not _is_blank(cell)]
            if len(filled) > 1:
                is_header = len(filled) >= NARROWEST_HEADER and all(map(_is_label, filled))
                return rank if is_header else 0
        return 0


def _is_label(value: object) -> bool:
    """Whether a cell may name a column: no figure, no date."""
    return isinstance(value, str) and not FIGURE.fullmatch(value)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
