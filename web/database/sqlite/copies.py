"""Copies of a database: made at one moment while others write, judged, put in place."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from web.database.faults import Unusable

MOST_FAULTS = 10
BESIDE = ("-wal", "-shm")  # what SQLite keeps next to a database


def copy(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment into a file that is not there. Raises Unusable.

    The target appears whole or not at all, readable by its owner alone (ASVS 14.2.4). Reading only,
    this connection never checkpoints, so the writer stays the only one that does.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with _reading(source) as old, closing(sqlite3.connect(part)) as new:
                old.backup(new)
                new.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            _keep(part)
            os.link(part, target)  # unlike a renaming, it never replaces
        finally:
            part.unlink()
        _keep(target.parent)
    except sqlite3.Error as wrong:
        raise Unusable(f"{source}: cannot be copied to {target}: {wrong}") from wrong
    except FileExistsError as there:
        raise Unusable(f"{there.filename2 or there.filename}: exists, is not replaced") from there
    except OSError as wrong:
        raise Unusable(f"{target}: {wrong.strerror}") from wrong


def faults(database: Path) -> list[str]:
    """Let SQLite look through every page and reference; name what is broken."""
    return [*broken_pages(database), *orphans(database)]


def broken_pages(database: Path) -> list[str]:
    """Run integrity_check; name what it finds."""
    try:
        with _reading(database) as connection:
            found = connection.execute(f"PRAGMA integrity_check({MOST_FAULTS:d})").fetchall()
    except sqlite3.DatabaseError as wrong:
        return [str(wrong)]
    return [" ".join(str(text).split()) for (text,) in found if text != "ok"]


def orphans(database: Path) -> list[str]:
    """Run foreign_key_check; name the rows that refer to nothing."""
    try:
        with _reading(database) as connection:
            found = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS)
    except sqlite3.DatabaseError as wrong:
        return [str(wrong)]
    return [f"{table}: row {row} refers to {parent}, not there" for table, row, parent, _ in found]


def put_in_place(new: Path, database: Path, aside: Path) -> bool:
    """Make a file the database; tell whether there was one, kept aside. Needs both locks.

    Raises Unusable.
    """
    was_there = database.exists()
    try:
        if was_there:
            os.link(database, aside)
        for ending in BESIDE:  # a log of the former database must not be read into the new one
            beside = database.with_name(database.name + ending)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + ending))
        _keep(new)
        new.replace(database)
        _keep(database.parent)
    except OSError as wrong:
        raise Unusable(f"{database}: cannot be replaced: {wrong.strerror}") from wrong
    return was_there


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(database.resolve().as_uri() + "?mode=ro", uri=True)
    with closing(connection):
        yield connection


def _keep(path: Path) -> None:
    """Have the disk keep what was written, through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
