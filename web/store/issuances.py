"""Table issuances."""

from dataclasses import dataclass

from web.database import Tx
from web.store.topics import Topic

ADD = """
    INSERT INTO issuances (id, once_key, sealed, address_mac, asked_at, expires_at)
    VALUES (:id, :once_key, :sealed, :address_mac, :asked_at, :expires_at)
    ON CONFLICT (once_key) DO NOTHING
"""
FIND_ASKED = """
    SELECT id, sealed, asked_at, expires_at, number, used_at, account_id
      FROM issuances WHERE once_key = :once_key
"""
FIND_BY_KEY = """
    SELECT id, sealed, asked_at, expires_at, number, used_at, account_id
      FROM issuances WHERE key_hash = :key_hash
"""
FIND = """
    SELECT id, sealed, asked_at, expires_at, number, used_at, account_id
      FROM issuances WHERE id = :id
"""
WAITING = """
    SELECT id, sealed, asked_at, expires_at, number, used_at, account_id
      FROM issuances WHERE judged_at IS NULL ORDER BY asked_at LIMIT :most
"""
JUDGE = "UPDATE issuances SET judged_at = :now WHERE id = :id AND judged_at IS NULL"
MAILED_SINCE = """
    SELECT COUNT(*) AS number FROM issuances
     WHERE address_mac = (SELECT address_mac FROM issuances WHERE id = :id)
       AND key_hash IS NOT NULL AND asked_at > :since
"""
MAIL = "UPDATE issuances SET key_hash = :key_hash, sealed = :sealed WHERE id = :id"
HIGHEST = """
    SELECT number FROM issuances WHERE number IS NOT NULL
     ORDER BY LENGTH(number) DESC, number DESC LIMIT 1
"""
RESERVE = "UPDATE issuances SET number = :number WHERE id = :id"
USE = """
    UPDATE issuances SET used_at = :now, account_id = :account_id
     WHERE id = :id AND used_at IS NULL AND expires_at > :now
"""
END_ALL = """
    UPDATE issuances SET judged_at = COALESCE(judged_at, :now), expires_at = :now
     WHERE used_at IS NULL AND expires_at > :now
"""
TIDY = "DELETE FROM issuances WHERE expires_at < :before"


@dataclass(frozen=True, slots=True)
class Issuance:
    """A 利用者ID発行 on its way: asked for, mailed, filled in, done."""

    id: str
    sealed: bytes
    asked_at: int
    expires_at: int
    number: str | None
    used_at: int | None
    account_id: str | None

    def live(self, now: int) -> bool:
        """Tell whether IDs can be issued with it."""
        return self.used_at is None and now < self.expires_at


async def add(tx: Tx, issuance: Issuance, once_key: str, address_mac: bytes) -> bool:
    """Write a request down; False when it is there: the same once_key is the same request."""
    tx.wakes.add(Topic.ISSUANCES)
    added = await tx.run(
        ADD,
        id=issuance.id,
        once_key=once_key,
        sealed=issuance.sealed,
        address_mac=address_mac,
        asked_at=issuance.asked_at,
        expires_at=issuance.expires_at,
    )
    return added == 1


async def find_asked(tx: Tx, once_key: str) -> Issuance | None:
    """Find the request that a press made."""
    row = await tx.one(FIND_ASKED, once_key=once_key)
    return Issuance(**row) if row else None


async def find_by_key(tx: Tx, key_hash: bytes) -> Issuance | None:
    """Find the issuance of a mailed key by its digest."""
    row = await tx.one(FIND_BY_KEY, key_hash=key_hash)
    return Issuance(**row) if row else None


async def find(tx: Tx, id: str) -> Issuance | None:
    """Find an issuance."""
    row = await tx.one(FIND, id=id)
    return Issuance(**row) if row else None


async def waiting(tx: Tx, *, most: int) -> list[Issuance]:
    """List requests nobody has judged, oldest first."""
    return [Issuance(**row) for row in await tx.all(WAITING, most=most)]


async def judge(tx: Tx, id: str) -> bool:
    """Mark a request as judged; tell whether it was still waiting."""
    return await tx.run(JUDGE, id=id) == 1


async def mailed_since(tx: Tx, id: str, *, since: int) -> int:
    """Count the URLs mailed to the address of a request since a moment."""
    row = await tx.one(MAILED_SINCE, id=id, since=since)
    return int(row["number"]) if row else 0


async def mail(tx: Tx, id: str, key_hash: bytes, sealed: bytes) -> None:
    """Give a request the key that its mail carries, and write down where it goes."""
    tx.defer(MAIL, id=id, key_hash=key_hash, sealed=sealed)


async def highest(tx: Tx) -> str:
    """Give the digits of the highest number kept free; '' for none."""
    row = await tx.one(HIGHEST)
    return str(row["number"]) if row else ""


async def reserve(tx: Tx, id: str, number: str) -> None:
    """Keep a number free for an issuance."""
    tx.defer(RESERVE, id=id, number=number)


async def use(tx: Tx, id: str, account_id: str) -> bool:
    """Use an issuance up; True for exactly one caller, and only while it is live."""
    return await tx.run(USE, id=id, account_id=account_id) == 1


async def end_all(tx: Tx) -> int:
    """End every issuance that is under way, mailed or not; count them."""
    return await tx.run(END_ALL)


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove what expired long ago."""
    return await tx.run(TIDY, before=before)
