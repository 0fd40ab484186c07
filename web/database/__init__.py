"""The database: readers, transactions that write in turn, the engine that an address names. Knows no table."""

from web.database.database import Database
from web.database.engines import at
from web.database.faults import DatabaseUnavailable, InUse, NewerSchema, Unusable, Violated
from web.database.tx import Row, Tx

__all__ = [
    "Database",
    "DatabaseUnavailable",
    "InUse",
    "NewerSchema",
    "Row",
    "Tx",
    "Unusable",
    "Violated",
    "at",
]
