"""Table outbox, as the support desk reads it: each list by an index of its own, for mails are many."""

from dataclasses import dataclass
from enum import StrEnum

from web.database import Tx


class State(StrEnum):
    """What became of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


FIND = """
    SELECT o.id, o.once_key, o.account_id, a.payment_user_id, o.recipient, o.created_at,
           o.next_try_at, o.tries, o.sent_at, o.dead_at, o.last_error,
           o.sealed IS NULL AS erased
      FROM outbox AS o LEFT JOIN accounts AS a ON a.id = o.account_id
     WHERE o.id = :id
"""
OF_ACCOUNT = """
    SELECT o.id, o.once_key, o.account_id, a.payment_user_id, o.recipient, o.created_at,
           o.next_try_at, o.tries, o.sent_at, o.dead_at, o.last_error,
           o.sealed IS NULL AS erased
      FROM outbox AS o LEFT JOIN accounts AS a ON a.id = o.account_id
     WHERE o.account_id = :account_id
       AND (CASE WHEN o.sent_at IS NOT NULL THEN 'sent' WHEN o.dead_at IS NOT NULL THEN 'dead'
                 ELSE 'waiting' END = :state OR :state IS NULL)
     ORDER BY o.created_at DESC, o.id LIMIT :most
"""
ALL = """
    SELECT o.id, o.once_key, o.account_id, a.payment_user_id, o.recipient, o.created_at,
           o.next_try_at, o.tries, o.sent_at, o.dead_at, o.last_error,
           o.sealed IS NULL AS erased
      FROM outbox AS o LEFT JOIN accounts AS a ON a.id = o.account_id
     ORDER BY o.created_at DESC, o.id LIMIT :most
"""
WAITING = """
    SELECT o.id, o.once_key, o.account_id, a.payment_user_id, o.recipient, o.created_at,
           o.next_try_at, o.tries, o.sent_at, o.dead_at, o.last_error,
           o.sealed IS NULL AS erased
      FROM outbox AS o LEFT JOIN accounts AS a ON a.id = o.account_id
     WHERE o.sent_at IS NULL AND o.dead_at IS NULL
     ORDER BY o.created_at DESC, o.id LIMIT :most
"""
SENT = """
    SELECT o.id, o.once_key, o.account_id, a.payment_user_id, o.recipient, o.created_at,
           o.next_try_at, o.tries, o.sent_at, o.dead_at, o.last_error,
           o.sealed IS NULL AS erased
      FROM outbox AS o LEFT JOIN accounts AS a ON a.id = o.account_id
     WHERE o.sent_at IS NOT NULL
     ORDER BY o.sent_at DESC, o.id LIMIT :most
"""
DEAD = """
    SELECT o.id, o.once_key, o.account_id, a.payment_user_id, o.recipient, o.created_at,
           o.next_try_at, o.tries, o.sent_at, o.dead_at, o.last_error,
           o.sealed IS NULL AS erased
      FROM outbox AS o LEFT JOIN accounts AS a ON a.id = o.account_id
     WHERE o.dead_at IS NOT NULL AND o.sent_at IS NULL
     ORDER BY o.created_at DESC, o.id LIMIT :most
"""
IN_STATE = {State.WAITING: WAITING, State.SENT: SENT, State.DEAD: DEAD}


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as the support desk sees it: never what it says."""

    id: str
    once_key: str
    account_id: str | None
    payment_user_id: str | None
    recipient: str
    created_at: int
    next_try_at: int
    tries: int
    sent_at: int | None
    dead_at: int | None
    last_error: str
    erased: bool

    @property
    def state(self) -> State:
        """Give waiting, sent or dead."""
        return State.SENT if self.sent_at else State.DEAD if self.dead_at else State.WAITING


async def find(tx: Tx, id: str) -> Listed | None:
    """Find a mail."""
    row = await tx.one(FIND, id=id)
    return Listed(**row) if row else None


async def of_account(tx: Tx, account_id: str, state: State | None, *, most: int) -> list[Listed]:
    """List the mails of an account, newest first."""
    rows = await tx.all(OF_ACCOUNT, account_id=account_id, state=state, most=most)
    return [Listed(**row) for row in rows]


async def of_all(tx: Tx, state: State | None, *, most: int) -> list[Listed]:
    """List the mails of everybody, newest first."""
    rows = await (tx.all(IN_STATE[state], most=most) if state else tx.all(ALL, most=most))
    return [Listed(**row) for row in rows]
