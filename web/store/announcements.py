"""Table announcements."""

from dataclasses import dataclass
from enum import StrEnum

from web.database import Tx

ALL = "SELECT kind, body, ends_at, set_at FROM announcements ORDER BY kind"
PUT = """
    INSERT INTO announcements (kind, body, ends_at, set_at)
    VALUES (:kind, :body, :ends_at, :now)
    ON CONFLICT (kind) DO UPDATE SET body = excluded.body, ends_at = excluded.ends_at,
                                     set_at = excluded.set_at
"""
REMOVE = "DELETE FROM announcements WHERE kind = :kind"


class Kind(StrEnum):
    """Which announcement."""

    NOTICE = "notice"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A notice, or a maintenance that keeps people out."""

    kind: Kind
    body: str
    ends_at: int | None
    set_at: int


async def find_all(tx: Tx) -> list[Announcement]:
    """List what is announced."""
    return [Announcement(**{**row, "kind": Kind(row["kind"])}) for row in await tx.all(ALL)]


async def put(tx: Tx, kind: Kind, body: str, ends_at: int | None) -> None:
    """Announce something in place of what was announced before."""
    tx.defer(PUT, kind=kind, body=body, ends_at=ends_at)


async def remove(tx: Tx, kind: Kind) -> bool:
    """Take an announcement back; tell whether there was one."""
    return await tx.run(REMOVE, kind=kind) == 1
