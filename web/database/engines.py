"""Chooses the engine that a database's address names."""

from web.database.database import Database
from web.database.postgresql.database import PostgreSQL
from web.database.sqlite.database import SQLite
from web.setting_types import POSTGRESQL, path_of


def at(url: str) -> Database:
    """Give the database at an address; it is still to be opened."""
    return PostgreSQL(url) if url.startswith(POSTGRESQL) else SQLite(path_of(url))
