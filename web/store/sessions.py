"""Table sessions. Ended and expired rows stay 24 hours, only to name who may take up a form."""

from dataclasses import dataclass

from web.database import Tx
from web.store.accounts import Account

FIND = """
    SELECT s.id AS session_id, s.created_at AS started_at, s.last_seen_at, s.ended_at,
           s.previous_login_at, c.password_changed_at,
           a.id, a.payment_user_id, a.bulk_user_id, a.kind, a.name, a.name_kana, a.representative,
           a.admin_email, a.notice_email, a.profile_version, a.profile_updated_at, a.disabled_at
      FROM sessions AS s
      JOIN accounts AS a ON a.id = s.account_id
      JOIN credentials AS c ON c.account_id = a.id AND c.kind = 'payment'
     WHERE s.token_hash = :token_hash
"""
ADD = """
    INSERT INTO sessions (id, token_hash, account_id, created_at, last_seen_at, previous_login_at,
                          user_agent, network)
    VALUES (:id, :token_hash, :account_id, :now, :now, :previous_login_at, :user_agent, :network)
"""
SEE = "UPDATE sessions SET last_seen_at = :at WHERE id = :id AND last_seen_at < :at"
END = "UPDATE sessions SET ended_at = :now WHERE id = :id AND ended_at IS NULL"
END_OTHERS = """
    UPDATE sessions SET ended_at = :now
     WHERE account_id = :account_id AND ended_at IS NULL AND id <> :kept
"""
END_ALL = "UPDATE sessions SET ended_at = :now WHERE ended_at IS NULL"
ALIVE = "SELECT COUNT(*) AS number FROM sessions WHERE ended_at IS NULL AND last_seen_at > :since"
TIDY = """
    DELETE FROM sessions
     WHERE ended_at < :day_ago OR created_at < :oldest_start OR last_seen_at < :day_ago
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in and the account it belongs to."""

    id: str
    started_at: int
    last_seen_at: int
    ended_at: int | None
    previous_login_at: int | None
    password_changed_at: int
    account: Account


async def find(tx: Tx, token_hash: bytes) -> Session | None:
    """Find a session and its account, live or not."""
    row = await tx.one(FIND, token_hash=token_hash)
    if row is None:
        return None
    session_id, started_at, seen_at, ended_at, previous_at, changed_at, *account = tuple(row)
    return Session(
        session_id, started_at, seen_at, ended_at, previous_at, changed_at, Account(*account)
    )


async def add(
    tx: Tx,
    id: str,
    token_hash: bytes,
    account_id: str,
    *,
    previous_login_at: int | None,
    user_agent: str,
    network: str,
    now: int,
) -> None:
    """Add a session."""
    await tx.run(
        ADD,
        id=id,
        token_hash=token_hash,
        account_id=account_id,
        previous_login_at=previous_login_at,
        user_agent=user_agent,
        network=network,
        now=now,
    )


async def see(tx: Tx, seen: dict[str, int]) -> None:
    """Note when sessions were last seen, by id."""
    for session_id, at in seen.items():
        await tx.run(SEE, id=session_id, at=at)


async def end(tx: Tx, id: str, *, now: int) -> None:
    """End a session."""
    await tx.run(END, id=id, now=now)


async def end_others(tx: Tx, account_id: str, *, kept: str = "", now: int) -> int:
    """End an account's sessions but the one kept; count them."""
    return await tx.run(END_OTHERS, account_id=account_id, kept=kept, now=now)


async def end_all(tx: Tx, *, now: int) -> int:
    """End every session; count them."""
    return await tx.run(END_ALL, now=now)


async def alive(tx: Tx, *, since: int) -> int:
    """Count the sessions seen since a moment and not ended."""
    row = await tx.one(ALIVE, since=since)
    return int(row["number"]) if row else 0


async def tidy(tx: Tx, *, day_ago: int, oldest_start: int) -> int:
    """Remove sessions that ended, or were last seen, more than a day ago."""
    return await tx.run(TIDY, day_ago=day_ago, oldest_start=oldest_start)
