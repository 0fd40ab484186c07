"""Table outbox."""

from dataclasses import dataclass

from web.database import Tx
from web.store.columns import columns
from web.store.topics import Topic

# Refused where a number of the day is used up: the account's own, or that of all together while nobody has
# confirmed the address; so many are kept to be seen. `:confirmed` is NULL for "as the account says".
ADD = """
    WITH mail AS (
        SELECT COALESCE(:confirmed, (SELECT COUNT(*) FROM accounts
                                      WHERE id = :account_id AND admin_email = :recipient
                                        AND address_confirmed = 1)) AS confirmed),
    today AS (
        SELECT COUNT(CASE WHEN own = 1 AND dead = 0 THEN 1 END) AS own,
               COUNT(CASE WHEN own = 1 AND dead = 0 AND once_key LIKE :alike THEN 1 END) AS alike,
               COUNT(CASE WHEN own = 1 AND dead = 1 THEN 1 END) AS dead,
               COUNT(CASE WHEN unconfirmed = 1 AND dead = 0 THEN 1 END) AS unconfirmed
          FROM (SELECT CASE WHEN COALESCE(account_id, '') = COALESCE(:account_id, '') THEN 1 END AS own,
                       CASE WHEN dead_at IS NULL THEN 0 ELSE 1 END AS dead, unconfirmed, once_key
                  FROM outbox WHERE address = :address AND created_at > :since) AS mails),
    refused AS (
        SELECT CASE WHEN own >= :most AND alike >= :most_alike THEN :too_many
                    WHEN mail.confirmed = 0 AND unconfirmed >= :most_unconfirmed
                    THEN :too_many_unconfirmed ELSE '' END AS why
          FROM mail, today)
    INSERT INTO outbox (id, once_key, account_id, message_id, recipient, address, sealed,
                        created_at, expires_at, next_try_at, dead_at, last_error, unconfirmed)
    SELECT :id, :once_key, :account_id, :message_id, :recipient, :address, :sealed,
           :created_at, :expires_at, :created_at,
           CASE WHEN why <> '' THEN CAST(:created_at AS BIGINT) END, why, 1 - confirmed
      FROM mail, today, refused WHERE why = '' OR dead < :most
    ON CONFLICT (once_key) DO NOTHING
"""
ANY_DUE = """
    SELECT 1 FROM outbox
     WHERE sent_at IS NULL AND dead_at IS NULL AND next_try_at <= :now
       AND leased_until <= :now AND (tries = 0 OR :again = 1)
     LIMIT 1
"""
CLAIM = """
    UPDATE outbox SET leased_until = :leased_until
     WHERE id = (
           SELECT due.id FROM outbox AS due
            WHERE due.sent_at IS NULL AND due.dead_at IS NULL AND due.next_try_at <= :now
              AND due.leased_until <= :now AND (due.tries = 0 OR :again = 1)
              AND NOT EXISTS (SELECT 1 FROM outbox AS busy
                               WHERE busy.leased_until > :now AND busy.address = due.address)
            ORDER BY due.next_try_at LIMIT 1)
    RETURNING id, once_key, account_id, message_id, recipient, address, sealed, created_at,
              expires_at, tries, dead_at, last_error, leased_until
"""
# A lease is known by its end, or any that was asked since: that of whoever comes next is later. So who was
# frozen until another holds the mail changes no more about it than that it was sent.
LEASE = "UPDATE outbox SET leased_until = :until WHERE id = :id AND leased_until BETWEEN :mine AND :asked"
FREE_LEASES = "UPDATE outbox SET leased_until = 0 WHERE leased_until > 0"
SENT = """
    UPDATE outbox SET sent_at = :now, dead_at = NULL, leased_until = 0, tries = tries + 1,
                      recipient = '', sealed = NULL, last_error = ''
     WHERE id = :id AND sent_at IS NULL
"""
TRY_LATER = """
    UPDATE outbox SET tries = tries + :counts, leased_until = 0, next_try_at = :next_try_at,
                      last_error = :error
     WHERE id = :id AND dead_at IS NULL AND leased_until BETWEEN :mine AND :asked
"""
GIVE_UP = """
    UPDATE outbox SET tries = tries + 1, leased_until = 0, dead_at = :now, last_error = :error
     WHERE id = :id AND dead_at IS NULL AND leased_until BETWEEN :mine AND :asked
"""
GIVE_UP_ALL = """
    UPDATE outbox SET dead_at = :now, leased_until = 0, last_error = :error
     WHERE sent_at IS NULL AND dead_at IS NULL
"""
ERASE_EXPIRED = """
    UPDATE outbox SET recipient = '', sealed = NULL
     WHERE dead_at IS NOT NULL AND sealed IS NOT NULL AND expires_at < :now
"""
TIDY = "DELETE FROM outbox WHERE sent_at < :before OR dead_at < :before"
RETRY = "UPDATE outbox SET dead_at = NULL, next_try_at = :now WHERE id = :id AND sent_at IS NULL"
DROP = """
    UPDATE outbox SET dead_at = COALESCE(dead_at, :now), recipient = '', sealed = NULL,
                      last_error = :error
     WHERE id = :id AND sent_at IS NULL
"""
LONGEST_OVERDUE = (
    "SELECT MIN(next_try_at) AS at FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL"
)
WAITING = """
    SELECT COUNT(*) AS number, MIN(created_at) AS since FROM outbox
     WHERE sent_at IS NULL AND dead_at IS NULL
"""
DEAD = "SELECT COUNT(*) AS number FROM outbox WHERE dead_at IS NOT NULL"


@dataclass(slots=True)
class Row:
    """A mail on its way; whoever holds its lease renews it."""

    id: str
    once_key: str
    account_id: str | None
    message_id: str
    recipient: str
    address: bytes
    sealed: bytes
    created_at: int
    expires_at: int | None
    tries: int = 0
    dead_at: int | None = None
    last_error: str = ""
    leased_until: int = 0
    asked_until: int = 0  # by a renewal whose answer is still to come


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many mails an address gets: of one account, and of all before it is confirmed; and what is said.

    Beyond `most` there may be `most_alike` of those whose once_key is LIKE `alike`.
    """

    most: int
    alike: str
    most_alike: int
    too_many: str
    most_unconfirmed: int
    too_many_unconfirmed: str


async def add(tx: Tx, row: Row, bounds: Bounds, *, since: int, confirmed: bool | None) -> None:
    """Add a mail, unless its event was mailed before; beyond a bound since a moment it is kept unsent.

    `confirmed`: whether the address is known to be the account's; None to look it up.
    """
    tx.wakes.add(Topic.MAIL)
    tx.defer(ADD, **columns(row), **columns(bounds), since=since, confirmed=confirmed)


async def any_due(tx: Tx, *, again: bool) -> bool:
    """Tell whether a mail is to be tried now, or for the first time now."""
    return await tx.one(ANY_DUE, again=int(again)) is not None


async def claim(tx: Tx, *, leased_until: int, again: bool) -> Row | None:
    """Lease the mail that is due longest, one per address at a time, to exactly one caller."""
    row = await tx.one(CLAIM, leased_until=leased_until, again=int(again))
    return Row(**row, asked_until=leased_until) if row else None


async def lease(tx: Tx, row: Row, *, until: int) -> bool:
    """Keep a mail that is being handed over for longer, unless another has it; until 0: give it back untried."""
    return await tx.run(LEASE, **_held(row), until=until) == 1


def _held(row: Row) -> dict[str, str | int]:
    return {"id": row.id, "mine": row.leased_until, "asked": row.asked_until}


async def free_leases(tx: Tx) -> int:
    """Give back every mail that somebody had claimed."""
    return await tx.run(FREE_LEASES)


async def sent(tx: Tx, row: Row) -> bool:
    """Mark a mail as sent and erase what it said, whoever holds it; tell whether it was not yet."""
    return await tx.run(SENT, id=row.id) == 1


async def try_later(tx: Tx, row: Row, *, next_try_at: int, error: str, counts: bool = True) -> bool:
    """Keep a mail for another try, unless another has it."""
    values = {"next_try_at": next_try_at, "error": error, "counts": int(counts)}
    return await tx.run(TRY_LATER, **_held(row), **values) == 1


async def give_up(tx: Tx, row: Row, *, error: str) -> bool:
    """Mark a mail as undeliverable, unless another has it."""
    return await tx.run(GIVE_UP, **_held(row), error=error) == 1


async def give_up_all(tx: Tx, *, error: str) -> int:
    """Mark every waiting mail as undeliverable; count them."""
    return await tx.run(GIVE_UP_ALL, error=error)


async def retry(tx: Tx, id: str) -> None:
    """Let a mail that waits or was given up be tried now."""
    tx.defer(RETRY, id=id)
    tx.wakes.add(Topic.MAIL)


async def drop(tx: Tx, id: str, *, error: str) -> None:
    """Give a mail up and erase it."""
    tx.defer(DROP, id=id, error=error)


async def overdue(tx: Tx) -> int:
    """Give for how many seconds the next mail is overdue; a mail that pauses after a refusal is not."""
    row = await tx.one(LONGEST_OVERDUE)
    return max(0, tx.now - row["at"]) if row and row["at"] is not None else 0


async def waiting(tx: Tx) -> tuple[int, int]:
    """Count the mails that wait; give the age of the oldest in seconds."""
    row = await tx.one(WAITING)
    return (row["number"], tx.now - row["since"]) if row and row["number"] else (0, 0)


async def dead(tx: Tx) -> int:
    """Count the undeliverable mails that are still kept."""
    row = await tx.one(DEAD)
    return int(row["number"]) if row else 0


async def tidy(tx: Tx, *, before: int) -> int:
    """Erase undeliverable mails whose link is dead; remove what was sent or given up long ago."""
    tx.defer(ERASE_EXPIRED)
    return await tx.run(TIDY, before=before)
