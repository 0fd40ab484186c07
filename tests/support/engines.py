"""The engine that the tests of the screens run on: `pytest --engine=postgresql`, or SQLite."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.support.files import Files
from web.database.postgresql.database import PostgreSQL
from web.database.sqlite.database import SQLite
from web.setting_types import SQLITE
from web.settings import Settings


class Engine(Protocol):
    """Where the databases of tests are."""

    @property
    def name(self) -> str:
        """Say which it is."""

    def url(self, folder: Path) -> str:
        """Give the address of a database that belongs to a folder."""

    async def put(
        self, settings: Settings, moment: int, make: Callable[[], Awaitable[None]]
    ) -> None:
        """Put a database in place: made once for a moment of the clock, then copied."""

    def rows(self, settings: Settings, sql: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Look into the database behind the application's back."""

    def everything(self, settings: Settings) -> dict[str, list[dict[str, Any]]]:
        """Give every row of every table, those of a table in one order."""

    def raw(self, settings: Settings) -> bytes:
        """Give every byte that the database has written."""


FILES = Files()


class Chosen:
    """The engine of this run."""

    def __init__(self) -> None:
        self.engine: Engine = FILES


CHOSEN = Chosen()


def engine_of(settings: Settings) -> Engine:
    """Give the engine of an installation: what is about a file of SQLite is on SQLite in every run."""
    return FILES if settings.database_url.startswith(SQLITE) else CHOSEN.engine


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose its engine; for the conftest of every folder that can run on both."""
    with suppress(ValueError):  # another folder of the same run has added it
        parser.addoption("--engine", choices=["sqlite", "postgresql"], default="sqlite")
        parser.addoption("--rounds", type=int, default=6, help="of each pair that acts at once")


def nothing_is_read(patch: pytest.MonkeyPatch, raising: Callable[..., Any]) -> None:
    """Let every read fail at once, whatever the engine."""
    for engine in (SQLite, PostgreSQL):
        for door in ("read_one", "read"):
            patch.setattr(engine, door, raising)
