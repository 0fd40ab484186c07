"""Table factor_resets."""

from dataclasses import dataclass

from web.database import Row, Tx

# What may have overtaken it is looked up with it: a factor used or made since, the profile, 停止, the mail.
OPEN = """
    SELECT r.id, r.account_id, a.payment_user_id, r.reason, r.proposed_by, r.proposed_at,
           r.base_version, r.expires_at, r.approved_by, r.due_at, a.profile_version, a.disabled_at,
           EXISTS (SELECT 1 FROM code_apps AS p WHERE p.owner_id = r.account_id
                      AND (p.used_at > r.proposed_at OR p.created_at > r.proposed_at))
             OR EXISTS (SELECT 1 FROM passkeys AS k WHERE k.owner_id = r.account_id
                           AND (k.used_at > r.proposed_at OR k.created_at > r.proposed_at))
             OR EXISTS (SELECT 1 FROM recovery_codes AS c WHERE c.owner_id = r.account_id
                           AND (c.used_at > r.proposed_at OR c.made_at > r.proposed_at)) AS proved,
           EXISTS (SELECT 1 FROM outbox AS o WHERE o.once_key = 'factor_reset:' || r.id
                      AND o.sent_at IS NOT NULL) AS told,
           EXISTS (SELECT 1 FROM outbox AS o WHERE o.once_key = 'factor_reset:' || r.id
                      AND (o.sent_at - o.created_at) * :part > r.due_at - o.created_at) AS late
      FROM factor_resets AS r JOIN accounts AS a ON a.id = r.account_id
     WHERE r.ended_at IS NULL ORDER BY r.proposed_at, r.id
"""
LATEST_ENDED = """
    SELECT r.account_id, a.payment_user_id, r.ended, r.ended_at
      FROM factor_resets AS r JOIN accounts AS a ON a.id = r.account_id
     WHERE r.account_id = :account_id AND r.ended_at IS NOT NULL
     ORDER BY r.ended_at DESC, r.proposed_at DESC LIMIT 1
"""
ENDED_SINCE = """
    SELECT r.account_id, a.payment_user_id, r.ended, r.ended_at
      FROM factor_resets AS r JOIN accounts AS a ON a.id = r.account_id
     WHERE r.ended_at >= :since ORDER BY r.ended_at DESC
"""
FIND_BY_KEY = """
    SELECT r.id, r.account_id, a.payment_user_id, r.due_at, r.ended
      FROM factor_resets AS r JOIN accounts AS a ON a.id = r.account_id
     WHERE r.key_hash = :key_hash
"""
ADD = """
    INSERT INTO factor_resets (id, account_id, reason, proposed_by, proposed_at, base_version,
                               expires_at)
    SELECT :id, id, :reason, :proposed_by, :now, profile_version, :expires_at
      FROM accounts WHERE id = :account_id
    ON CONFLICT (account_id) WHERE ended_at IS NULL DO NOTHING
"""
APPROVE = """
    UPDATE factor_resets SET approved_by = :approved_by, due_at = :due_at, key_hash = :key_hash
     WHERE id = :id AND ended_at IS NULL AND due_at IS NULL
"""
END = """
    UPDATE factor_resets SET ended_at = :now, ended = :ended WHERE id = :id AND ended_at IS NULL
"""
END_ALL = "UPDATE factor_resets SET ended_at = :now, ended = 'restored' WHERE ended_at IS NULL"
STOPPED = "SELECT 1 FROM factor_resets WHERE id = :id AND ended = 'stopped'"
TIDY = "DELETE FROM factor_resets WHERE ended_at < :before"

PART = 8  # late is after an eighth of the time: of 24 hours the owner has 21 at least


@dataclass(frozen=True, slots=True)
class FactorReset:
    """A 確認手段の解除 that has not ended, and what may have overtaken it."""

    id: str
    account_id: str
    payment_user_id: str
    reason: str
    proposed_by: str
    proposed_at: int
    base_version: int
    expires_at: int
    approved_by: str
    due_at: int | None
    profile_version: int
    disabled_at: int | None
    proved: int  # 1 = a factor was used or registered since
    told: int  # 1 = the mail with the URL that stops it was sent
    late: int  # 1 = after more than a part of the time that the owner has to stop it


@dataclass(frozen=True, slots=True)
class Ended:
    """How the 確認手段の解除 of an account ended."""

    account_id: str
    payment_user_id: str
    how: str
    at: int


@dataclass(frozen=True, slots=True)
class Stoppable:
    """What a mailed key stops; `ended` says how it has ended, '' while it has not."""

    id: str
    account_id: str
    payment_user_id: str
    due_at: int
    ended: str


async def all_open(tx: Tx) -> list[FactorReset]:
    """List those that have not ended, the oldest first."""
    return [FactorReset(**row) for row in await tx.all(OPEN, part=PART)]


async def open_of_account(tx: Tx, account_id: str) -> FactorReset | None:
    """Find the one of an account that has not ended."""
    return next((each for each in await all_open(tx) if each.account_id == account_id), None)


async def latest_ended(tx: Tx, account_id: str) -> Ended | None:
    """Find the last one of an account that has ended."""
    row = await tx.one(LATEST_ENDED, account_id=account_id)
    return _ended(row) if row else None


async def ended_since(tx: Tx, since: int) -> list[Ended]:
    """List what ended since a moment, newest first."""
    return [_ended(row) for row in await tx.all(ENDED_SINCE, since=since)]


def _ended(row: Row) -> Ended:
    return Ended(row["account_id"], row["payment_user_id"], row["ended"], row["ended_at"])


async def find_by_key(tx: Tx, key_hash: bytes) -> Stoppable | None:
    """Find what a mailed key stops, by the digest of the key."""
    row = await tx.one(FIND_BY_KEY, key_hash=key_hash)
    return Stoppable(**row) if row else None


async def add(
    tx: Tx, id: str, account_id: str, *, reason: str, proposed_by: str, expires_at: int
) -> bool:
    """Add one; False while another one of the account has not ended."""
    values = {"id": id, "account_id": account_id, "reason": reason, "proposed_by": proposed_by}
    return await tx.run(ADD, **values, expires_at=expires_at) == 1


async def approve(tx: Tx, id: str, approved_by: str, key_hash: bytes, *, due_at: int) -> bool:
    """Let its time run; False when it ran already, or has ended."""
    values = {"id": id, "approved_by": approved_by, "key_hash": key_hash, "due_at": due_at}
    return await tx.run(APPROVE, **values) == 1


async def end(tx: Tx, id: str, how: str) -> bool:
    """End one; True for exactly one caller."""
    return await tx.run(END, id=id, ended=how) == 1


async def stopped(tx: Tx, id: str) -> bool:
    """Tell whether its owner has stopped it."""
    return await tx.one(STOPPED, id=id) is not None


async def end_all(tx: Tx) -> int:
    """End every one; count them."""
    return await tx.run(END_ALL)


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove those that ended before a moment."""
    return await tx.run(TIDY, before=before)
