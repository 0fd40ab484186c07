"""Every statement of web/store is one text for both engines."""

import asyncpg
import pytest

from tests.unit.test_sql import SQL
from web.database.postgresql import dialect

pytestmark = pytest.mark.anyio


async def test_every_statement_fits_the_schema(aside: "asyncpg.Connection") -> None:
    """The server reads it and knows the type of every value."""
    wrong = {}
    for name, sql in SQL.items():
        try:
            await aside.prepare(dialect.statement(sql).text)
        except asyncpg.PostgresError as refused:
            wrong[name] = str(refused)
    assert wrong == {}


async def test_texts_are_ordered_by_their_bytes(
    aside: "asyncpg.Connection",
) -> None:
    """Paging and the highest ID rely on it, whatever the server's language."""
    others = await aside.fetch(
        """SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
              AND table_name NOT IN ('nodes', 'under_way')"""
    )
    assert others == []
