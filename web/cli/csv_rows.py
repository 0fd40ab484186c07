"""Reads a UTF-8 CSV with a header row by row; all that is wrong is named by its lines."""

import csv
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from string import whitespace
from typing import Any

from web.database import Violated
from web.fields.text import UNSEEN

MOST_NAMED = 100
_END_OF_FILE = b"\x1a"
_NOTHING = f"{whitespace}\u3000\u00a0\0\x1a{UNSEEN}"  # what a row of empty cells may hold


class BadRow(ValueError):
    """Rows cannot be used; the message names the line of each and what is wrong."""


class _NotUTF8(Exception):
    """A line cannot be read."""


class Bad:
    """What is wrong with a file, row by row: an operator mends all of it at once."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []

    @property
    def any(self) -> bool:
        """Tell whether anything was noted."""
        return bool(self._found)

    def note(self, line: int, words: object) -> None:
        """Note a row that cannot be used. Raises BadRow when enough are known."""
        self._found.append((line, str(words)))
        if len(self._found) == MOST_NAMED:
            self._refuse(f"the first {MOST_NAMED} rows that cannot be used")

    def taken(self) -> list[tuple[int, str]]:
        """Give what was noted, to be noted elsewhere."""
        found, self._found = self._found, []
        return found

    def check(self) -> None:
        """Refuse the file if any row was noted. Raises BadRow."""
        if self._found:
            self._refuse(f"{len(self._found)} rows cannot be used")

    def _refuse(self, total: str) -> None:
        more = f" ({total})" if len(self._found) > 1 else ""
        named = (f"line {line}: {words}" for line, words in sorted(self._found))
        raise BadRow("; ".join(named) + more)


def rows(
    source: Iterable[bytes],
    columns: Sequence[str],
    read: Callable[[Mapping[str, str]], dict[str, Any]],
    bad: Bad,
) -> Iterator[dict[str, Any]]:
    """Read every row that is good, with its line; note what `read` refuses by a ValueError.

    What can be read no further ends them. Rows of empty cells, which spreadsheets leave behind, are none.
    Raises BadRow when enough are noted.
    """
    reader = csv.reader(_decoded(source), strict=True)
    try:
        header = next(reader, [])
        if wrong_header := _wrong_header(header, columns):
            bad.note(1, wrong_header)
            return
        for cells in reader:
            if not any(cell.strip(_NOTHING) for cell in cells):
                continue
            if len(cells) != len(header):
                bad.note(reader.line_num, f"{len(columns)} columns needed")
                continue
            try:
                row = read(dict(zip(header, cells, strict=True)))
            except ValueError as wrong:
                bad.note(reader.line_num, wrong)
                continue
            row["line"] = reader.line_num
            yield row
    except _NotUTF8 as wrong:
        bad.note(reader.line_num + 1, wrong)
    except csv.Error as wrong:
        # behind the hyphen Python asks the programmer something
        bad.note(reader.line_num, str(wrong).partition(" - ")[0])


def _wrong_header(header: Sequence[str], columns: Sequence[str]) -> str:
    """Say what is wrong with a header; '' for a good one."""
    if len(header) == 1 and (other := next((each for each in ";\t" if each in header[0]), "")):
        named = "a tab" if other == "\t" else f"“{other}”"
        return f"the columns are separated by {named}; a comma is needed"
    missing = [column for column in columns if column not in header]
    if missing:
        return f"columns missing: {', '.join(missing)}"
    twice = [column for column in columns if header.count(column) > 1]
    return f"columns that are there twice: {', '.join(twice)}" if twice else ""


async def put_all(
    put: Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]],
    batch: Sequence[Mapping[str, Any]],
    bad: Bad,
    words: Callable[[Violated], str],
) -> None:
    """Write a batch; note every row that the database refuses, and go on behind it."""
    while batch:
        try:
            await put(batch)
        except Violated as refused:
            bad.note(batch[refused.place]["line"], words(refused))
            batch = batch[refused.place + 1 :]
        else:
            return


def _decoded(source: Iterable[bytes]) -> Iterator[str]:
    """Decode line by line, so that a broken byte is named by its line."""
    for number, line in enumerate(source, start=1):
        # Old programs end a file by Ctrl-Z, more than one to fill a block.
        text = line if line.endswith(b"\n") else line.rstrip(_END_OF_FILE)
        try:
            yield text.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as wrong:
            raise _NotUTF8(f"not UTF-8 ({wrong.reason}): save the file as “CSV UTF-8”") from wrong
