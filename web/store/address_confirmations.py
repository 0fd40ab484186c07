"""Table address_confirmations: of an account the newest mailed URL only, so that the one before is dead."""

from dataclasses import dataclass

from web.database import Tx

FIND_BY_KEY = """
    SELECT account_id, id, asked_at, expires_at, confirmed_at
      FROM address_confirmations WHERE key_hash = :key_hash
"""
PUT = """
    INSERT INTO address_confirmations (account_id, id, key_hash, asked_at, expires_at)
    VALUES (:account_id, :id, :key_hash, :asked_at, :expires_at)
    ON CONFLICT (account_id) DO UPDATE
       SET id = excluded.id, key_hash = excluded.key_hash, asked_at = excluded.asked_at,
           expires_at = excluded.expires_at, confirmed_at = NULL
"""
USE = """
    UPDATE address_confirmations SET confirmed_at = :now
     WHERE id = :id AND confirmed_at IS NULL AND expires_at > :now
"""
USED = "SELECT 1 FROM address_confirmations WHERE id = :id AND confirmed_at IS NOT NULL"
DROP = "DELETE FROM address_confirmations WHERE account_id = :account_id"
DROP_ALL = "DELETE FROM address_confirmations WHERE confirmed_at IS NULL"
TIDY = "DELETE FROM address_confirmations WHERE expires_at < :before"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A mailed メールアドレス確認用URL."""

    account_id: str
    id: str
    asked_at: int
    expires_at: int
    confirmed_at: int | None

    def live(self, now: int) -> bool:
        """Tell whether the address can be confirmed with it."""
        return self.confirmed_at is None and now < self.expires_at


async def find_by_key(tx: Tx, key_hash: bytes) -> Confirmation | None:
    """Find the URL by the digest of its key."""
    row = await tx.one(FIND_BY_KEY, key_hash=key_hash)
    return Confirmation(**row) if row else None


async def put(tx: Tx, new: Confirmation, key_hash: bytes) -> None:
    """Put an account's URL in the place of the one before, which is dead from here."""
    await tx.run(
        PUT,
        account_id=new.account_id,
        id=new.id,
        key_hash=key_hash,
        asked_at=new.asked_at,
        expires_at=new.expires_at,
    )


async def use(tx: Tx, id: str) -> bool:
    """Use a URL up; True for exactly one caller, and only while it is live."""
    return await tx.run(USE, id=id) == 1


async def used(tx: Tx, id: str) -> bool:
    """Tell whether a URL has confirmed its address."""
    return await tx.one(USED, id=id) is not None


async def drop(tx: Tx, account_id: str) -> None:
    """Let an account's URL die."""
    tx.defer(DROP, account_id=account_id)


async def drop_all(tx: Tx) -> int:
    """Let every URL die that has not been used; count them."""
    return await tx.run(DROP_ALL)


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove URLs that died long ago."""
    return await tx.run(TIDY, before=before)
