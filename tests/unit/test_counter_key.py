"""Locks outlive a change of MYPAGE_SECRET_KEY, also when the old secret is gone for good."""

import asyncio
from pathlib import Path

from tests.unit import parts
from web.security import throttle
from web.security.throttle import Attempt
from web.services import Work
from web.store.standings import Standing

NEW, NEWER = (
    "a newer secret of the tests that is long enough",
    "the newest secret of the tests that is as long",
)
ID = "KNCA6288"


async def _lock(tx: Work) -> None:
    for number in range(throttle.ID_TRIES):
        await throttle.failed(tx, Attempt(tx.vault, ID, f"198.51.100.{number}", ""), Standing({}))


async def _run(folder: Path, secret: str, *, lock: bool = False) -> tuple[bool, bytes]:
    async with parts.services(folder, MYPAGE_SECRET_KEY=secret) as services:
        if lock:
            await services.write(_lock)
        async with services.read() as reads:
            locked = await throttle.locked(reads, services.vault, ID)
        return locked, services.vault.count("mail address", b"hanako@example.jp")


def test_a_lock_and_what_counts_by_address_outlive_every_rotation(tmp_path: Path) -> None:
    """Two secrets, then the new one alone, and the same once more."""
    told = [asyncio.run(_run(tmp_path, parts.SECRET, lock=True))]
    told += [
        asyncio.run(_run(tmp_path, secret))
        for secret in (f"{NEW},{parts.SECRET}", NEW, f"{NEWER},{NEW}", NEWER)
    ]
    assert told == [(True, told[0][1])] * 5


def test_with_none_of_its_secrets_the_counters_begin_anew(tmp_path: Path) -> None:
    """The server starts; locks are forgotten, and later starts find one key."""
    before = asyncio.run(_run(tmp_path, parts.SECRET, lock=True))
    after = asyncio.run(_run(tmp_path, NEW))
    assert (before[0], after[0]) == (True, False)
    assert asyncio.run(_run(tmp_path, NEW)) == after
