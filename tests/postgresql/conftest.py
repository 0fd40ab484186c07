"""A database of its own for every test of the engine; a server that a test may stop."""

import uuid
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from tests.support.engines import CHOSEN, pytest_addoption
from tests.support.postgresql import SETTINGS, Databases, Server
from web.database.postgresql.database import PostgreSQL

__all__ = ["pytest_addoption"]


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Give the address of an empty database."""
    engine = CHOSEN.engine
    assert isinstance(engine, Databases), "these tests need --engine=postgresql"
    name = f"test_{uuid.uuid4().hex}"
    aside = await asyncpg.connect(engine.server)
    await aside.execute(f"CREATE DATABASE {name}")
    yield f"{engine.server.rpartition('/')[0]}/{name}"
    await aside.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await aside.close()


@pytest.fixture
async def database(url: str) -> AsyncIterator[PostgreSQL]:
    """Open a database with the schema in it."""
    made = PostgreSQL(url)
    await made.upgrade()
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def other(database: PostgreSQL, url: str) -> AsyncIterator[PostgreSQL]:
    """Open it in what could be another process."""
    made = PostgreSQL(url)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def aside(url: str, database: PostgreSQL) -> AsyncIterator["asyncpg.Connection"]:
    """Connect as an operator does, beside the product."""
    del database
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest.fixture
def server() -> Iterator[Server]:
    """Start a server of one's own, to be stopped: at once, too, so what it has acknowledged is written."""
    made = Server(SETTINGS.replace("synchronous_commit = off\n", ""))
    yield made
    made.end()
