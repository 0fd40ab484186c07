"""Locks outlive a change of MYPAGE_SECRET_KEY, also when the old secret is gone for good."""

import asyncio
from pathlib import Path

from tests.unit import parts
from web.security import counter_key, throttle
from web.security.throttle import Attempt, TooMany
from web.services import Services, Work
from web.store import keys
from web.store.standings import Standing

NEW, NEWER = (
    "a newer secret of the tests that is long enough",
    "the newest secret of the tests that is as long",
)
ID, ACTS = "KNCA6288", 3


async def _lock(tx: Work) -> None:
    for number in range(throttle.ID_TRIES):
        await throttle.failed(tx, Attempt(tx.vault, ID, f"198.51.100.{number}", ""), Standing({}))


async def _act(tx: Work) -> None:
    await throttle.act(tx, tx.vault, ID, "something", most=ACTS)
    assert await throttle.repeated(tx, tx.vault, "something") <= ACTS


async def _run(folder: Path, secret: str, *, lock: bool = False) -> tuple[bool, bool, bytes]:
    """Give whether an ID is locked, whether its acts are used up, and what an address is counted by."""
    async with parts.services(folder, MYPAGE_SECRET_KEY=secret) as services:
        if lock:
            await services.write(_lock)
            for _ in range(ACTS):
                await services.write(_act)
        async with services.read() as reads:
            locked = await throttle.locked(reads, services.vault, ID)
        try:
            await services.write(_act)
        except TooMany:
            used_up = True
        else:
            used_up = False
        return locked, used_up, services.vault.count("mail address", b"hanako@example.jp")


def test_a_lock_and_what_counts_by_address_outlive_every_rotation(tmp_path: Path) -> None:
    """Two secrets, then the new one alone, and the same once more."""
    told = [asyncio.run(_run(tmp_path, parts.SECRET, lock=True))]
    told += [
        asyncio.run(_run(tmp_path, secret))
        for secret in (f"{NEW},{parts.SECRET}", NEW, f"{NEWER},{NEW}", NEWER)
    ]
    assert told == [(True, True, told[0][2])] * 5


def test_a_command_seals_no_key_anew(tmp_path: Path) -> None:
    """It may know a secret that whoever serves does not know yet, or no secret any more."""
    asyncio.run(_run(tmp_path, parts.SECRET, lock=True))

    async def key_id(secret: str) -> str:
        async with Services.opened(parts.settings(tmp_path, MYPAGE_SECRET_KEY=secret)) as services:
            found = await services.read_one(keys.find, counter_key.PURPOSE)
        assert found
        return found.key_id

    before = asyncio.run(key_id(parts.SECRET))
    assert {asyncio.run(key_id(each)) for each in (f"{NEW},{parts.SECRET}", NEWER)} == {before}


def test_with_none_of_its_secrets_the_counters_begin_anew(tmp_path: Path) -> None:
    """The server starts; locks are forgotten, and later starts find one key."""
    before = asyncio.run(_run(tmp_path, parts.SECRET, lock=True))
    after = asyncio.run(_run(tmp_path, NEW))
    assert (before[:2], after[:2]) == ((True, True), (False, False))
    assert asyncio.run(_run(tmp_path, NEW)) == after
