"""Table address_changes."""

from dataclasses import dataclass

from web.database import Tx

OPEN_OF_ACCOUNT = """
    SELECT id, account_id, sealed, reason, proposed_by, proposed_at, base_version, expires_at
      FROM address_changes WHERE account_id = :account_id AND decided_at IS NULL
"""
OPEN_ACCOUNTS = """
    SELECT a.id, a.payment_user_id
      FROM address_changes AS c JOIN accounts AS a ON a.id = c.account_id
     WHERE c.decided_at IS NULL AND c.expires_at > :now ORDER BY c.proposed_at
"""
EXPIRED = """
    SELECT id, account_id, sealed, reason, proposed_by, proposed_at, base_version, expires_at
      FROM address_changes WHERE decided_at IS NULL AND expires_at <= :now
"""
LATEST_OF_ACCOUNT = """
    SELECT voided, decided_at FROM address_changes
     WHERE account_id = :account_id AND decided_at IS NOT NULL
     ORDER BY decided_at DESC, proposed_at DESC LIMIT 1
"""
VOIDED_SINCE = """
    SELECT a.id, a.payment_user_id, c.voided
      FROM address_changes AS c JOIN accounts AS a ON a.id = c.account_id
     WHERE c.voided <> '' AND c.decided_at >= :since ORDER BY c.decided_at DESC
"""
HOW_VOIDED = "SELECT voided FROM address_changes WHERE id = :id AND account_id = :account_id"
ADD = """
    INSERT INTO address_changes (id, account_id, sealed, reason, proposed_by, proposed_at,
                                 base_version, expires_at)
    VALUES (:id, :account_id, :sealed, :reason, :proposed_by, :proposed_at,
            :base_version, :expires_at)
    ON CONFLICT (account_id) WHERE decided_at IS NULL DO NOTHING
"""
DECIDE = "UPDATE address_changes SET decided_at = :now WHERE id = :id AND decided_at IS NULL"
VOID = """
    UPDATE address_changes SET decided_at = :now, voided = :why
     WHERE account_id = :account_id AND decided_at IS NULL
"""
DECIDE_ALL = "UPDATE address_changes SET decided_at = :now WHERE decided_at IS NULL"


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A new 利用者管理用メールアドレス that waits for a second 担当者."""

    id: str
    account_id: str
    sealed: bytes
    reason: str
    proposed_by: str
    proposed_at: int
    base_version: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Voided:
    """An account whose change ended without anybody deciding it, and why."""

    account_id: str
    payment_user_id: str
    why: str


async def open_of_account(tx: Tx, account_id: str) -> AddressChange | None:
    """Find the one change of an account that nobody has decided; it may be past its end."""
    row = await tx.one(OPEN_OF_ACCOUNT, account_id=account_id)
    return AddressChange(**row) if row else None


async def open_accounts(tx: Tx) -> list[tuple[str, str]]:
    """List the accounts whose change waits: id and 納付利用者ID, the oldest first."""
    return [(row["id"], row["payment_user_id"]) for row in await tx.all(OPEN_ACCOUNTS)]


async def expired(tx: Tx) -> list[AddressChange]:
    """List the changes that are past their end and that nobody has decided."""
    return [AddressChange(**row) for row in await tx.all(EXPIRED)]


async def latest_voided(tx: Tx, account_id: str) -> tuple[str, int] | None:
    """Give why and when an account's last change was voided; None when somebody decided it."""
    row = await tx.one(LATEST_OF_ACCOUNT, account_id=account_id)
    return (row["voided"], row["decided_at"]) if row and row["voided"] else None


async def voided_since(tx: Tx, since: int) -> list[Voided]:
    """List what was voided since a moment, newest first."""
    rows = await tx.all(VOIDED_SINCE, since=since)
    return [Voided(row["id"], row["payment_user_id"], row["voided"]) for row in rows]


async def how_voided(tx: Tx, account_id: str, id: str) -> str:
    """Say why a change of an account was voided; '' when it was not."""
    row = await tx.one(HOW_VOIDED, id=id, account_id=account_id)
    return row["voided"] if row else ""


async def add(tx: Tx, change: AddressChange) -> bool:
    """Add a change; False while another one of the account waits."""
    added = await tx.run(
        ADD,
        id=change.id,
        account_id=change.account_id,
        sealed=change.sealed,
        reason=change.reason,
        proposed_by=change.proposed_by,
        proposed_at=change.proposed_at,
        base_version=change.base_version,
        expires_at=change.expires_at,
    )
    return added == 1


async def decide(tx: Tx, id: str) -> bool:
    """Close a change; tell whether it was open."""
    return await tx.run(DECIDE, id=id) == 1


async def void(tx: Tx, account_id: str, why: str) -> bool:
    """Close the change of an account that nobody decided, and keep why; tell whether there was one."""
    return await tx.run(VOID, account_id=account_id, why=why) == 1


async def decide_all(tx: Tx) -> int:
    """Close every change that waits; count them."""
    return await tx.run(DECIDE_ALL)
