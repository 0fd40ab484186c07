"""One statement for many rows: by COPY where it only adds them, and which of them is refused."""

import re
from collections.abc import Sequence
from typing import Any

import asyncpg

from web.database.faults import Violated
from web.database.postgresql import dialect
from web.database.tx import Values

WORTH_COPYING = 100  # rows; fewer take fewer trips by INSERT
_LINE = re.compile(r"^COPY \w+, line (\d+)", re.MULTILINE)


async def write(made: "asyncpg.Connection[Any]", sql: str, rows: Sequence[Values]) -> None:
    """Run a statement for every row. Raises Violated; the rows before that one are written."""
    statement, plain = dialect.statement(sql), dialect.plain_insert(sql)
    if not made.is_in_transaction():
        await made.executemany(statement.text, [statement.values(row) for row in rows])
    elif plain and len(rows) >= WORTH_COPYING:
        await _copy(made, plain, [dialect.in_order(plain.names, row) for row in rows])
    else:
        await _halve(made, statement.text, [statement.values(row) for row in rows], 0)


async def _copy(
    made: "asyncpg.Connection[Any]", plain: dialect.PlainInsert, rows: list[list[Any]]
) -> None:
    """Add rows for half of what INSERT costs; the server names the line of the one it refuses."""
    await made.execute("SAVEPOINT many")
    try:
        await made.copy_records_to_table(plain.table, records=rows, columns=plain.columns)
    except asyncpg.IntegrityConstraintViolationError as refused:
        await made.execute("ROLLBACK TO many")
        line = _LINE.search(refused.context or "")
        if line is None:
            raise
        place = int(line[1]) - 1
        await made.copy_records_to_table(plain.table, records=rows[:place], columns=plain.columns)
        raise violated(refused, place) from None
    await made.execute("RELEASE many")


async def _halve(
    made: "asyncpg.Connection[Any]", text: str, rows: list[list[Any]], before: int
) -> None:
    """Write rows; when one is refused, halve them until it is found."""
    await made.execute("SAVEPOINT many")
    try:
        await made.executemany(text, rows)
    except asyncpg.IntegrityConstraintViolationError as refused:
        await made.execute("ROLLBACK TO many")
        if len(rows) == 1:
            raise violated(refused, before) from None
    else:
        await made.execute("RELEASE many")
        return
    half = len(rows) // 2
    await _halve(made, text, rows[:half], before)
    await _halve(made, text, rows[half:], before + half)


def violated(refused: asyncpg.IntegrityConstraintViolationError, place: int = 0) -> Violated:
    """Name the rule and the column; the server's detail holds the value as well, and stays out."""
    column = refused.column_name or ""
    if refused.detail and refused.detail.startswith("Key ("):
        column = refused.detail.removeprefix("Key (").partition(")")[0].rpartition(", ")[2]
    return Violated(f"{type(refused).__name__}: {refused.constraint_name}", column, place)
