"""db/schema.sql: every column says whether it is sensitive, every table is strict."""

import re
import sqlite3
from contextlib import closing

from web import paths

TEXT = paths.SCHEMA.read_text(encoding="utf-8")
TABLE = re.compile(r"^CREATE TABLE (\w+) \((.*?)^\) STRICT;$", re.MULTILINE | re.DOTALL)
# a column, its type, what else is said of it, and the mark
COLUMN = re.compile(
    r"^    ([a-z_]+) (?:TEXT|INTEGER|BLOB)\b[^\n]*?-- sensitive: (yes|no)\b", re.MULTILINE
)
SECRET_WORDS = re.compile(r"password_hash|token_hash|key_hash|sealed|email|name|recipient|network")


def marks() -> dict[tuple[str, str], str]:
    """Read the mark of every column from the file."""
    return {
        (table, column): mark
        for table, body in TABLE.findall(TEXT)
        for column, mark in COLUMN.findall(body)
    }


def test_every_column_says_whether_it_is_sensitive() -> None:
    """SQLite's own list of columns is the list of marks."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TEXT)
        columns = {
            (table, column)
            for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")
            for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        }
    assert columns
    assert columns - marks().keys() == set()
    assert marks().keys() - columns == set()


def test_secrets_and_people_are_marked_as_sensitive() -> None:
    """Hashes, sealed texts, names and addresses are never `no`."""
    wrong = [key for key, mark in marks().items() if SECRET_WORDS.search(key[1]) and mark == "no"]
    assert wrong == []


def test_every_table_is_strict() -> None:
    """SQLite refuses a text where a number belongs."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TEXT)
        tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE type='table'")
        loose = [name for name, strict in tables if not strict and not name.startswith("sqlite_")]
    assert loose == []


def test_no_column_asks_the_database_for_the_time() -> None:
    """Times come in as numbers, so that tests and PostgreSQL agree."""
    assert not re.search(r"CURRENT_|datetime\(|strftime|unixepoch", TEXT)
