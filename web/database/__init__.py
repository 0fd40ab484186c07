"""The database: one writer, a few readers, transactions. Knows no table."""

from web.database.sqlite import Database
from web.database.tx import DatabaseUnavailable, Row, Tx

__all__ = ["Database", "DatabaseUnavailable", "Row", "Tx"]
