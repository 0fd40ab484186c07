"""Creates the schema and upgrades older ones."""

import os
import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from web import paths
from web.database import locks
from web.fields.search_key import search_key

BASE_VERSION = 1
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class Unusable(Exception):
    """The file is no database of ours, or cannot be opened."""


class NewerSchema(Exception):
    """The database was written by a newer release than this one."""


def migrations(folder: Path = paths.MIGRATIONS) -> list[tuple[int, Path]]:
    """List the migrations as (version they lead to, file), oldest first."""
    found = [(match[1], path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    return sorted((int(number), path) for number, path in found)


def newest(folder: Path = paths.MIGRATIONS) -> int:
    """Give the version of db/schema.sql."""
    return max((number for number, _ in migrations(folder)), default=BASE_VERSION)


def version(database: Path) -> int:
    """Read a database's version; 0 for one that is not there or empty."""
    if not database.exists():
        return 0
    try:
        connection = sqlite3.connect(database.resolve().as_uri() + "?mode=ro", uri=True)
    except sqlite3.Error as wrong:
        raise Unusable(f"{database}: {wrong}") from wrong
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as wrong:
        raise Unusable(f"{database}: {wrong}") from wrong
    finally:
        connection.close()


def upgrade(
    database: Path,
    folder: Path = paths.MIGRATIONS,
    functions: Mapping[str, Callable[..., str | bytes]] | None = None,
) -> tuple[int, int]:
    """Create the database or bring it up to date; safe to repeat. Give old and new version.

    `functions`: what a migration may call beside SQLite's own. Raises Unusable, NewerSchema, LockTaken.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        if not database.exists():  # or open and close would drop SQLite's locks
            os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as wrong:
        raise Unusable(f"{database}: {wrong.strerror}") from wrong
    version(database)
    with locks.hold(database, "write"):
        connection = sqlite3.connect(database, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            for name, function in {"search_key": search_key, **(functions or {})}.items():
                connection.create_function(name, -1, function)
            before = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if before > newest(folder):
                raise NewerSchema(f"{database}: version {before}, newest known {newest(folder)}")
            for number, script in _steps(before, folder):
                # executescript ends an open transaction, so the script brings its own
                connection.executescript(
                    "BEGIN IMMEDIATE;\n" + script + f"\nPRAGMA user_version = {number:d};\nCOMMIT;"
                )
        finally:
            connection.close()
    return before, newest(folder)


def _steps(before: int, folder: Path) -> list[tuple[int, str]]:
    if before == 0:
        return [(newest(folder), paths.SCHEMA.read_text(encoding="utf-8"))]
    return [
        (number, path.read_text(encoding="utf-8"))
        for number, path in migrations(folder)
        if number > before
    ]
