"""The whole database, to compare before and after."""

from collections.abc import Iterator
from typing import Any

from tests.support.engines import engine_of
from tests.support.product import Product

# When a session was last seen is noted for every request (flushed by a task).
SEEN = {"sessions": {"last_seen_at"}}


def dump(product: Product, *but: str) -> dict[str, list[dict[str, Any]]]:
    """Give every row of every table but some; last-seen times are left out."""
    return {table: list(_rows(product, table)) for table in tables(product) if table not in but}


def tables(product: Product) -> list[str]:
    """List the tables."""
    return engine_of(product.settings).tables(product.settings)


def _rows(product: Product, table: str) -> Iterator[dict[str, Any]]:
    for row in product.rows(f"SELECT * FROM {table} ORDER BY 1, 2"):  # noqa: S608 from the schema
        yield {name: row[name] for name in row if name not in SEEN.get(table, ())}
