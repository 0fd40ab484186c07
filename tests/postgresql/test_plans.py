"""How the server finds the rows of every statement: by an index, wherever a table can grow."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from tests.unit.test_sql import SQL
from web.database.postgresql import dialect

pytestmark = pytest.mark.anyio

# An index is taken wherever there is one that fits, whatever the tables hold now.
SETTINGS = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan"
RUNS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
STAY_SMALL = frozenset[str]()
LOOK_AT_ALL = frozenset[str]()


def nodes(plan: dict[str, Any], limited: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Give every step of a plan, and whether it ends as soon as enough is found."""
    limited = limited or plan["Node Type"] == "Limit"
    yield plan, limited
    for each in plan.get("Plans", ()):
        yield from nodes(each, limited and each["Node Type"] != "Sort")


def whole(plan: dict[str, Any]) -> Iterator[str]:
    """Name the tables of which a plan reads every row."""
    for step, limited in nodes(plan):
        kind = step["Node Type"]
        if kind == "Seq Scan":
            yield step["Relation Name"]
        elif "Index" in kind and not step.get("Index Cond") and not limited:
            yield f"{step.get('Relation Name', '')} {step['Index Name']}"


async def test_every_statement_finds_its_rows_by_an_index(aside: asyncpg.Connection) -> None:
    """No statement takes longer because there are more accounts, but those that look at all of them."""
    await aside.execute(SETTINGS)
    found = {}
    for name, sql in SQL.items():
        if not sql.lstrip().startswith(RUNS):
            continue
        statement = dialect.statement(sql)
        nothing = f"({', '.join('NULL' for _ in statement.names)})" if statement.names else ""
        await aside.execute(f"PREPARE asked AS {statement.text}")
        (row,) = await aside.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE asked{nothing}")
        await aside.execute("DEALLOCATE asked")
        tables = set(whole(json.loads(row[0])[0]["Plan"])) - STAY_SMALL
        if tables:
            found[name] = sorted(tables)
    print(json.dumps(found, indent=1))
    assert set(found) == LOOK_AT_ALL
