"""The run: kill, look, start again; at the end let everything settle and compare.

Usage: python -m tests.chaos.run [--kills 200] [--seed 1]
"""

import argparse
import asyncio
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.load import PASSWORD, Crowd, Somebody
from tests.e2e.waiting import PATIENCE
from tests.support.files import file_of
from tests.support.process import Installation, Served
from tests.support.scripted_smtp import ScriptedServer, scripted
from web.database.sqlite import copies, schema
from web.features.issuance import flow
from web.services import Services
from web.settings import Settings
from web.store.credentials import CredentialKind

PEOPLE, AT_ONCE = 400, 6  # so many that 200 kills bring nobody to the 50 mails a day of one account
LONGEST_LIFE = 2.5  # seconds from the first answer to the kill
SETTLES_WITHIN = 120.0
MESSAGE_ID = re.compile(r"^Message-ID:\s*(<\S+>)", re.MULTILINE)


class Chaos:
    """One run and what it has seen."""

    def __init__(self, folder: Path, sink: ScriptedServer, seed: int) -> None:
        self._place = Installation(folder, sink.url)
        self._place.environ |= {
            "MYPAGE_RESETS_PER_HOUR": "100",
            "MYPAGE_RESETS_PER_DAY": "1000",
            "MYPAGE_ACTS_PER_HOUR": "1000000",
            "MYPAGE_TRUSTED_PROXIES": "127.0.0.1",
        }
        self._folder = folder
        self._sink = sink
        self._chance = random.Random(seed)  # noqa: S311 no secret
        self.people = [Somebody(1000 + number) for number in range(PEOPLE)]
        self.crowd = Crowd(self._place.base_url, list(self.people), seed)
        self._told: list[str] = []  # Message-IDs received before this life
        self._sent: set[str] = set()  # those noted as sent before this life
        self.doubled: list[str] = []

    async def make_accounts(self) -> None:
        """Make the database and everybody's account."""
        settings = Settings.from_env(self._place.environ)
        schema.upgrade(file_of(settings))
        async with Services.opened(settings) as services:
            hashed = await services.passwords.hash(PASSWORD)
            for person in self.people:
                hashes = dict.fromkeys(CredentialKind, hashed)
                await services.write(flow.add, person.account, hashes)

    async def live_and_die(self) -> None:
        """Start the server, let people work, kill it, look."""
        served = await asyncio.to_thread(self._place.serve)
        self.crowd.alive.set()
        await asyncio.sleep(self._chance.uniform(0.01, LONGEST_LIFE))
        self.crowd.alive.clear()
        served.kill()
        await self._received_all()
        self._look()

    async def _received_all(self) -> None:
        """Let the sink read what had been sent before the kill."""
        async with asyncio.timeout(PATIENCE):
            while self._sink.open:  # noqa: ASYNC110 the sink notices by itself
                await asyncio.sleep(0.01)

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        """Look into a copy, with its log, so that the server finds the files as it left them."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            for file in self._folder.glob("mypage.sqlite3*"):
                if file.is_file() and not file.name.endswith("-shm"):
                    shutil.copy(file, folder)
            with closing(sqlite3.connect(Path(folder) / "mypage.sqlite3")) as connection:
                connection.row_factory = sqlite3.Row
                wrong = connection.execute("PRAGMA integrity_check").fetchall()
                assert [tuple(row) for row in wrong] == [("ok",)], wrong
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
                return [dict(row) for row in connection.execute(sql)]

    def _look(self) -> None:
        """Compare with what was promised; find mails that went twice without an excuse."""
        accounts = {row["payment_user_id"]: row["representative"] for row in self._rows(NAMES)}
        for person in self.people:
            stored = accounts[person.account.payment_user_id]
            assert stored in {person.name, person.perhaps}, (person, stored)
        received = [self._id(mail) for mail in self._sink.received]
        now = received[len(self._told) :]
        assert len(now) == len(set(now)), "a mail was sent twice by one server"
        again = set(now) & set(self._told)
        assert not again & self._sent, f"sent again although it was known as sent: {again}"
        self.doubled += sorted(again)
        self._told = received
        self._sent = {row["message_id"] for row in self._rows(SENT)}
        assert self._sent <= set(received), "noted as sent, never received"

    def _id(self, mail: str) -> str:
        found = MESSAGE_ID.search(mail)
        assert found, mail
        return found[1]

    async def settle(self) -> None:
        """Run once more without kills until nothing waits; compare everything."""
        served: Served = await asyncio.to_thread(self._place.serve)
        try:
            late = time.monotonic() + SETTLES_WITHIN
            # another process works; looked at in a thread, or the sink could take no mail meanwhile
            while waiting := await asyncio.to_thread(self._rows, WAITING):
                assert time.monotonic() < late, waiting
                await asyncio.sleep(1)
            await self._sessions_live()
        finally:
            assert await asyncio.to_thread(served.stop) == 0
        self._look()
        assert copies.faults(self._place.database) == []
        rows = self._rows(MAILS)
        unsent = Counter(row["last_error"] for row in rows if row["sent_at"] is None)
        assert set(unsent) <= {"link ended"}, unsent
        counted = {row["id"]: row for row in self._rows(COUNTS)}
        for person in self.people:
            row = counted[person.account.payment_user_id]
            assert row["receipts"] == row["mails"] >= person.changes, (person, row)
            assert row["links"] >= person.asked, (person, row)

    async def _sessions_live(self) -> None:
        """Find everybody's last acknowledged log-in still alive."""
        async with httpx.AsyncClient(base_url=self._place.base_url) as browser:
            for person in self.people:
                if person.session:
                    cookie = {"Cookie": f"session={person.session}"}
                    answer = await browser.get("/useridmg/mypage", headers=cookie)
                    assert answer.status_code == 200, person


NAMES = "SELECT payment_user_id, representative FROM accounts"
SENT = "SELECT message_id FROM outbox WHERE sent_at IS NOT NULL"
MAILS = "SELECT sent_at, last_error FROM outbox"
WAITING = """
    SELECT once_key, created_at, tries, next_try_at, leased_until, last_error
      FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL
     UNION ALL
    SELECT once_key, asked_at, 0, 0, 0, '' FROM reset_requests WHERE judged_at IS NULL
"""
COUNTS = """
    SELECT payment_user_id AS id,
           (SELECT COUNT(*) FROM receipts
             WHERE receipts.account_id = accounts.id AND flow = 'profile') AS receipts,
           (SELECT COUNT(*) FROM outbox
             WHERE outbox.account_id = accounts.id AND once_key LIKE 'profile:%') AS mails,
           (SELECT COUNT(*) FROM reset_links
             WHERE reset_links.account_id = accounts.id) AS links
      FROM accounts
"""


async def run(kills: int, seed: int) -> str:
    """Kill a server so many times; say what was seen. Raises AssertionError."""
    with tempfile.TemporaryDirectory() as folder:
        async with scripted() as sink:
            chaos = Chaos(Path(folder), sink, seed)
            await chaos.make_accounts()
            working = [asyncio.create_task(chaos.crowd.work()) for _ in range(AT_ONCE)]
            for number in range(kills):
                await chaos.live_and_die()
                for worker in working:
                    if worker.done():
                        worker.result()  # a person was told something wrong
                if sys.stderr.isatty():
                    print(f"\r{number + 1} of {kills}", end="", file=sys.stderr)
            chaos.crowd.ended = True
            for worker in working:
                worker.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            await chaos.settle()
            changes = sum(person.changes for person in chaos.people)
            asked = sum(person.asked for person in chaos.people)
            return (
                f"seed {seed}: {kills} kills; {changes} changes and {asked} requests acknowledged,"
                f" none lost; {len(sink.received)} mails, {len(chaos.doubled)} of them again,"
                " each killed after DATA; integrity_check ok every time"
            )


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(asyncio.run(run(given.kills, given.seed)))


if __name__ == "__main__":
    main()
