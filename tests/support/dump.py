"""The whole database, to compare before and after."""

from collections.abc import Iterator
from typing import Any

from tests.support.engines import engine_of
from tests.support.product import Product

# When a session was last seen is noted for every request (flushed by a task).
SEEN = {"sessions": {"last_seen_at"}}


def dump(product: Product, *but: str) -> dict[str, list[dict[str, Any]]]:
    """Give every row of every table but some; last-seen times are left out."""
    everything = engine_of(product.settings).everything(product.settings)
    return {
        table: list(_rows(table, rows)) for table, rows in everything.items() if table not in but
    }


def _rows(table: str, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: row[name] for name in row if name not in SEEN.get(table, ())}
