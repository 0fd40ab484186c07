"""Chooses the engine that a database's address names."""

from web.database.database import Database
from web.database.faults import Unusable
from web.database.sqlite.database import SQLite
from web.setting_types import POSTGRESQL, path_of


def at(url: str) -> Database:
    """Give the database at an address; it is still to be opened. Raises Unusable."""
    return _server(url) if url.startswith(POSTGRESQL) else SQLite(path_of(url))


def _server(url: str) -> Database:
    """Load the driver only where it is needed: it is an extra."""
    try:
        from web.database.postgresql.database import PostgreSQL
    except ModuleNotFoundError as missing:
        raise Unusable(f"{missing.name} is missing: pip install kei-mypage[postgresql]") from None
    return PostgreSQL(url)
