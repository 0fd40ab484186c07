"""What a database may refuse, in the same words for every engine."""

from web import metrics


class DatabaseUnavailable(Exception):
    """The database cannot serve now: locked, full, read-only, away or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        metrics.DATABASE_FAILURES.inc()


class Violated(Exception):
    """A row breaks a rule of the schema: which rule and column, and of many rows which one. No value."""

    def __init__(self, rule: str, column: str = "", place: int = 0) -> None:
        super().__init__(f"{rule}: {column}" if column else rule)
        self.column = column
        self.place = place


class Unusable(Exception):
    """This is no database of ours, cannot be opened, or cannot do what is asked."""


class NewerSchema(Exception):
    """The database was written by a newer release than this one."""


class InUse(Exception):
    """Another process has the database."""
