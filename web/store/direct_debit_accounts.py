"""Table direct_debit_accounts."""

from dataclasses import dataclass

from web.database import Tx
from web.store.columns import columns
from web.store.direct_debit_forms import Kind

FIND_LIVE = """
    SELECT id, account_id, kind, sealed, key_id, last_digits, approved_at, ended_at
      FROM direct_debit_accounts
     WHERE account_id = :account_id AND kind = :kind AND ended_at IS NULL
"""
ADD = """
    INSERT INTO direct_debit_accounts (id, account_id, kind, sealed, key_id, last_digits,
                                       approved_at)
    VALUES (:id, :account_id, :kind, :sealed, :key_id, :last_digits, :approved_at)
"""
END = "UPDATE direct_debit_accounts SET ended_at = :now WHERE id = :id AND ended_at IS NULL"
SEALED_BEFORE = """
    SELECT id, sealed FROM direct_debit_accounts
     WHERE key_id <> :key_id AND id > :after ORDER BY id LIMIT :most
"""
RESEAL = "UPDATE direct_debit_accounts SET sealed = :sealed, key_id = :key_id WHERE id = :id"


@dataclass(frozen=True, slots=True)
class DebitAccount:
    """A bank account from which payments are drawn; what it is stays sealed."""

    id: str
    account_id: str
    kind: Kind
    sealed: bytes
    key_id: str
    last_digits: str
    approved_at: int
    ended_at: int | None


async def find_live(tx: Tx, account_id: str, kind: Kind) -> DebitAccount | None:
    """Find the one account of a kind that is 利用可能."""
    row = await tx.one(FIND_LIVE, account_id=account_id, kind=kind)
    return DebitAccount(**{**dict(row), "kind": kind}) if row else None


async def add(tx: Tx, account: DebitAccount) -> None:
    """Add an account. Raises Violated while another of the kind is live."""
    await tx.run(ADD, **columns(account))


async def end(tx: Tx, id: str) -> bool:
    """End an account; tell whether it was live."""
    return await tx.run(END, id=id) == 1


async def sealed_before(tx: Tx, key_id: str, *, after: str, most: int) -> list[tuple[str, bytes]]:
    """List accounts that are sealed under another key than this one, those behind an id, in order."""
    rows = await tx.all(SEALED_BEFORE, key_id=key_id, after=after, most=most)
    return [(row["id"], row["sealed"]) for row in rows]


async def reseal(tx: Tx, id: str, sealed: bytes, key_id: str) -> None:
    """Replace the seal of an account."""
    tx.defer(RESEAL, id=id, sealed=sealed, key_id=key_id)
