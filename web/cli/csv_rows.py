"""Reads a UTF-8 CSV with a header row by row; what is wrong is named by its line."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any


class BadRow(ValueError):
    """A row cannot be used; the message names its line and what is wrong."""


def rows(
    source: Iterable[bytes],
    columns: Sequence[str],
    read: Callable[[Mapping[str, str]], dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Read every row, with its line. Raises BadRow for what `read` refuses by a ValueError."""
    reader = csv.reader(_decoded(source), strict=True)
    try:
        header = next(reader, [])
        missing = [column for column in columns if column not in header]
        if missing:
            raise BadRow(f"line 1: columns missing: {', '.join(missing)}")
        for cells in filter(None, reader):
            try:
                if len(cells) != len(header):
                    raise ValueError(f"{len(columns)} columns needed")  # noqa: TRY301 as any other
                row = read(dict(zip(header, cells, strict=True)))
            except ValueError as wrong:
                raise BadRow(f"line {reader.line_num}: {wrong}") from wrong
            row["line"] = reader.line_num
            yield row
    except csv.Error as wrong:
        raise BadRow(f"line {reader.line_num}: {wrong}") from wrong


class Noted:
    """A batch that notes which row was taken last, so that an error can name its line."""

    def __init__(self, batch: Sequence[Mapping[str, Any]]) -> None:
        self._batch = batch
        self.line = 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for row in self._batch:
            self.line = row["line"]
            yield row


def _decoded(source: Iterable[bytes]) -> Iterator[str]:
    """Decode line by line, so that a broken byte is named by its line."""
    for number, line in enumerate(source, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as wrong:
            raise BadRow(f"line {number}: not UTF-8: {wrong.reason}") from wrong
