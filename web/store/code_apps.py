"""Table code_apps."""

from dataclasses import dataclass

from web.database import Tx

OF_OWNER = """
    SELECT id, owner_id, name, sealed, key_id, last_step, created_at, used_at
      FROM code_apps WHERE owner_id = :owner_id ORDER BY created_at, id
"""
ADD = """
    INSERT INTO code_apps (id, owner_id, name, sealed, key_id, last_step, created_at)
    VALUES (:id, :owner_id, :name, :sealed, :key_id, :last_step, :now)
"""
USE_STEP = """
    UPDATE code_apps SET last_step = :step, used_at = :now WHERE id = :id AND last_step < :step
"""
RENAME = "UPDATE code_apps SET name = :name WHERE id = :id AND owner_id = :owner_id"
REMOVE = "DELETE FROM code_apps WHERE id = :id AND owner_id = :owner_id"
REMOVE_ALL = "DELETE FROM code_apps WHERE owner_id = :owner_id"
SEALED_BEFORE = """
    SELECT id, sealed FROM code_apps
     WHERE key_id <> :key_id AND id > :after ORDER BY id LIMIT :most
"""
RESEAL = "UPDATE code_apps SET sealed = :sealed, key_id = :key_id WHERE id = :id"


@dataclass(frozen=True, slots=True)
class CodeApp:
    """An app that shows codes."""

    id: str
    owner_id: str
    name: str
    sealed: bytes
    key_id: str
    last_step: int
    created_at: int
    used_at: int | None


async def of_owner(tx: Tx, owner_id: str) -> list[CodeApp]:
    """List the apps of an account or a 担当者, the oldest first."""
    return [CodeApp(**row) for row in await tx.all(OF_OWNER, owner_id=owner_id)]


async def add(
    tx: Tx, id: str, owner_id: str, name: str, sealed: bytes, key_id: str, *, last_step: int
) -> None:
    """Add an app; the code that set it up is used, and so is every one before."""
    values = {"id": id, "owner_id": owner_id, "name": name, "sealed": sealed, "key_id": key_id}
    await tx.run(ADD, **values, last_step=last_step)


async def use_step(tx: Tx, id: str, step: int) -> bool:
    """Use the code of a step up, once; False for one that was used, or is older than one that was."""
    return await tx.run(USE_STEP, id=id, step=step) == 1


async def rename(tx: Tx, id: str, owner_id: str, name: str) -> bool:
    """Give an app another name; False when it is not this owner's."""
    return await tx.run(RENAME, id=id, owner_id=owner_id, name=name) == 1


async def remove(tx: Tx, id: str, owner_id: str) -> bool:
    """Remove an app; False when it is not this owner's."""
    return await tx.run(REMOVE, id=id, owner_id=owner_id) == 1


async def remove_all(tx: Tx, owner_id: str) -> int:
    """Remove every app of an owner; count them."""
    return await tx.run(REMOVE_ALL, owner_id=owner_id)


async def sealed_before(tx: Tx, key_id: str, *, after: str, most: int) -> list[tuple[str, bytes]]:
    """List the next apps whose secret another key sealed, in the order of their ids."""
    rows = await tx.all(SEALED_BEFORE, key_id=key_id, after=after, most=most)
    return [(row["id"], row["sealed"]) for row in rows]


async def reseal(tx: Tx, id: str, sealed: bytes, key_id: str) -> None:
    """Put the same secret in place, sealed by another key."""
    await tx.run(RESEAL, id=id, sealed=sealed, key_id=key_id)
