"""Last-seen times: noted in memory, and not lost when they cannot be written."""

from typing import cast

import pytest

from web.database import DatabaseUnavailable
from web.database.sqlite import locks
from web.database.sqlite.database import SQLite
from web.services.last_seen import LastSeen
from web.store.accounts import Account
from web.store.sessions import Session

pytestmark = pytest.mark.anyio


async def test_what_could_not_be_written_is_still_known(
    database: SQLite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People at work while the disk was full must not count as idle."""
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    seen = LastSeen()
    nobody = cast(Account, None)  # nobody looks at it
    session = Session(
        "a", 100, 100, None, None, None, "password", 0, False, nobody,
        debit_ids={}, debit_forms=(), to_post={}, failed_payments=0,
    )  # fmt: skip
    seen.note("a", 200)
    with locks.hold(database.path, "write"), pytest.raises(DatabaseUnavailable):
        await seen.flush(database)
    assert seen.at(session) == 200
    await seen.flush(database)
    assert seen.at(session) == 100  # the row, had there been one, has it now
