"""Files to be saved: CSV that spreadsheets open as it is meant."""

import csv
import io
import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from functools import partial
from tempfile import SpooledTemporaryFile
from urllib.parse import quote

from starlette.concurrency import iterate_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Send

from web.fields.width import to_half_width

BOM = "\ufeff"  # by which Excel knows UTF-8
CHUNK = 500  # lines written at once
PIECE = 64 * 1024  # bytes sent at once
IN_MEMORY = 512 * 1024  # bytes; a larger file lies on the disk, nameless, until it is sent
# OWASP, CSV Injection: what a spreadsheet would take for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_SPOILED = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+[Ee][0-9]+|[0-9]{1,4}(?:-[0-9]{1,2}){1,2}")


class CsvFile(StreamingResponse):
    """A CSV of any length; when the browser goes away, the reading ends at once.

    It is written first and sent then: whoever reads slowly must keep no transaction open, beside which the
    WAL would grow without end.
    """

    def __init__(
        self, name: str, plain_name: str, lines: AsyncGenerator[Iterable[object], None]
    ) -> None:
        self._lines = lines
        # RFC 6266: the plain name for those who cannot read the other
        disposition = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
        super().__init__(
            (),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": disposition},
        )

    async def stream_response(self, send: Send) -> None:
        """Write the file, then send it."""
        with SpooledTemporaryFile(IN_MEMORY) as file:
            async with aclosing(_chunks(self._lines)) as chunks:
                async for chunk in chunks:
                    file.write(chunk.encode())
            file.seek(0)
            self.body_iterator = iterate_in_threadpool(iter(partial(file.read, PIECE), b""))
            await super().stream_response(send)


def csv_line(cells: Iterable[object]) -> str:
    """Write a line of a CSV (RFC 4180); no cell is a formula."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def for_spreadsheet(number: str) -> str:
    """Write a number that is a name as the formula of its own text, where a spreadsheet would spoil it.

    Opened by a double click, 0012 becomes 12, 1-2 a day, 5E3 five thousand, and of a long number only 15
    digits stay. Excel and LibreOffice show the text of ="0012"; it holds digits, - and E alone.
    """
    half = to_half_width(number)  # LibreOffice takes ９９ for 99
    spoiled = _SPOILED.fullmatch(half) or (half != number and _SPOILED.fullmatch(f"0{half}"))
    return Kept(f'="{number}"') if spoiled else number


class Kept(str):
    """A cell that is meant to be a formula; made here only."""

    __slots__ = ()


def _harmless(cell: object) -> object:
    if isinstance(cell, Kept):
        return str(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


async def _chunks(lines: AsyncGenerator[Iterable[object], None]) -> AsyncGenerator[str, None]:
    waiting = [BOM]
    async with aclosing(lines):
        async for cells in lines:
            waiting.append(csv_line(cells))
            if len(waiting) > CHUNK:
                yield "".join(waiting)
                waiting.clear()
    yield "".join(waiting)
