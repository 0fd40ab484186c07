"""View second_factors: who has an app that shows codes, or a passkey."""

from web.database import Tx

ANY = "SELECT 1 FROM second_factors WHERE owner_id = :owner_id LIMIT 1"
NUMBER = "SELECT COUNT(*) AS number FROM second_factors WHERE owner_id = :owner_id"
WITHOUT = """
    SELECT (SELECT COUNT(*) FROM accounts AS a
             WHERE a.disabled_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = a.id)) AS accounts,
           (SELECT COUNT(*) FROM staff AS t
             WHERE t.disabled_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = t.id)) AS staff
"""
OWNERS = "SELECT COUNT(DISTINCT owner_id) AS number FROM second_factors"


async def has_any(tx: Tx, owner_id: str) -> bool:
    """Tell whether somebody has a second factor."""
    return await tx.one(ANY, owner_id=owner_id) is not None


async def number(tx: Tx, owner_id: str) -> int:
    """Count the apps and passkeys of an owner."""
    row = await tx.one(NUMBER, owner_id=owner_id)
    return int(row["number"]) if row else 0


async def without(tx: Tx) -> tuple[int, int]:
    """Count the accounts and the 担当者 who may log in and have no second factor."""
    row = await tx.one(WITHOUT)
    return (row["accounts"], row["staff"]) if row else (0, 0)


async def owners(tx: Tx) -> int:
    """Count the accounts and 担当者 with a second factor."""
    row = await tx.one(OWNERS)
    return int(row["number"]) if row else 0
