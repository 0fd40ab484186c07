"""What PostgreSQL calls otherwise: types, named values, and values inside a text of several statements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

_COMMENT = re.compile(r"--.*$", re.MULTILINE)
_WORDS = (
    (re.compile(r"\)\s*STRICT\s*;"), ");"),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),  # SQLite's has 64 bits too
    (re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'),  # the order of bytes, which paging relies on
)
_NAME = re.compile(r"'[^']*'|:([a-z_]+)")
_PLAIN_INSERT = re.compile(r"\s*INSERT INTO (\w+) \(([\w,\s]+)\)\s+VALUES \(([:\w,\s]+)\)\s*")
_NUL, _REPLACEMENT = "\0", "\ufffd"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with $1, $2 … and the names of what they stand for."""

    text: str
    names: tuple[str, ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Give the values in their order."""
        return in_order(self.names, given)


@dataclass(frozen=True, slots=True)
class PlainInsert:
    """A statement that adds a row of bound values and nothing else."""

    table: str
    columns: tuple[str, ...]
    names: tuple[str, ...]


@cache
def plain_insert(sql: str) -> PlainInsert | None:
    """Read such a statement; None for any other."""
    found = _PLAIN_INSERT.fullmatch(sql)
    if found is None:
        return None
    columns, values = (tuple(map(str.strip, part.split(","))) for part in found.groups()[1:])
    names = tuple(each.removeprefix(":") for each in values)
    bound = all(each.startswith(":") for each in values)
    return PlainInsert(found[1], columns, names) if bound else None


@cache
def statement(sql: str) -> Statement:
    """Number the names of a statement."""
    names: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        name = found[1]
        return f"${names.setdefault(name, len(names) + 1)}" if name else found[0]

    text = _NAME.sub(numbered, sql)
    return Statement(text, tuple(names))


def in_order(names: tuple[str, ...], given: Mapping[str, Any]) -> list[Any]:
    """Give the values of some names."""
    return [without_nul(given[name]) for name in names]


def without_nul(value: Any) -> Any:
    """Replace what no text here can hold, so that it is found nowhere instead of failing."""
    if isinstance(value, str) and _NUL in value:
        return value.replace(_NUL, _REPLACEMENT)
    return value


def with_values(sql: str, given: Mapping[str, Any]) -> str:
    """Write the values into a statement, so that several can go in one trip.

    Texts and bytes are written in hexadecimal digits, so no value can end its place or begin another.
    """

    def written(found: re.Match[str]) -> str:
        return _literal(given[found[1]]) if found[1] else found[0]

    return _NAME.sub(written, sql)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return f"({value:d}::BIGINT)"
    if isinstance(value, str):
        digits = without_nul(value).encode().hex()
        return f"convert_from('\\x{digits}'::BYTEA, 'UTF8')"
    return f"('\\x{bytes(value).hex()}'::BYTEA)"


def script(text: str) -> str:
    """Write a script of definitions as PostgreSQL reads it."""
    text = _COMMENT.sub("", text)
    for word, ours in _WORDS:
        text = word.sub(ours, text)
    return text
