"""What nodes tell each other: that they serve, and which passwords they are trying."""

import os
import secrets
import socket
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from web import clock, log
from web.database.database import FARTHEST, FRESH, MOST_SKEW, Counter, Database, Node
from web.database.faults import DatabaseUnavailable
from web.database.migrations import newest
from web.database.postgresql.address import LACKS, Address
from web.database.tx import Tx

_FRESH = timedelta(seconds=FRESH)  # four beats
KEPT = timedelta(days=366)  # the row of a node that died, or was away and may come back
HOLDS = "SELECT 1 FROM nodes WHERE id = :id AND seen_at >= :written"
LONGEST = timedelta(minutes=1)  # of a try; what is older was left by a node that died
BEAT = """
    INSERT INTO nodes (id, host, pid, schema, started_at, seen_at)
    VALUES (:id, :host, :pid, :schema, :started_at, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = GREATEST(nodes.seen_at, EXCLUDED.seen_at)
    RETURNING seen_at
"""
THERE = """
    SELECT id, host, pid, schema, started_at, EXTRACT(EPOCH FROM seen_at)::BIGINT AS seen_at
      FROM nodes WHERE seen_at > clock_timestamp() - CAST(:fresh AS INTERVAL) ORDER BY host, started_at, id
"""
FORGET = "DELETE FROM nodes WHERE seen_at < clock_timestamp() - CAST(:kept AS INTERVAL)"
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
# it knows that what was committed is there (Address.witness); what starts anew cannot know.
ORIGIN = """
    SELECT (SELECT system_identifier FROM pg_control_system()) || ':'
           || SUBSTR(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS there,
           (SELECT t.origin FROM turn AS t) AS noted
"""
NOTE_ORIGIN = "UPDATE turn SET origin = :there WHERE origin <> :there"
CLOCK = "SELECT FLOOR(EXTRACT(EPOCH FROM clock_timestamp()))::BIGINT AS at"


class Nodes:
    """This node, and what it sees of the others. Times are the server's: clocks of nodes may differ."""

    def __init__(self, address: Address) -> None:
        self.id = secrets.token_hex(8)
        self._address = address
        self._started_at = clock.now()
        self._serves = False

    async def beat(self, database: Database) -> None:
        """Write this node's row; with it every new connection shows whether its server is the right one."""
        await self._address.look_at_all()
        self._address.witness = self.id, await database.note(self._beat)

    async def _beat(self, tx: Tx) -> datetime:
        """Write the row, and give its moment; remove those of nodes that are long gone."""
        if self._address.witness:  # by way of PgBouncer the server may change under a connection
            name, committed = self._address.witness
            if not await tx.one(HOLDS, id=name, written=committed):
                self._address.epoch += 1
                raise DatabaseUnavailable(LACKS)
        row = await tx.one(ORIGIN)
        noted, there = (row["noted"], row["there"]) if row else ("", "")
        if not self._serves and noted not in {"", there}:
            raise DatabaseUnavailable("put back or promoted since `serve` looked; start it again")
        written = await tx.one(
            BEAT,
            id=self.id,
            host=socket.gethostname(),
            pid=os.getpid(),
            schema=newest(),
            started_at=self._started_at,
        )
        await tx.run(FORGET, kept=KEPT)
        await tx.run(FORGET_TRIES, longest=LONGEST)
        # Another identity is another database: it stays for `serve` to refuse.
        if _identity(noted) in {"", _identity(there)}:
            await tx.run(NOTE_ORIGIN, there=there)
        if written is None:
            raise RuntimeError("a row that was written is not given")
        self._serves = True
        moment: datetime = written["seen_at"]
        return moment

    async def compare_clocks(self, tx: Tx) -> None:
        """Follow the server's clock, as far as the difference can be no delay."""
        least, most = await self.apart(tx)
        if least - MOST_SKEW <= clock.followed() <= most + MOST_SKEW:
            return
        ahead = nearest_to_none(least, most)
        if abs(ahead) > FARTHEST:
            raise DatabaseUnavailable(f"its clock is {-ahead} s ahead of this machine's; set them")
        clock.follow(ahead)
        log.event("clock.followed", ahead=ahead)

    async def there(self, tx: Tx) -> list[Node]:
        """List the nodes that have lately written their row."""
        return [Node(**row) for row in await tx.all(THERE, fresh=_FRESH)]

    async def is_the_one_noted(self, tx: Tx) -> bool:
        """Compare the server's identity and timeline with those noted; before the first start none are."""
        row = await tx.one(ORIGIN)
        return row is not None and row["noted"] in {"", row["there"]}

    async def note_origin(self, tx: Tx) -> None:
        """Note the server's identity and timeline, when they are others."""
        row = await tx.one(ORIGIN)
        if row and row["noted"] != row["there"]:
            await tx.run(NOTE_ORIGIN, there=row["there"])

    async def leave(self, database: Database) -> None:
        """Remove this node's row."""
        self._address.witness = None
        if self._serves:
            with suppress(DatabaseUnavailable):
                await database.note(Tx.run, LEAVE, id=self.id)

    async def apart(self, tx: Tx) -> tuple[int, int]:
        """Give by how many seconds, at least and at most, this machine's clock is ahead of the server's.

        A process that was frozen, or an answer that was long on its way, does not make a clock wrong.
        """
        before = clock.machine()
        row = await tx.one(CLOCK)
        at = int(row["at"]) if row else before
        return before - at, clock.machine() - at


def nearest_to_none(least: int, most: int) -> int:
    """Give the smallest difference that is possible."""
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
