"""Runs every transaction twice with a rollback between: nothing outside the database may happen in one."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from web.database import Database, Tx

write_once = Database.write
_under_way: list[object] = []


@contextmanager
def every_transaction_twice() -> Iterator[None]:
    """Run what is written, take it back, and run it again, as after a serialisation failure.

    For as long as one of such blocks lasts: two products may end in the order in which they began.
    """
    block = object()
    _under_way.append(block)
    setattr(Database, "write", _write_twice)  # noqa: B010 mypy would not let a method be assigned
    try:
        yield
    finally:
        _under_way.remove(block)
        if not _under_way:
            setattr(Database, "write", write_once)  # noqa: B010


async def _write_twice(
    self: Database, work: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any
) -> Any:
    async def twice(tx: Tx) -> Any:
        await tx.run("SAVEPOINT first")
        try:
            await work(tx, *args, **kwargs)
        except Exception:  # noqa: BLE001, S110 an outcome of the flow: it comes again, or the test says so
            pass
        finally:
            await tx.run("ROLLBACK TO first")
        return await work(tx, *args, **kwargs)

    return await write_once(self, twice)


@contextmanager
def every_transaction_once() -> Iterator[None]:
    """Write as the product does, for as long as the block: for tests that count."""
    with mock.patch.object(Database, "write", write_once):
        yield
