"""Creates the schema and upgrades older ones, in one transaction under the turn to write."""

from pathlib import Path
from typing import Any

import asyncpg

from web import paths
from web.database.faults import NewerSchema
from web.database.migrations import migrations, newest
from web.database.postgresql import dialect
from web.database.tx import Tx
from web.fields import search_key

ONE_AT_A_TIME = (
    "SELECT pg_advisory_xact_lock(5723518)"  # before there is a turn: any number will do
)
# The engine's own tables. `turn` has one row: whoever locks it may write, one process at a time.
GROUND = """
    CREATE TABLE IF NOT EXISTS turn (
        id BIGINT PRIMARY KEY CHECK (id = 1),
        schema_version BIGINT NOT NULL,
        origin TEXT COLLATE "C" NOT NULL DEFAULT '' -- the server's identity and timeline, as they were noted
    );
    INSERT INTO turn (id, schema_version) VALUES (1, 0) ON CONFLICT DO NOTHING;
    CREATE TABLE IF NOT EXISTS nodes (
        id TEXT PRIMARY KEY,
        host TEXT NOT NULL,
        pid BIGINT NOT NULL,
        schema BIGINT NOT NULL,
        started_at BIGINT NOT NULL,
        seen_at TIMESTAMPTZ NOT NULL
    );
    CREATE UNLOGGED TABLE IF NOT EXISTS under_way (
        id TEXT NOT NULL,
        node_id TEXT NOT NULL,
        scope TEXT COLLATE "C" NOT NULL,
        subject BYTEA NOT NULL,
        guess BYTEA NOT NULL,
        begun_at TIMESTAMPTZ NOT NULL,
        PRIMARY KEY (id, scope)
    );
    CREATE INDEX IF NOT EXISTS under_way_by_subject ON under_way (scope, subject);
"""
TURN = "SELECT 1 FROM turn WHERE id = 1 FOR UPDATE"
THERE = "SELECT to_regclass('turn') IS NOT NULL"
VERSION = "SELECT schema_version FROM turn"
SET_VERSION = "UPDATE turn SET schema_version = $1"
FOR_SEARCH_KEY = """
    SELECT set_config('mypage.forms', $1, TRUE), set_config('mypage.small', $2, TRUE),
           set_config('mypage.large', $3, TRUE)
"""
MAKE_SEARCH_KEY = """
    CREATE FUNCTION search_key(given TEXT) RETURNS TEXT LANGUAGE SQL STABLE AS $$
        SELECT TRANSLATE(
            COALESCE(NULLIF(REGEXP_REPLACE(bare, current_setting('mypage.forms'), '', 'g'), ''), bare),
            current_setting('mypage.small'), current_setting('mypage.large'))
          FROM (SELECT REPLACE(given, U&'\\3000', '') AS bare) AS without_spaces
    $$
"""
SETUP = """
    SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
           current_setting('full_page_writes') AS full_page_writes,
           current_setting('synchronous_commit') AS synchronous_commit
"""
# What a connection sets by itself, unless it comes by way of PgBouncer.
LIMITS = """
    SELECT current_setting('lock_timeout') AS lock_timeout,
           current_setting('idle_in_transaction_session_timeout') AS idle_in_transaction_session_timeout
"""
DROP_SEARCH_KEY = "DROP FUNCTION search_key"


async def version(made: "asyncpg.Connection[Any]") -> int:
    """Read a database's version; 0 for an empty one."""
    return await made.fetchval(VERSION) if await made.fetchval(THERE) else 0


async def upgrade(made: "asyncpg.Connection[Any]", folder: Path) -> tuple[int, int]:
    """Create the schema or bring it up to date. Raises NewerSchema."""
    async with made.transaction():
        await made.execute(ONE_AT_A_TIME)
        await made.execute(GROUND)
        await made.execute(TURN)
        before = await version(made)
        if before > newest(folder):
            raise NewerSchema(f"version {before}, newest known {newest(folder)}")
        await made.execute(FOR_SEARCH_KEY, search_key.FORMS, search_key.SMALL, search_key.LARGE)
        await made.execute(MAKE_SEARCH_KEY)
        for path in _steps(before, folder):
            await made.execute(dialect.script(path.read_text(encoding="utf-8")))
        await made.execute(DROP_SEARCH_KEY)
        await made.execute(SET_VERSION, newest(folder))
    return before, newest(folder)


def _steps(before: int, folder: Path) -> list[Path]:
    if before == 0:
        return [paths.SCHEMA]
    return [path for number, path in migrations(folder) if number > before]


async def no_limits(tx: Tx) -> list[str]:
    """Name what is left to last for ever, so that a node that is frozen stops all others."""
    row = await tx.one(LIMITS)
    return [
        f"{name} = 0: ALTER ROLE … SET it (deploy/postgresql/roles.sql)"
        for name in (row.keys() if row else ())
        if row and row[name] == "0"
    ]


async def faults(tx: Tx) -> list[str]:
    """Name what would lose what was acknowledged, or order texts otherwise than SQLite does."""
    row = await tx.one(SETUP)
    wanted = {"encoding": "UTF8", "fsync": "on", "full_page_writes": "on"}
    found = [
        f"{name} = {row[name]}, {value} needed"
        for name, value in wanted.items()
        if row and row[name] != value
    ]
    if row and row["synchronous_commit"] == "off":
        found.append("synchronous_commit = off")
    return found
