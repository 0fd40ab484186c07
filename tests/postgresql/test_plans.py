"""How the server finds the rows of every statement: by an index, wherever a table can grow."""

import json
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from tests.unit.test_sql import SQL
from web.database.postgresql import dialect

pytestmark = pytest.mark.anyio

ROWS, FEW, MANY = 2000, 10, 40_000  # in a table: enough for one way to be better than another
# An index is taken wherever one fits, as it would be of a million rows.
SETTINGS = """
    SET session_replication_role = replica; SET enable_seqscan = off
"""
# The server takes a plan for any values, or, where that costs more, one for those that are given.
PLANS = ("force_generic_plan", "force_custom_plan")
GIVEN = {"text": "'a'", "bigint": "50", "integer": "50", "bytea": "'a'"}
TYPES = (
    "SELECT UNNEST(parameter_types)::TEXT AS type FROM pg_prepared_statements WHERE name = 'asked'"
)
COLUMNS = """
    SELECT table_name, ARRAY_AGG(column_name::TEXT ORDER BY ordinal_position) AS names,
           ARRAY_AGG(CASE data_type WHEN 'text' THEN 'MD5(n::TEXT)' WHEN 'bytea' THEN 'MD5(n::TEXT)::BYTEA'
                     ELSE 'n' END ORDER BY ordinal_position) AS made
      FROM information_schema.columns JOIN pg_tables ON tablename = table_name
     WHERE table_schema = 'public' AND schemaname = 'public' AND table_name NOT IN ('turn', 'nodes', 'under_way')
       AND data_type IN ('text', 'bytea', 'bigint')
     GROUP BY table_name
"""
CHECKS = """
    SELECT FORMAT('ALTER TABLE %I DROP CONSTRAINT %I', relname, conname) AS drop
      FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE contype = 'c' AND relname <> 'turn'
"""
# Of few rows: those that wait for something, or those of a small table.
BOUNDED = """
    SELECT i.relname FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid JOIN pg_class AS t ON t.oid = indrelid
     WHERE indpred IS NOT NULL OR t.relname = ANY ($1)
"""
FIRST_COLUMN = "SELECT pg_get_indexdef(to_regclass($1)::OID, 1, TRUE)"
RUNS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
# Tables that have a row for each 担当者, each announcement, each key: they stay small.
LARGE = {"accounts", "credentials", "kana_parts"}
SMALL = {"staff", "staff_sessions", "announcements", "keys", "error_lanes", "audit_marks"}
LOOK_AT_ALL = {
    # an operator's command, while nobody serves or once in a while
    "audit_witnesses.WITHOUT_EVENT", "first_passwords.COUNT", "kana_parts.ADD_ALL", "second_factors.WITHOUT",
    # mypage restore, mypage rest
    "address_confirmations.DROP_ALL", "second_steps.END_ALL", "sessions.END_ALL",
    # counts, out of an index alone
    "second_factors.OWNERS",
}  # fmt: skip


@pytest.fixture
async def filled(aside: asyncpg.Connection) -> asyncpg.Connection:
    """Fill every table with rows of any kind."""
    await aside.execute(SETTINGS)
    for row in await aside.fetch(CHECKS):
        await aside.execute(row["drop"])
    for table, names, made in await aside.fetch(COLUMNS):
        number = FEW if table in SMALL else MANY if table in LARGE else ROWS
        await aside.execute(
            f"INSERT INTO {table} ({', '.join(names)})"  # noqa: S608 from the schema
            f" SELECT {', '.join(made)} FROM GENERATE_SERIES(1, {number}) AS n"
        )
    await aside.execute("ANALYZE")
    return aside


def steps(plan: dict[str, Any], *, limited: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Give every step of a plan, and whether it ends as soon as enough is found."""
    limited = (limited or plan["Node Type"] == "Limit") and plan["Node Type"] != "Sort"
    yield plan, limited
    for each in plan.get("Plans", ()):
        yield from steps(each, limited=limited)


async def whole(connection: asyncpg.Connection, plan: dict[str, Any]) -> set[str]:
    """Name what a plan reads from one end to the other: tables, and indexes of all rows of one."""
    bounded = {row["relname"] for row in await connection.fetch(BOUNDED, SMALL)}
    found = set()
    for step, limited in steps(plan):
        index = step.get("Index Name")
        if step["Node Type"] == "Seq Scan":
            found.add(step["Relation Name"])
        elif index and index not in bounded and not limited:
            first = await connection.fetchval(FIRST_COLUMN, index)
            words = re.findall(r"\w+", first)[-1]
            if words not in step.get("Index Cond", ""):
                found.add(index)
    return found


async def read_whole(connection: asyncpg.Connection, sql: str) -> set[str]:
    """Name what a statement reads whole."""
    await connection.execute(f"PREPARE asked AS {dialect.statement(sql).text}")
    given = [GIVEN.get(row["type"], "NULL") for row in await connection.fetch(TYPES)]
    found = set[str]()
    for mode in PLANS:
        await connection.execute(f"SET plan_cache_mode = {mode}")
        values = f"({', '.join(given)})" if given else ""
        plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}")
        found = await whole(connection, json.loads(plan)[0]["Plan"])
        if not found:
            break
    await connection.execute("DEALLOCATE asked")
    return found - SMALL


async def test_every_statement_finds_its_rows_by_an_index(filled: asyncpg.Connection) -> None:
    """No statement takes longer because there are more accounts, but those that look at all of them."""
    found = {
        name: tables
        for name, sql in SQL.items()
        if sql.lstrip().startswith(RUNS) and (tables := await read_whole(filled, sql))
    }
    assert {name: found[name] for name in found.keys() - LOOK_AT_ALL} == {}
    assert LOOK_AT_ALL - found.keys() == set()
