"""Table audit."""

from dataclasses import dataclass

from web.database import Tx

LAST = """
    SELECT seq, at, event, account_id, detail, request_id, key_id, mac
      FROM audit ORDER BY seq DESC LIMIT 1
"""
LATEST_OF_ACCOUNT = """
    SELECT at FROM audit WHERE account_id = :account_id AND event = :event
     ORDER BY seq DESC LIMIT 1
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


async def latest_of_account(tx: Tx, account_id: str, event: str) -> int | None:
    """Give the time of an account's newest event of a kind."""
    row = await tx.one(LATEST_OF_ACCOUNT, account_id=account_id, event=event)
    return row["at"] if row else None


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
