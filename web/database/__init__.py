"""The database: one writer, a few readers, transactions. Knows no table."""

from web.database.sqlite import Database, DatabaseUnavailable, Row, Tx

__all__ = ["Database", "DatabaseUnavailable", "Row", "Tx"]
