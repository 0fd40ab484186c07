"""Table audit."""

from dataclasses import dataclass

from web.database import Tx

LAST = """
    SELECT seq, at, event, account_id, detail, request_id, key_id, mac
      FROM audit ORDER BY seq DESC LIMIT 1
"""
APPEND = """
    INSERT INTO audit (seq, at, event, account_id, detail, request_id, key_id, mac)
    VALUES (:seq, :at, :event, :account_id, :detail, :request_id, :key_id, :mac)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One event."""

    seq: int
    at: int
    event: str
    account_id: str | None
    detail: str
    request_id: str
    key_id: str
    mac: bytes


async def last(tx: Tx) -> Row | None:
    """Find the newest event."""
    row = await tx.one(LAST)
    return Row(**row) if row else None


async def append(tx: Tx, row: Row, mac: bytes) -> None:
    """Append an event."""
    await tx.run(
        APPEND,
        seq=row.seq,
        at=row.at,
        event=row.event,
        account_id=row.account_id,
        detail=row.detail,
        request_id=row.request_id,
        key_id=row.key_id,
        mac=mac,
    )
