"""Table sessions. Ended and expired rows stay 24 hours, only to name who may take up a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from web import clock
from web.database import Row, Tx
from web.store.accounts import Account
from web.store.direct_debit_forms import Action, Kind, Mark, State

FAILED_FOR = 60 * clock.DAY  # so long a payment that failed is worth a word
PER_ACCOUNT = 500  # rows: people have a few
_ALL = 2**31 - 1

FIND = """
    SELECT s.id AS session_id, s.created_at AS started_at, s.last_seen_at, s.ended_at, s.ended_by,
           s.previous_login_at, s.method, c.password_changed_at,
           EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = s.account_id) AS second,
           a.id, a.payment_user_id, a.bulk_user_id, a.kind, a.name, a.name_kana, a.representative,
           a.admin_email, a.notice_email, a.profile_version, a.profile_updated_at, a.disabled_at,
           a.address_confirmed,
           (SELECT d.id FROM direct_debit_accounts AS d
             WHERE d.account_id = a.id AND d.kind = 'national' AND d.ended_at IS NULL) AS national,
           (SELECT d.id FROM direct_debit_accounts AS d
             WHERE d.account_id = a.id AND d.kind = 'local' AND d.ended_at IS NULL) AS local,
           (SELECT COUNT(*) FROM payments AS p
             WHERE p.account_id = a.id AND p.state = 'failed' AND p.created_at >= :failed_since)
               AS failed_payments,
           f.kind AS form_kind, f.action, f.state, f.target_id, f.made_at
      FROM sessions AS s
      JOIN accounts AS a ON a.id = s.account_id
      JOIN credentials AS c ON c.account_id = a.id AND c.kind = 'payment'
      LEFT JOIN direct_debit_forms AS f ON f.account_id = a.id AND f.latest = 1
     WHERE s.token_hash = :token_hash
"""
ADD = """
    INSERT INTO sessions (id, token_hash, account_id, created_at, last_seen_at, previous_login_at,
                          user_agent, network, method)
    VALUES (:id, :token_hash, :account_id, :now, :now,
            (SELECT at FROM audit WHERE account_id = :account_id AND event = 'login.done'
              ORDER BY seq DESC LIMIT 1),
            :user_agent, :network, :method)
    RETURNING previous_login_at,
              (SELECT COUNT(*) FROM sessions AS s
                WHERE s.account_id = :account_id AND s.id <> :id) AS others,
              (SELECT COUNT(*) FROM sessions AS s
                WHERE s.account_id = :account_id AND s.id <> :id
                  AND s.created_at > :hour_ago) AS lately
"""
DROP_OLD = """
    DELETE FROM sessions WHERE id IN (
           SELECT id FROM sessions WHERE account_id = :account_id AND id <> :newest
            ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id
            LIMIT :many OFFSET :kept)
"""
SEE = "UPDATE sessions SET last_seen_at = :at WHERE id = :id AND last_seen_at < :at"
END = """
    UPDATE sessions SET ended_at = :now, ended_by = :by WHERE id = :id AND ended_at IS NULL
    RETURNING (SELECT COUNT(*) FROM sessions AS s
                WHERE s.account_id = sessions.account_id AND s.id <> :id
                  AND s.ended_at > :hour_ago) AS others
"""
LIVE_OF_ACCOUNT = """
    SELECT id, created_at AS started_at, last_seen_at, user_agent, network
      FROM sessions WHERE account_id = :account_id AND ended_at IS NULL
"""
OF_ACCOUNT = "SELECT 1 FROM sessions WHERE id = :id AND account_id = :account_id"
END_OTHERS = """
    UPDATE sessions SET ended_at = :now, ended_by = :by
     WHERE account_id = :account_id AND ended_at IS NULL AND id <> :kept
"""
END_ALL = "UPDATE sessions SET ended_at = :now WHERE ended_at IS NULL"
ALIVE = """
    SELECT COUNT(*) AS number FROM sessions
     WHERE created_at > :oldest_start AND ended_at IS NULL AND last_seen_at > :since
"""
TIDY = """
    DELETE FROM sessions
     WHERE created_at < :day_ago
       AND (ended_at < :day_ago OR created_at < :oldest_start OR last_seen_at < :day_ago)
"""


class EndedBy(StrEnum):
    """Who ended a log-in before its time was over."""

    LEFT = "left"  # 終了 in its own browser
    DEVICE = "device"  # its owner, at another device
    PASSWORD = "password"  # a new 納付利用者パスワード
    OFFICE = "office"


class Session(NamedTuple):  # made at every request, twice as fast as a dataclass
    """A log-in and the account it belongs to."""

    id: str
    started_at: int
    last_seen_at: int
    ended_at: int | None
    ended_by: EndedBy | None
    previous_login_at: int | None
    method: str  # what the log-in asked beside the password
    password_changed_at: int
    second: bool  # whether the account has a second factor
    account: Account
    debit_ids: Mapping[Kind, str]  # ダイレクト納付口座 that are live
    debit_forms: tuple[Mark, ...]
    to_post: Mapping[Kind, int]  # when the oldest 届出書 was made that has not arrived
    failed_payments: int  # of まとめ納付, lately

    @property
    def shut(self) -> bool:
        """Tell whether its account has been shut."""
        return self.account.disabled_at is not None


@dataclass(frozen=True, slots=True)
class Added:
    """The log-in before this one, if there was one, and how many there were within the hour."""

    previous_login_at: int | None
    lately: int


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in as its account sees it in a list."""

    id: str
    started_at: int
    last_seen_at: int
    user_agent: str
    network: str


async def find(tx: Tx, token_hash: bytes) -> Session | None:
    """Find a session, live or not, its account and what My Page says of it, in one read."""
    rows = await tx.all(FIND, token_hash=token_hash, failed_since=tx.now - FAILED_FOR)
    if not rows:
        return None
    session_id, started_at, seen_at, ended_at, ended_by, previous_at, method, *rest = tuple(rows[0])
    changed_at, second, *account, national, local, failed_payments, _, _, _, _, _ = rest
    live = ((Kind.NATIONAL, national), (Kind.LOCAL, local))
    forms = [row for row in rows if row["form_kind"]]
    return Session(
        session_id,
        started_at,
        seen_at,
        ended_at,
        EndedBy(ended_by) if ended_by else None,
        previous_at,
        method,
        changed_at,
        bool(second),
        Account(*account),
        debit_ids={kind: live_id for kind, live_id in live if live_id},
        debit_forms=tuple(map(_mark, forms)),
        to_post=_to_post(forms),
        failed_payments=failed_payments,
    )


def _mark(row: Row) -> Mark:
    kind, action, state = Kind(row["form_kind"]), Action(row["action"]), State(row["state"])
    return Mark(kind, action, state, row["target_id"])


def _to_post(rows: list[Row]) -> dict[Kind, int]:
    made = [(row["made_at"], Kind(row["form_kind"])) for row in rows if row["state"] == State.MADE]
    return {kind: made_at for made_at, kind in sorted(made, reverse=True)}


async def add(
    tx: Tx,
    id: str,
    token_hash: bytes,
    account_id: str,
    *,
    user_agent: str,
    network: str,
    method: str = "password",
) -> Added:
    """Add a session; of too many of an account the oldest are removed, ended ones first."""
    row = await tx.one(
        ADD,
        id=id,
        token_hash=token_hash,
        account_id=account_id,
        user_agent=user_agent,
        network=network,
        hour_ago=tx.now - clock.HOUR,
        method=method,
    )
    assert row  # noqa: S101 an INSERT that returns
    if row["others"] >= PER_ACCOUNT:
        await tx.run(DROP_OLD, account_id=account_id, newest=id, many=_ALL, kept=PER_ACCOUNT - 1)
    return Added(row["previous_login_at"], row["lately"] + 1)


async def see(tx: Tx, seen: dict[str, int]) -> None:
    """Note when sessions were last seen, by id."""
    await tx.many(SEE, [{"id": session_id, "at": at} for session_id, at in sorted(seen.items())])


async def live_of_account(tx: Tx, account_id: str) -> list[LogIn]:
    """List an account's sessions that nobody has ended; their time may be over."""
    return [LogIn(**row) for row in await tx.all(LIVE_OF_ACCOUNT, account_id=account_id)]


async def is_of_account(tx: Tx, id: str, account_id: str) -> bool:
    """Tell whether a session, live or not, is an account's."""
    return await tx.one(OF_ACCOUNT, id=id, account_id=account_id) is not None


async def end(tx: Tx, id: str, by: EndedBy) -> int:
    """End a session; count those that ended within the hour, 0 if this one had ended before."""
    row = await tx.one(END, id=id, by=by, hour_ago=tx.now - clock.HOUR)
    return int(row["others"]) + 1 if row else 0


async def end_of_account(tx: Tx, account_id: str, by: EndedBy) -> None:
    """End an account's sessions."""
    tx.defer(END_OTHERS, account_id=account_id, kept="", by=by)


async def end_others(tx: Tx, account_id: str, by: EndedBy, *, kept: str = "") -> int:
    """End an account's sessions but the one kept; count them."""
    return await tx.run(END_OTHERS, account_id=account_id, kept=kept, by=by)


async def end_all(tx: Tx) -> int:
    """End every session; count them."""
    return await tx.run(END_ALL)


async def alive(tx: Tx, *, since: int, oldest_start: int = 0) -> int:
    """Count the sessions seen since a moment and not ended; the bound on their age saves reading older ones."""
    row = await tx.one(ALIVE, since=since, oldest_start=oldest_start)
    return int(row["number"]) if row else 0


async def tidy(tx: Tx, *, day_ago: int, oldest_start: int) -> int:
    """Remove sessions that ended, or were last seen, more than a day ago."""
    return await tx.run(TIDY, day_ago=day_ago, oldest_start=oldest_start)
