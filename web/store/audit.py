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
REFUSED_AFTER = """
    SELECT account_id, MAX(at) AS at
      FROM audit
     WHERE seq > :seq AND at > :since AND account_id IS NOT NULL
       AND event IN ('login.failed', 'password.refused', 'profile.refused')
     GROUP BY account_id
"""
# A reset of the bulk password is none of this, but it is rare and only puts a warning off.
LATEST_TRIES = """
    SELECT event FROM audit
     WHERE account_id = :account_id
       AND event IN ('login.failed', 'password.refused', 'profile.refused',
                     'login.done', 'password.changed', 'reset.used')
     ORDER BY seq DESC LIMIT :most
"""
APPEND = """
    INSERT INTO audit (seq, at, event, account_id, detail, request_id, key_id, mac)
    VALUES (:seq, :at, :event, :account_id, :detail, :request_id, :key_id, :mac)
"""


REFUSED = frozenset({"login.failed", "password.refused", "profile.refused"})


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


async def refused_after(tx: Tx, seq: int, *, since: int) -> dict[str, int]:
    """Find accounts for which a password was refused after an event; give the time of the last."""
    rows = await tx.all(REFUSED_AFTER, seq=seq, since=since)
    return {row["account_id"]: row["at"] for row in rows}


async def refused_in_a_row(tx: Tx, account_id: str, number: int) -> bool:
    """Tell whether an account's last tries of the payment password, so many, were all refused."""
    tries = [row["event"] for row in await tx.all(LATEST_TRIES, account_id=account_id, most=number)]
    return len(tries) == number and all(event in REFUSED for event in tries)


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
