"""Table audit."""

import json
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
# A reset of the bulk password says nothing here, but it is rare and only delays a warning.
LATEST_TRIES = """
    SELECT event FROM audit
     WHERE account_id = :account_id
       AND event IN ('login.failed', 'password.refused', 'profile.refused',
                     'login.done', 'password.changed', 'reset.used')
     ORDER BY seq DESC LIMIT :most
"""
SEARCH = """
    SELECT e.seq, e.at, e.event, e.account_id, a.payment_user_id, e.detail, e.request_id
      FROM audit AS e LEFT JOIN accounts AS a ON a.id = e.account_id
     WHERE (e.event = :event OR :event IS NULL) AND e.at >= :since AND e.at < :before
     ORDER BY e.at DESC, e.seq DESC LIMIT :most
"""
# Of one account its own index is short, however far back it is read.
SEARCH_OF_ACCOUNT = """
    SELECT e.seq, e.at, e.event, e.account_id, a.payment_user_id, e.detail, e.request_id
      FROM audit AS e LEFT JOIN accounts AS a ON a.id = e.account_id
     WHERE e.account_id = :account_id AND (e.event = :event OR :event IS NULL)
       AND e.at >= :since AND e.at < :before
     ORDER BY e.seq DESC LIMIT :most
"""
# The event is written out, so that the index of these rows alone is used.
LOOKS = """
    SELECT at, detail FROM audit
     WHERE event = 'account.viewed' AND account_id = :account_id AND at >= :since ORDER BY at
"""
REFUSED_ACTS = "SELECT detail FROM audit WHERE at >= :since AND event = 'office.refused'"
# Only behind the end that the caller knows.
APPEND = """
    INSERT INTO audit (seq, at, event, account_id, detail, request_id, key_id, mac)
    SELECT :seq, :at, :event, :account_id, :detail, :request_id, :key_id, :mac
     WHERE NOT EXISTS (SELECT 1 FROM audit WHERE seq > :last_seq)
       AND COALESCE((SELECT seal FROM audit_marks WHERE mark = 'head'), :no_seal) = :last_seal
"""
# For the owner. A look of the desk is nothing that the owner could disown: docs/adr/0043.
FIND_OF_ACCOUNT = """
    SELECT seq, at, event, account_id, detail, request_id, key_id, mac
      FROM audit WHERE account_id = :account_id AND event <> 'account.viewed'
       AND seq = :seq
"""
OLDER_OF_ACCOUNT = """
    SELECT seq, at, event, account_id, detail, request_id, key_id, mac
      FROM audit WHERE account_id = :account_id AND event <> 'account.viewed'
       AND seq < :before ORDER BY seq DESC LIMIT :most
"""
NEWER_OF_ACCOUNT = """
    SELECT seq, at, event, account_id, detail, request_id, key_id, mac
      FROM audit WHERE account_id = :account_id AND event <> 'account.viewed'
       AND seq > :after ORDER BY seq LIMIT :most
"""
AFTER = """
    SELECT seq, at, event, account_id, detail, request_id, key_id, mac
      FROM audit WHERE seq > :after ORDER BY seq LIMIT :most
"""
LISTED = """
    SELECT t.seq, t.at, t.event, t.account_id, a.payment_user_id, t.detail, t.request_id
      FROM audit AS t LEFT JOIN accounts AS a ON a.id = t.account_id
     WHERE t.seq > :after AND t.at >= :since
       AND (:account_id = '' OR t.account_id = :account_id)
       AND (:event = '' OR t.event = :event)
     ORDER BY t.seq LIMIT :most
"""
FIRST_SINCE = "SELECT seq FROM audit WHERE at >= :since ORDER BY seq LIMIT 1"
FIRST = "SELECT seq FROM audit ORDER BY seq LIMIT 1"
LAST_UNTIL = """
    SELECT seq, at, event, account_id, detail, request_id, key_id, mac
      FROM audit WHERE seq <= :seq ORDER BY seq DESC LIMIT 1
"""
DROP_UNTIL = "DELETE FROM audit WHERE seq <= :seq"


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


@dataclass(frozen=True, slots=True)
class Look:
    """A look of a 担当者 at an account: when, who and where."""

    at: int
    detail: dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One event as the command line lists it, with the 納付利用者ID of its account."""

    seq: int
    at: int
    event: str
    account_id: str | None
    payment_user_id: str | None
    detail: str
    request_id: str


async def search(
    tx: Tx, *, account_id: str | None, event: str | None, since: int, before: int, most: int
) -> list[Listed]:
    """List events of a time, newest first; of one account or of one kind only, if told so."""
    sought = {"event": event, "since": since, "before": before, "most": most}
    if account_id is None:
        return [Listed(**row) for row in await tx.all(SEARCH, **sought)]
    rows = await tx.all(SEARCH_OF_ACCOUNT, account_id=account_id, **sought)
    return [Listed(**row) for row in rows]


async def looks(tx: Tx, account_id: str, *, since: int) -> list[Look]:
    """List the looks of 担当者 at an account since a moment, oldest first."""
    rows = await tx.all(LOOKS, account_id=account_id, since=since)
    return [Look(row["at"], json.loads(row["detail"])) for row in rows]


async def refused_acts(tx: Tx, *, since: int) -> list[dict[str, str]]:
    """List the details of the acts that 担当者 were refused since a moment."""
    return [json.loads(row["detail"]) for row in await tx.all(REFUSED_ACTS, since=since)]


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


async def append(tx: Tx, row: Row, mac: bytes, *, last_seq: int, last_seal: bytes) -> bool:
    """Append an event behind the last one; False when the trail ends elsewhere.

    `last_seal`: of the mark of the end; b"" while there is none.
    """
    added = await tx.run(
        APPEND,
        seq=row.seq,
        at=row.at,
        event=row.event,
        account_id=row.account_id,
        detail=row.detail,
        request_id=row.request_id,
        key_id=row.key_id,
        mac=mac,
        last_seq=last_seq,
        last_seal=last_seal,
        no_seal=b"",
    )
    return added == 1


async def find_of_account(tx: Tx, account_id: str, seq: int) -> Row | None:
    """Find an event, if it is one of this account's."""
    row = await tx.one(FIND_OF_ACCOUNT, account_id=account_id, seq=seq)
    return Row(**row) if row else None


async def older_of_account(tx: Tx, account_id: str, *, before: int, most: int) -> list[Row]:
    """List an account's events before one, newest first."""
    rows = await tx.all(OLDER_OF_ACCOUNT, account_id=account_id, before=before, most=most)
    return [Row(**row) for row in rows]


async def newer_of_account(tx: Tx, account_id: str, *, after: int, most: int) -> list[Row]:
    """List an account's events after one, oldest first."""
    rows = await tx.all(NEWER_OF_ACCOUNT, account_id=account_id, after=after, most=most)
    return [Row(**row) for row in rows]


async def after(tx: Tx, seq: int, *, most: int) -> list[Row]:
    """List the events after one, oldest first."""
    return [Row(**row) for row in await tx.all(AFTER, after=seq, most=most)]


async def listed(
    tx: Tx, *, after: int, since: int, account_id: str, event: str, most: int
) -> list[Listed]:
    """List events, oldest first; '' stands for any account or event."""
    rows = await tx.all(
        LISTED, after=after, since=since, account_id=account_id, event=event, most=most
    )
    return [Listed(**row) for row in rows]


async def last_before(tx: Tx, *, at: int, most: int) -> Row | None:
    """Find the last of the oldest events, so many at most, that lie before a moment."""
    first = await tx.one(FIRST)
    if first is None:
        return None
    kept = await tx.one(FIRST_SINCE, since=at)
    until = first["seq"] + most - 1
    if kept:
        until = min(until, kept["seq"] - 1)
    row = await tx.one(LAST_UNTIL, seq=until)
    return Row(**row) if row else None


async def drop_until(tx: Tx, seq: int) -> int:
    """Remove the events up to one; count them."""
    return await tx.run(DROP_UNTIL, seq=seq)
