"""View second_factors: who has an app that shows codes, or a passkey."""

from dataclasses import dataclass

from web.database import Tx
from web.store import passkeys
from web.store.passkeys import Named

ANY = "SELECT 1 FROM second_factors WHERE owner_id = :owner_id LIMIT 1"
NUMBER = "SELECT COUNT(*) AS number FROM second_factors WHERE owner_id = :owner_id"
MEANS = """
    SELECT EXISTS (SELECT 1 FROM code_apps AS c WHERE c.owner_id = :owner_id) AS app,
           p.credential_id, p.rp_id, p.transports
      FROM (SELECT 1 AS always) AS one LEFT JOIN passkeys AS p ON p.owner_id = :owner_id
     ORDER BY p.created_at, p.id
"""
WITHOUT = """
    SELECT (SELECT COUNT(*) FROM accounts AS a
             WHERE a.disabled_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = a.id)) AS accounts,
           (SELECT COUNT(*) FROM accounts AS a
             WHERE a.disabled_at IS NULL AND a.kind = 'corporate'
               AND NOT EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = a.id)) AS companies,
           (SELECT COUNT(*) FROM staff AS t
             WHERE t.disabled_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = t.id)) AS staff
"""
NEXT_HOLDERS = """
    SELECT a.id, a.payment_user_id, a.kind, a.admin_email,
           EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = a.id) AS second,
           EXISTS (SELECT 1 FROM outbox AS o
                    WHERE o.once_key = 'factor_from:' || a.id || :told) AS told
      FROM accounts AS a WHERE a.id > :after AND a.disabled_at IS NULL ORDER BY a.id LIMIT :most
"""
OWNERS = "SELECT COUNT(DISTINCT owner_id) AS number FROM second_factors"


@dataclass(frozen=True, slots=True)
class Means:
    """What an owner can prove the second factor with: an app or none, and passkeys, the oldest first."""

    app: bool
    passkeys: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """How many may log in and have no second factor; the companies are among the accounts."""

    accounts: int
    companies: int
    staff: int


@dataclass(frozen=True, slots=True)
class Holder:
    """An account that is open: whether it has a second factor, and was told that it needs one."""

    id: str
    payment_user_id: str
    kind: str
    admin_email: str
    second: int
    told: int  # 1 = the mail was written


async def has_any(tx: Tx, owner_id: str) -> bool:
    """Tell whether somebody has a second factor."""
    return await tx.one(ANY, owner_id=owner_id) is not None


async def means(tx: Tx, owner_id: str) -> Means:
    """Find what somebody can prove the second factor with, in one read."""
    rows = await tx.all(MEANS, owner_id=owner_id)
    found = (row for row in rows if row["credential_id"] is not None)
    return Means(bool(rows[0]["app"]), tuple(passkeys.named(row) for row in found))


async def number(tx: Tx, owner_id: str) -> int:
    """Count the apps and passkeys of an owner."""
    row = await tx.one(NUMBER, owner_id=owner_id)
    return int(row["number"]) if row else 0


async def without(tx: Tx) -> Without:
    """Count the accounts and the 担当者 who may log in and have no second factor."""
    row = await tx.one(WITHOUT)
    return Without(**row) if row else Without(0, 0, 0)


async def owners(tx: Tx) -> int:
    """Count the accounts and 担当者 with a second factor."""
    row = await tx.one(OWNERS)
    return int(row["number"]) if row else 0


async def next_holders(tx: Tx, after: str, told: str, *, most: int) -> list[Holder]:
    """List the next open accounts, in the order of their ids; `told` ends the key of the mail."""
    rows = await tx.all(NEXT_HOLDERS, after=after, told=told, most=most)
    return [Holder(**row) for row in rows]
