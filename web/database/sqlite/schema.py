"""Creates the schema and upgrades older ones."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from web import paths
from web.database.faults import NewerSchema, Unusable
from web.database.migrations import migrations, newest
from web.database.sqlite import locks
from web.fields.search_key import search_key


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
