"""What becomes of our SQL on its way to PostgreSQL; what it does there: tests/postgresql."""

import re

import hypothesis
import hypothesis.strategies as st
import pytest

from tests.unit.test_sql import SQL
from web import paths
from web.database.postgresql import dialect

QUOTED = re.compile(r"'[^']*'")


@pytest.mark.parametrize("name", SQL)
def test_every_name_of_a_statement_gets_a_number(name: str) -> None:
    """None is left, and each number has its name."""
    statement = dialect.statement(SQL[name])
    assert ":" not in QUOTED.sub("", statement.text)
    assert all(f"${number}" in statement.text for number, _ in enumerate(statement.names, start=1))


def test_a_name_that_comes_twice_is_one_value() -> None:
    """And a colon inside quotes is none."""
    statement = dialect.statement("SELECT :a, ':b', :c, :a")
    assert statement.text == "SELECT $1, ':b', $2, $1"
    assert statement.values({"a": 1, "c": 2, "other": 3}) == [1, 2]


@hypothesis.given(st.text() | st.binary() | st.integers(-(2**63), 2**63 - 1) | st.none())
def test_a_value_written_into_a_statement_holds_nothing_that_sql_reads(value: object) -> None:
    """Digits and our own words alone: nobody's text can leave its place."""
    if isinstance(value, str):
        value = value.encode(errors="ignore").decode()
    written = dialect.with_values("INSERT INTO t VALUES (:value)", {"value": value})
    inside = written.removeprefix("INSERT INTO t VALUES (").removesuffix(")")
    for ours in ("convert_from", "::BYTEA", "::BIGINT", "'UTF8'", "'\\x", "NULL"):
        inside = inside.replace(ours, "")
    assert set(inside) <= set("0123456789abcdef()', -")


def test_what_no_text_can_hold_is_replaced() -> None:
    """PostgreSQL refuses a NUL; ours finds nothing."""
    assert dialect.statement("SELECT :a").values({"a": "a\0b"}) == ["a\ufffdb"]
    assert "00" not in dialect.with_values("SELECT :a", {"a": "\0"})


def test_the_schema_is_one_text_for_both() -> None:
    """Four words are others; nothing of SQLite is left."""
    script = dialect.script(paths.SCHEMA.read_text(encoding="utf-8"))
    for word in ("STRICT", "BLOB", "INTEGER", "--", "AUTOINCREMENT", "PRAGMA"):
        assert word not in script
    assert script.count("TEXT") == script.count('TEXT COLLATE "C"') > 100
