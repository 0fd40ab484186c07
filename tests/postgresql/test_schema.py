"""init-db on PostgreSQL: repeatable, alone, whole or not at all."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from web.database import DatabaseUnavailable, NewerSchema
from web.database.migrations import newest
from web.database.postgresql import address
from web.database.postgresql.database import PostgreSQL
from web.fields.search_key import search_key

pytestmark = pytest.mark.anyio
NEXT = newest() + 1
NAMES = (
    "株式会社　星の海",
    "ホシノウミカブシキガイシャ",
    "株式会社",
    "ッヮｯ",
    "",
    "一般社団法人 う",
)


async def test_it_is_made_once(url: str) -> None:
    """From nothing to the newest; then there is nothing to do."""
    assert await PostgreSQL(url).version() == 0
    assert await PostgreSQL(url).upgrade() == (0, newest())
    assert await PostgreSQL(url).upgrade() == (newest(), newest())
    assert await PostgreSQL(url).version() == newest()


async def test_two_nodes_that_begin_together_make_it_once(url: str) -> None:
    """One waits for the other."""
    done = await asyncio.gather(*(PostgreSQL(url).upgrade() for _ in range(3)))
    assert sorted(done) == [(0, newest()), (newest(), newest()), (newest(), newest())]


async def test_a_migration_calls_what_it_calls_on_sqlite(
    database: PostgreSQL, aside: asyncpg.Connection, tmp_path: Path
) -> None:
    """search_key gives the same for every name."""
    for place, name in enumerate(NAMES):
        values = {"a": str(place), "name": name}
        await aside.execute(
            """INSERT INTO accounts (id, payment_user_id, bulk_user_id, kind, name, name_kana, representative,
                                     admin_email, notice_email, profile_updated_at, created_at)
               VALUES ($1, $1, $1, 'individual', $2, '', '', '', '', 0, 0)""",
            *values.values(),
        )
    (tmp_path / f"{NEXT:04}_keys.sql").write_text(
        "CREATE TABLE t (a INTEGER NOT NULL, b BLOB, c TEXT) STRICT;\n"
        "UPDATE accounts SET name_key = search_key(name); -- as 0011 did",
        encoding="utf-8",
    )
    assert await database.upgrade(tmp_path) == (newest(), NEXT)
    found = await aside.fetch("SELECT name, name_key FROM accounts ORDER BY id")
    assert [tuple(row) for row in found] == [(name, search_key(name)) for name in NAMES]
    with pytest.raises(NewerSchema, match=f"version {NEXT}, newest known {newest()}"):
        await database.upgrade()


async def test_a_migration_that_fails_leaves_nothing(
    database: PostgreSQL, aside: asyncpg.Connection, tmp_path: Path
) -> None:
    """Tables too."""
    (tmp_path / f"{NEXT:04}_bad.sql").write_text(
        "CREATE TABLE half (a TEXT) STRICT; SELECT nothing;"
    )
    with pytest.raises(asyncpg.UndefinedColumnError):
        await database.upgrade(tmp_path)
    assert await aside.fetchval("SELECT to_regclass('half')") is None
    assert await database.version() == newest()


async def test_another_schema_is_refused(
    database: PostgreSQL, aside: asyncpg.Connection, url: str
) -> None:
    """With the command that helps."""
    del database
    await aside.execute("UPDATE turn SET schema_version = 1")
    refused = PostgreSQL(url)
    with pytest.raises(
        DatabaseUnavailable, match=f"version 1, {newest()} needed; run `mypage init-db`"
    ):
        await refused.open()
    await refused.close()


async def test_an_old_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is tried."""
    monkeypatch.setattr(address, "OLDEST", 99)
    with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL \d+; 99 or newer is needed"):
        await PostgreSQL(url).version()
