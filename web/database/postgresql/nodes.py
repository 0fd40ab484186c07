"""What nodes tell each other: that they serve, and which passwords they are trying."""

import os
import secrets
import socket
from contextlib import suppress
from datetime import timedelta
from importlib.metadata import version

from web import clock
from web.database.database import Database, Node
from web.database.faults import DatabaseUnavailable
from web.database.tx import Tx

FRESH = timedelta(seconds=20)  # four beats
BEAT = """
    INSERT INTO nodes (id, host, pid, release, started_at, seen_at)
    VALUES (:id, :host, :pid, :release, :started_at, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at
"""
THERE = """
    SELECT id, host, pid, release, started_at, EXTRACT(EPOCH FROM seen_at)::BIGINT AS seen_at
      FROM nodes WHERE seen_at > clock_timestamp() - :fresh ORDER BY host, started_at, id
"""
FORGET = "DELETE FROM nodes WHERE seen_at < clock_timestamp() - :fresh"
LEAVE = "DELETE FROM nodes WHERE id = :id"
CLOCK = "SELECT FLOOR(EXTRACT(EPOCH FROM clock_timestamp()))::BIGINT AS at"


class Nodes:
    """This node, and what it sees of the others. Times are the server's: clocks of nodes may differ."""

    def __init__(self) -> None:
        self._id = secrets.token_hex(8)
        self._started_at = clock.now()
        self._serves = False

    async def beat(self, tx: Tx) -> None:
        """Write this node's row; remove those of nodes that are gone."""
        self._serves = True
        await tx.run(
            BEAT,
            id=self._id,
            host=socket.gethostname(),
            pid=os.getpid(),
            release=version("kei-mypage"),
            started_at=self._started_at,
        )
        await tx.run(FORGET, fresh=FRESH)

    async def there(self, tx: Tx) -> list[Node]:
        """List the nodes that have lately written their row."""
        return [Node(**row) for row in await tx.all(THERE, fresh=FRESH)]

    async def leave(self, database: Database) -> None:
        """Remove this node's row."""
        if self._serves:
            with suppress(DatabaseUnavailable):
                await database.note(Tx.run, LEAVE, id=self._id)

    async def skew(self, tx: Tx) -> int:
        """Give by how many seconds our clock is ahead of the server's."""
        row = await tx.one(CLOCK)
        return clock.now() - int(row["at"]) if row else 0
