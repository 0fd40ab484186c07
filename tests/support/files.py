"""The database of a test as a file of SQLite: where it lies, what stands in it, how it is put there."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from web.database import at
from web.setting_types import path_of
from web.settings import Settings


def file_of(settings: Settings) -> Path:
    """Give the file that the database's address names."""
    return path_of(settings.database_url)


class Files:
    """A file for every test."""

    name = "sqlite"

    def __init__(self) -> None:
        self._seeds: dict[int, bytes] = {}

    def url(self, folder: Path) -> str:
        """Give the address of a database that belongs to a folder."""
        return f"sqlite:///{folder / 'mypage.sqlite3'}"

    async def put(
        self, settings: Settings, moment: int, make: Callable[[], Awaitable[None]]
    ) -> None:
        """Put a database in place: made once for a moment of the clock, then copied."""
        file = file_of(settings)
        if moment not in self._seeds:
            await at(settings.database_url).upgrade()
            await make()
            self._seeds[moment] = file.read_bytes()
        file.write_bytes(self._seeds[moment])
        file.chmod(0o600)

    def rows(self, settings: Settings, sql: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Look into the database behind the application's back."""
        with closing(sqlite3.connect(file_of(settings))) as connection, connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def everything(self, settings: Settings) -> dict[str, list[dict[str, Any]]]:
        """Give every row of every table, those of a table in one order."""
        with closing(sqlite3.connect(file_of(settings))) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            return {
                name: list(map(dict, connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")))  # noqa: S608 from the schema
                for (name,) in found.fetchall()
            }

    def raw(self, settings: Settings) -> bytes:
        """Give every byte that the database has written."""
        file = file_of(settings)
        files = [file, file.with_name(f"{file.name}-wal")]
        return b"".join(each.read_bytes() for each in files if each.exists())
