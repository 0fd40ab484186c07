"""A server of a release that is too old: every command says so in one line, and nothing is tried."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.support.postgresql import SETTINGS, Server, too_old
from tests.support.process import Installation

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

COMMANDS = ("init-db", "serve", "nodes", "audit verify", "rest")


@pytest.fixture(scope="module")
def old() -> Iterator[Server]:
    """Start PostgreSQL 14."""
    made = Server(SETTINGS, release=too_old())
    yield made
    made.end()


@pytest.mark.parametrize("words", COMMANDS)
async def test_it_is_refused_in_one_line(old: Server, tmp_path: Path, words: str) -> None:
    """With the version that is there and the one that is needed; no table is made."""
    node = Installation(tmp_path, "smtp://127.0.0.1:9")
    node.environ["MYPAGE_DATABASE_URL"] = old.url()
    done = node.command(*words.split())
    where = f"127.0.0.1:{old.port}/postgres"
    assert done.stderr == f"mypage: {where}: PostgreSQL 14; 15 or newer is needed\n"
    assert done.returncode == 1
    aside = await asyncpg.connect(old.url())
    assert await aside.fetchval("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    await aside.close()
