"""The engine that the tests of the screens run on: `pytest --engine=postgresql`, or SQLite."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from tests.support.files import Files
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

    def tables(self, settings: Settings) -> list[str]:
        """List the tables."""

    def raw(self, settings: Settings) -> bytes:
        """Give every byte that the database has written."""


class Chosen:
    """The engine of this run."""

    def __init__(self) -> None:
        self.engine: Engine = Files()


CHOSEN = Chosen()
