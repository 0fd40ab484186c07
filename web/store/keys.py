"""Table keys."""

from dataclasses import dataclass

from web.database import Tx

FIND = "SELECT sealed, key_id FROM keys WHERE purpose = :purpose"
PUT = """
    INSERT INTO keys (purpose, sealed, key_id) VALUES (:purpose, :sealed, :key_id)
    ON CONFLICT (purpose) DO UPDATE SET sealed = excluded.sealed, key_id = excluded.key_id
"""


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key, and which secret seals it."""

    sealed: bytes
    key_id: str


async def find(tx: Tx, purpose: str) -> SealedKey | None:
    """Find the key of a purpose."""
    row = await tx.one(FIND, purpose=purpose)
    return SealedKey(**row) if row else None


async def put(tx: Tx, purpose: str, sealed: bytes, key_id: str) -> None:
    """Keep a key, or seal it anew."""
    tx.defer(PUT, purpose=purpose, sealed=sealed, key_id=key_id)
