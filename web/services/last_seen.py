"""When sessions were last seen: noted in memory, flushed by a task, so that a GET writes nothing."""

from typing import Protocol

from web.database import Database, DatabaseUnavailable, Tx
from web.store import sessions, staff_sessions


class Seen(Protocol):
    """What the database knows of a session's last request."""

    @property
    def id(self) -> str:
        """Name the session."""

    @property
    def last_seen_at(self) -> int:
        """Give its last request but those of the last half minute."""


class LastSeen:
    """The last request of every session, of either kind, since the last flush."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def note(self, session_id: str, at: int) -> None:
        """Note a request."""
        self._seen[session_id] = at

    def at(self, session: Seen) -> int:
        """Give the last request of a session, flushed or not."""
        return max(session.last_seen_at, self._seen.get(session.id, 0))

    async def flush(self, database: Database) -> None:
        """Write what was noted."""
        seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            await database.note(_see, seen)
        except DatabaseUnavailable:
            self._seen = {**seen, **self._seen}  # or people who are working would count as idle
            raise


async def _see(tx: Tx, seen: dict[str, int]) -> None:
    """Write to the tables of both kinds; an id stands in one of them."""
    await sessions.see(tx, seen)
    await staff_sessions.see(tx, seen)
