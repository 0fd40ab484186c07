"""Table address_changes."""

from dataclasses import dataclass

from web.database import Tx

OPEN_OF_ACCOUNT = """
    SELECT id, account_id, sealed, reason, proposed_by, proposed_at
      FROM address_changes WHERE account_id = :account_id AND decided_at IS NULL
"""
OPEN_ACCOUNTS = """
    SELECT a.id, a.payment_user_id
      FROM address_changes AS c JOIN accounts AS a ON a.id = c.account_id
     WHERE c.decided_at IS NULL ORDER BY c.proposed_at
"""
ADD = """
    INSERT INTO address_changes (id, account_id, sealed, reason, proposed_by, proposed_at)
    VALUES (:id, :account_id, :sealed, :reason, :proposed_by, :proposed_at)
    ON CONFLICT (account_id) WHERE decided_at IS NULL DO NOTHING
"""
DECIDE = "UPDATE address_changes SET decided_at = :now WHERE id = :id AND decided_at IS NULL"

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


async def open_of_account(tx: Tx, account_id: str) -> AddressChange | None:
    """Find the one change of an account that waits."""
    row = await tx.one(OPEN_OF_ACCOUNT, account_id=account_id)
    return AddressChange(**row) if row else None


async def open_accounts(tx: Tx) -> list[tuple[str, str]]:
    """List the accounts whose change waits: id and 納付利用者ID, the oldest first."""
    return [(row["id"], row["payment_user_id"]) for row in await tx.all(OPEN_ACCOUNTS)]


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
    )
    return added == 1


async def decide(tx: Tx, id: str) -> bool:
    """Close a change; tell whether it was open."""
    return await tx.run(DECIDE, id=id) == 1


async def decide_all(tx: Tx) -> int:
    """Close every change that waits; count them."""
    return await tx.run(DECIDE_ALL)
