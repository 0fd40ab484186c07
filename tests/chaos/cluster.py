"""The run on PostgreSQL: nodes and servers are killed, frozen and cut off behind a proxy; then compare.

Usage: python -m tests.chaos.cluster [--seconds 300] [--failovers 6] [--seed 1]
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import shutil
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.load import PASSWORD, Crowd, Somebody
from tests.chaos.run import MESSAGE_ID
from tests.e2e.waiting import PATIENCE
from tests.ports import free_port
from tests.support.scripted_smtp import ScriptedServer, scripted
from tools.cluster.cluster import NODES, Cluster
from web.features.issuance import flow
from web.services import Services
from web.settings import Settings
from web.store.credentials import CredentialKind

PEOPLE, AT_ONCE = 300, 8
FROZEN = 6.0  # seconds
CALM = (0.5, 3.0)  # seconds between two mishaps
SETTLES_WITHIN = 180.0  # a mail that a killed node had in hand is taken up again after two minutes
BUSY = frozenset({502, 503, 504})  # by the product, or by the proxy when it finds nobody
KEY = "a secret of the chaos that is long enough"
MISHAPS = (
    "a node killed",
    "a node frozen",
    "connections cut",
    "primary restarted",
    "standby lost, built anew",
)
FAILOVER = "primary killed, standby promoted"


class Chaos:
    """One run and what it has seen."""

    def __init__(self, cluster: Cluster, sink: ScriptedServer, seed: int) -> None:
        self._cluster = cluster
        self._sink = sink
        self._chance = random.Random(seed)  # noqa: S311 no secret
        self.people = [Somebody(1000 + number) for number in range(PEOPLE)]
        self.crowd = Crowd(cluster.base_url, list(self.people), seed, BUSY)
        self._standby: asyncio.Task[None] | None = None  # that is being built
        self._next = itertools.cycle(MISHAPS)
        self.happened = Counter[str]()
        self.first_writes: list[float] = []  # seconds from the order to promote
        self.silences: list[float] = []  # seconds from the kill

    async def make_accounts(self) -> None:
        """Make everybody's account."""
        settings = Settings.from_env(self._cluster.nodes[0].environ)
        async with Services.opened(settings) as services:
            hashed = await services.passwords.hash(PASSWORD)
            for person in self.people:
                hashes = dict.fromkeys(CredentialKind, hashed)
                await services.write(flow.add, person.account, hashes)

    async def mishaps(self, seconds: float, failovers: int) -> None:
        """Let one thing after the other go wrong."""
        begun = time.monotonic()
        dates = [begun + seconds * (number + 0.5) / failovers for number in range(failovers)]
        while (now := time.monotonic()) < begun + seconds or dates:
            if dates and now > dates[0]:
                dates.pop(0)
                await self._fail_over()
            else:
                await self._mishap(next(self._next))
            await asyncio.sleep(self._chance.uniform(*CALM))
        await self._standby_is_there()

    async def _standby_is_there(self) -> None:
        if self._standby:
            await self._standby

    async def _mishap(self, what: str) -> None:
        self.happened[what] += 1
        number = self._chance.randrange(NODES)
        if what == "a node killed":
            self._cluster.served[number].kill()
            await asyncio.sleep(self._chance.uniform(0, 2))
            await asyncio.to_thread(self._cluster.start_again, number)
        elif what == "a node frozen":
            os.kill(self._cluster.served[number].pid, signal.SIGSTOP)
            try:
                await asyncio.sleep(FROZEN)
            finally:
                os.kill(self._cluster.served[number].pid, signal.SIGCONT)
        elif what == "connections cut":
            await asyncio.to_thread(self._cluster.pair.cut)
        elif what == "standby lost, built anew":
            await self._standby_is_there()
            await asyncio.to_thread(self._cluster.pair.standby.kill)
            await asyncio.to_thread(self._cluster.pair.add_standby)
        else:
            await self._standby_is_there()
            await asyncio.to_thread(self._cluster.pair.primary.restart_at_once)
            await asyncio.to_thread(self._cluster.pair.primary.await_standby)

    async def _fail_over(self) -> None:
        await self._standby_is_there()
        self.happened[FAILOVER] += 1
        killed = time.monotonic()
        promoting = asyncio.create_task(
            asyncio.to_thread(self._cluster.pair.fail_over, self._promotes)
        )
        async with asyncio.timeout(PATIENCE):
            await promoting
            await self.crowd.wrote.wait()
        self.first_writes.append(self.crowd.wrote_at - self.crowd.wrote_after)
        self.silences.append(self.crowd.wrote_at - killed)
        self._standby = asyncio.create_task(asyncio.to_thread(self._cluster.pair.add_standby))

    def _promotes(self) -> None:
        """Count from now on, in the thread that promotes."""
        self.crowd.wrote.clear()
        self.crowd.wrote_after = time.monotonic()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Ask the server that leads."""
        told = self._cluster.pair.primary.ask(f"SELECT json_agg(t) FROM ({sql}) AS t", "mypage")  # noqa: S608 ours
        found: list[dict[str, Any]] = json.loads(told) if told else []
        return found

    async def settle(self) -> None:
        """Wait until nothing waits; compare everything."""
        late = time.monotonic() + SETTLES_WITHIN
        while waiting := await asyncio.to_thread(self.rows, WAITING):
            assert time.monotonic() < late, waiting
            await asyncio.sleep(0.2)
        await self._sessions_live()
        counted = {row["id"]: row for row in self.rows(COUNTS)}
        for person in self.people:
            row = counted[person.account.payment_user_id]
            acknowledged = [row[each] for each in ("receipts", "mails", "events", "versions")]
            assert acknowledged == [person.changes] * 4, (person, row)
            assert row["representative"] == person.name, (person, row)
            assert row["links"] >= person.asked, (person, row)
        sent = {
            row["message_id"]
            for row in self.rows("SELECT message_id FROM outbox WHERE sent_at IS NOT NULL")
        }
        assert sent <= set(self._received()), "noted as sent, never received"
        unsent = self.rows("SELECT last_error FROM outbox WHERE sent_at IS NULL")
        assert {row["last_error"] for row in unsent} <= {"link ended"}, unsent
        assert not self.crowd.statuses[500], self.crowd.statuses

    async def _sessions_live(self) -> None:
        """Find everybody's last acknowledged log-in still alive."""
        async with httpx.AsyncClient(base_url=self._cluster.base_url) as browser:
            for person in self.people:
                if person.session:
                    cookie = {"Cookie": f"session={person.session}"}
                    answer = await browser.get("/useridmg/mypage", headers=cookie)
                    assert answer.status_code == 200, person

    def _received(self) -> Iterator[str]:
        for mail in self._sink.received:
            found = re.search(MESSAGE_ID, mail)
            assert found, mail
            yield found[1]

    def told(self) -> str:
        """Say what was seen."""
        mails = list(self._received())
        changes, asked = (
            sum(getattr(each, name) for each in self.people) for name in ("changes", "asked")
        )
        verified = self._cluster.nodes[0].command("audit", "verify")
        assert verified.returncode == 0, verified.stderr
        again = len(mails) - len(set(mails))
        happened = ", ".join(f"{number} × {what}" for what, number in self.happened.items())
        return f"""{happened}
{changes} changes and {asked} requests acknowledged;
per person receipts = mails = audit events = versions = acknowledgements
{len(mails)} mails received, {again} of them again; audit trail {verified.stdout.strip()}
answers by status: {dict(sorted(self.crowd.statuses.items()))}
from promotion to the first write: {_seconds(self.first_writes)}
from the kill to the first write: {_seconds(self.silences)}"""


def _seconds(found: list[float]) -> str:
    each = " ".join(f"{one:.1f}" for one in found)
    return f"median {statistics.median(found):.1f} s ({each})"


WAITING = """
    SELECT once_key, last_error, tries, next_try_at AS due_at, leased_until FROM outbox
     WHERE sent_at IS NULL AND dead_at IS NULL
     UNION ALL SELECT once_key, 'request', 0, asked_at, 0 FROM reset_requests WHERE judged_at IS NULL
"""
COUNTS = """
    SELECT payment_user_id AS id, representative, profile_version - 1 AS versions,
           (SELECT COUNT(*) FROM receipts
             WHERE receipts.account_id = accounts.id AND flow = 'profile') AS receipts,
           (SELECT COUNT(*) FROM outbox
             WHERE outbox.account_id = accounts.id AND once_key LIKE 'profile:%'
               AND sent_at IS NOT NULL) AS mails,
           (SELECT COUNT(*) FROM audit
             WHERE audit.account_id = accounts.id AND event = 'profile.changed') AS events,
           (SELECT COUNT(*) FROM reset_links
             WHERE reset_links.account_id = accounts.id) AS links
      FROM accounts
"""


@contextmanager
def started(smtp_url: str) -> Iterator[Cluster]:
    """Start a cluster and leave nothing of it; its logs go into var/chaos when something fails."""
    folder = Path(tempfile.mkdtemp(prefix="mypage-chaos-"))
    cluster = Cluster(
        folder,
        free_port(),
        smtp_url,
        {
            "MYPAGE_SECRET_KEY": KEY,
            "MYPAGE_RESETS_PER_HOUR": "100",
            "MYPAGE_RESETS_PER_DAY": "1000",
            "MYPAGE_ACTS_PER_HOUR": "1000000",
        },
    )
    try:
        cluster.create()
        yield cluster
    except BaseException:
        for log in folder.rglob("*.log"):
            kept = Path("var", "chaos", f"{log.parent.name}-{log.name}")
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, kept)
        raise
    finally:
        cluster.stop()
        shutil.rmtree(folder)


async def run(seconds: float, failovers: int, seed: int) -> str:
    """Let things go wrong for so long; say what was seen. Raises AssertionError."""
    async with scripted() as sink:
        with started(sink.url) as cluster:
            chaos = Chaos(cluster, sink, seed)
            await chaos.make_accounts()
            await asyncio.to_thread(cluster.serve)
            chaos.crowd.alive.set()
            async with asyncio.TaskGroup() as working:
                for _ in range(AT_ONCE):
                    working.create_task(chaos.crowd.work())
                await chaos.mishaps(seconds, failovers)
                chaos.crowd.ended = True
            await chaos.settle()
            return f"seed {seed}, {seconds:.0f} s\n{await asyncio.to_thread(chaos.told)}"


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--failovers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(asyncio.run(run(given.seconds, given.failovers, given.seed)))


if __name__ == "__main__":
    main()
