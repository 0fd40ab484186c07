"""What nodes tell each other: that they serve, and which passwords they are trying."""

import os
import secrets
import socket
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from web import clock, log
from web.database.database import MOST_SKEW, Counter, Database, Node
from web.database.faults import DatabaseUnavailable, PutBack
from web.database.migrations import newest
from web.database.tx import Row, Tx

FRESH = timedelta(seconds=20)  # four beats
LONGEST = timedelta(minutes=1)  # of a try; what is older was left by a node that died
BEAT = """
    INSERT INTO nodes (id, host, pid, schema, started_at, seen_at)
    VALUES (:id, :host, :pid, :schema, :started_at, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at
    RETURNING seen_at
"""
THERE = """
    SELECT id, host, pid, schema, started_at, EXTRACT(EPOCH FROM seen_at)::BIGINT AS seen_at
      FROM nodes WHERE seen_at > clock_timestamp() - CAST(:fresh AS INTERVAL) ORDER BY host, started_at, id
"""
FORGET = "DELETE FROM nodes WHERE seen_at < clock_timestamp() - CAST(:fresh AS INTERVAL)"
LEAVE = "DELETE FROM nodes WHERE id = :id"
BEGIN = """
    INSERT INTO under_way (id, node_id, scope, subject, guess, begun_at)
    SELECT :id, :node_id, scope, subject, :guess, clock_timestamp()
      FROM UNNEST(CAST(:scopes AS TEXT[]), CAST(:subjects AS BYTEA[])) AS counters (scope, subject)
    ON CONFLICT DO NOTHING
"""
OF_OTHERS = """
    SELECT t.scope, COUNT(DISTINCT t.guess) AS number
      FROM UNNEST(CAST(:scopes AS TEXT[]), CAST(:subjects AS BYTEA[])) AS counters (scope, subject)
      JOIN under_way AS t ON t.scope = counters.scope COLLATE "C" AND t.subject = counters.subject
     WHERE t.node_id <> :node_id AND t.guess <> :guess
       AND t.begun_at > clock_timestamp() - CAST(:longest AS INTERVAL)
     GROUP BY t.scope
"""
END = "DELETE FROM under_way WHERE id = :id"
FORGET_TRIES = (
    "DELETE FROM under_way WHERE begun_at < clock_timestamp() - CAST(:longest AS INTERVAL)"
)
# A timeline begins when a backup is put back, and when a standby is promoted. A node that serves through
# it knows by its own row whether what was committed is there; what starts anew cannot know.
ORIGIN = """
    SELECT (SELECT system_identifier FROM pg_control_system()) || ':'
           || SUBSTR(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS there,
           (SELECT t.origin FROM turn AS t) AS noted,
           EXISTS (SELECT 1 FROM nodes WHERE id = :id
                                         AND seen_at >= CAST(:written AS TIMESTAMPTZ)) AS kept
"""
NOTE_ORIGIN = "UPDATE turn SET origin = :there WHERE origin <> :there"
CLOCK = "SELECT FLOOR(EXTRACT(EPOCH FROM clock_timestamp()))::BIGINT AS at"


class Nodes:
    """This node, and what it sees of the others. Times are the server's: clocks of nodes may differ."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(8)
        self._started_at = clock.now()
        self._serves = False
        self._written: datetime | None = None  # what its row says, as far as that is committed

    async def beat(self, database: Database) -> None:
        """Write this node's row; remove those of nodes that are gone. Raises PutBack."""
        self._serves = True
        self._written = await database.note(self._beat)
        ahead = await database.skew()
        if abs(ahead - clock.followed()) > MOST_SKEW:
            clock.follow(ahead)
            log.event("clock.followed", ahead=ahead)

    async def _beat(self, tx: Tx) -> datetime | None:
        row = await self._origin(tx)
        if row and row["noted"] != row["there"] and self._written and not row["kept"]:
            raise PutBack("the server was put back from a backup; run `mypage rest`")
        written = await tx.one(
            BEAT,
            id=self.id,
            host=socket.gethostname(),
            pid=os.getpid(),
            schema=newest(),
            started_at=self._started_at,
        )
        await tx.run(FORGET, fresh=FRESH)
        await tx.run(FORGET_TRIES, longest=LONGEST)
        # Another identity is another database: it stays for `serve` to refuse.
        if row and _identity(row["noted"]) in {"", _identity(row["there"])}:
            await tx.run(NOTE_ORIGIN, there=row["there"])
        return written["seen_at"] if written else None

    async def _origin(self, tx: Tx) -> Row | None:
        """Read in one statement which server this is, which was noted, and whether our row is the newest."""
        return await tx.one(ORIGIN, id=self.id, written=self._written)

    async def there(self, tx: Tx) -> list[Node]:
        """List the nodes that have lately written their row."""
        return [Node(**row) for row in await tx.all(THERE, fresh=FRESH)]

    async def is_the_one_noted(self, tx: Tx) -> bool:
        """Compare the server's identity and timeline with those noted; before the first start none are."""
        row = await self._origin(tx)
        return row is not None and row["noted"] in {"", row["there"]}

    async def note_origin(self, tx: Tx) -> None:
        """Note the server's identity and timeline, when they are others."""
        row = await self._origin(tx)
        if row and row["noted"] != row["there"]:
            await tx.run(NOTE_ORIGIN, there=row["there"])

    async def leave(self, database: Database) -> None:
        """Remove this node's row."""
        if self._serves:
            with suppress(DatabaseUnavailable):
                await database.note(Tx.run, LEAVE, id=self.id)

    async def skew(self, tx: Tx) -> int:
        """Give by how many seconds, at least, this machine's clock is ahead of the server's.

        A process that was frozen, or an answer that was long on its way, does not make a clock wrong.
        """
        before = clock.machine()
        row = await tx.one(CLOCK)
        at = int(row["at"]) if row else before
        least, most = before - at, clock.machine() - at
        return least if least > 0 else min(most, 0)


def _identity(origin: str) -> str:
    """Give what no promotion changes."""
    return origin.partition(":")[0]


class Tries:
    """A guess of this node, in the rows that the other nodes count."""

    def __init__(self, node_id: str, counters: Collection[Counter], guess: bytes) -> None:
        self._values = {
            "node_id": node_id,
            "guess": guess,
            "scopes": [str(scope) for scope, _ in counters],
            "subjects": [subject for _, subject in counters],
        }
        self._id = secrets.token_hex(8)

    async def begin(self, tx: Tx) -> None:
        """Write it down; committed before the others' are counted, so that two never miss each other."""
        await tx.run(BEGIN, id=self._id, **self._values)

    async def of_others(self, tx: Tx) -> dict[str, int]:
        """Count the other guesses of other nodes."""
        rows = await tx.all(OF_OTHERS, longest=LONGEST, **self._values)
        return {row["scope"]: row["number"] for row in rows}

    async def end(self, tx: Tx) -> None:
        """Take it away."""
        await tx.run(END, id=self._id)
