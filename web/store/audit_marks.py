"""Table audit_marks."""

from dataclasses import dataclass

from web.database import Tx

FIND = "SELECT mark, seq, mac, key_id, seal FROM audit_marks WHERE mark = :mark"
PUT = """
    INSERT INTO audit_marks (mark, seq, mac, key_id, seal)
    VALUES (:mark, :seq, :mac, :key_id, :seal)
    ON CONFLICT (mark) DO UPDATE
       SET seq = excluded.seq, mac = excluded.mac, key_id = excluded.key_id, seal = excluded.seal
"""
# As much work as PUT, and nothing is changed.
TOUCH = "UPDATE audit_marks SET seal = seal WHERE mark = :mark"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the trail begins (the last row removed) or ends (the newest row)."""

    mark: str
    seq: int
    mac: bytes
    key_id: str
    seal: bytes


async def find(tx: Tx, mark: str) -> Mark | None:
    """Find a mark."""
    row = await tx.one(FIND, mark=mark)
    return Mark(**row) if row else None


async def put(tx: Tx, mark: Mark) -> None:
    """Put a mark where it belongs now."""
    tx.defer(PUT, mark=mark.mark, seq=mark.seq, mac=mark.mac, key_id=mark.key_id, seal=mark.seal)


async def touch(tx: Tx, mark: str) -> None:
    """Write a mark where it is."""
    tx.defer(TOUCH, mark=mark)
