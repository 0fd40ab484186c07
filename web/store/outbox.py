"""Table outbox."""

from dataclasses import dataclass

from web.database import Tx

ADD = """
    INSERT INTO outbox (id, once_key, account_id, message_id, recipient, sealed, created_at,
                        expires_at, next_try_at)
    VALUES (:id, :once_key, :account_id, :message_id, :recipient, :sealed, :created_at,
            :expires_at, :created_at)
    ON CONFLICT (once_key) DO NOTHING
"""
DUE = """
    SELECT id, once_key, account_id, message_id, recipient, sealed, created_at, expires_at, tries
      FROM outbox
     WHERE sent_at IS NULL AND dead_at IS NULL AND next_try_at <= :now
     ORDER BY next_try_at LIMIT :most
"""
SENT = """
    UPDATE outbox SET sent_at = :now, tries = tries + 1, recipient = '', sealed = NULL,
                      last_error = ''
     WHERE id = :id
"""
TRY_LATER = """
    UPDATE outbox SET tries = tries + 1, next_try_at = :next_try_at, last_error = :error
     WHERE id = :id
"""
GIVE_UP = """
    UPDATE outbox SET tries = tries + 1, dead_at = :now, last_error = :error WHERE id = :id
"""
GIVE_UP_ALL = """
    UPDATE outbox SET dead_at = :now, last_error = :error WHERE sent_at IS NULL AND dead_at IS NULL
"""
TIDY = "DELETE FROM outbox WHERE sent_at < :before OR dead_at < :before"
LONGEST_OVERDUE = """
    SELECT MIN(next_try_at) AS at FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A mail on its way."""

    id: str
    once_key: str
    account_id: str | None
    message_id: str
    recipient: str
    sealed: bytes
    created_at: int
    expires_at: int | None
    tries: int


async def add(tx: Tx, row: Row) -> bool:
    """Add a mail; tell whether its event has not been mailed before."""
    added = await tx.run(
        ADD,
        id=row.id,
        once_key=row.once_key,
        account_id=row.account_id,
        message_id=row.message_id,
        recipient=row.recipient,
        sealed=row.sealed,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
    return added == 1


async def due(tx: Tx, *, now: int, most: int) -> list[Row]:
    """List mails to be tried now."""
    return [Row(**row) for row in await tx.all(DUE, now=now, most=most)]


async def sent(tx: Tx, id: str, *, now: int) -> None:
    """Mark a mail as sent and erase what it said."""
    await tx.run(SENT, id=id, now=now)


async def try_later(tx: Tx, id: str, *, next_try_at: int, error: str) -> None:
    """Keep a mail for another try."""
    await tx.run(TRY_LATER, id=id, next_try_at=next_try_at, error=error)


async def give_up(tx: Tx, id: str, *, error: str, now: int) -> None:
    """Mark a mail as undeliverable."""
    await tx.run(GIVE_UP, id=id, error=error, now=now)


async def give_up_all(tx: Tx, *, error: str, now: int) -> int:
    """Mark every waiting mail as undeliverable; count them."""
    return await tx.run(GIVE_UP_ALL, error=error, now=now)


async def overdue(tx: Tx, *, now: int) -> int:
    """Give for how many seconds the next mail should have been tried; a refused one has its pause."""
    row = await tx.one(LONGEST_OVERDUE)
    return max(0, now - row["at"]) if row and row["at"] is not None else 0


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove mails that were sent or given up long ago."""
    return await tx.run(TIDY, before=before)
