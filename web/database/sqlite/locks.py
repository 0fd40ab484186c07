"""File locks: `<db>.write` around every write, `<db>.serve` held by the one server."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from pathlib import Path

from web.database.faults import InUse, Unusable

PATIENCE = 5.0  # seconds; longer than any write of ours lasts
_PAUSE = 0.005


class LockTaken(InUse):
    """Another process holds the lock."""


class NoLockFile(Unusable):
    """The lock file cannot be opened: read-only, no rights, too many open files."""


@lru_cache(maxsize=8)
def _beside(database: Path, purpose: str) -> Path:
    return database.with_name(f"{database.name}.{purpose}")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as wrong:
        raise NoLockFile(f"{path}: {wrong.strerror}") from wrong
    try:
        yield handle  # closing the file drops the lock
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def hold(database: Path, purpose: str) -> Iterator[None]:
    """Hold a lock for as long as the block runs. Raises LockTaken at once, NoLockFile."""
    with _opened(_beside(database, purpose)) as handle:
        if not _taken(handle):
            raise LockTaken(f"{database}: in use by another process ({purpose})")
        yield


@asynccontextmanager
async def write_lock(database: Path) -> AsyncIterator[None]:
    """Hold the write lock, waiting for it without stopping the event loop. Raises LockTaken, NoLockFile."""
    with _opened(_beside(database, "write")) as handle:
        patience_ends = time.monotonic() + PATIENCE
        while not _taken(handle):
            if time.monotonic() > patience_ends:
                raise LockTaken(f"{database}: another process keeps writing")
            await asyncio.sleep(_PAUSE)
        yield
