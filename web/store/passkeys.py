"""Table passkeys."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from web.database import Row, Tx
from web.store.columns import columns

OF_OWNER = """
    SELECT id, owner_id, credential_id, public_key, rp_id, name, transports, aaguid, counter,
           synced, backed_up, created_at, used_at
      FROM passkeys WHERE owner_id = :owner_id ORDER BY created_at, id
"""
FIND = """
    SELECT id, owner_id, credential_id, public_key, rp_id, name, transports, aaguid, counter,
           synced, backed_up, created_at, used_at
      FROM passkeys WHERE credential_id = :credential_id
"""
ADD = """
    INSERT INTO passkeys (id, owner_id, credential_id, public_key, rp_id, name, transports, aaguid,
                          counter, synced, backed_up, created_at)
    VALUES (:id, :owner_id, :credential_id, :public_key, :rp_id, :name, :transports, :aaguid,
            :counter, :synced, :backed_up, :now)
    ON CONFLICT (credential_id) DO NOTHING
"""
USE = """
    UPDATE passkeys SET counter = :counter, backed_up = :backed_up, used_at = :now
     WHERE id = :id AND owner_id = :owner_id
       AND (counter < :counter OR (counter = 0 AND :counter = 0))
"""
RENAME = "UPDATE passkeys SET name = :name WHERE id = :id AND owner_id = :owner_id"
REMOVE = "DELETE FROM passkeys WHERE id = :id AND owner_id = :owner_id"
REMOVE_ALL = "DELETE FROM passkeys WHERE owner_id = :owner_id"


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key that a device keeps for its owner."""

    id: str
    owner_id: str
    credential_id: bytes
    public_key: bytes
    rp_id: str
    name: str
    transports: tuple[str, ...]
    aaguid: str
    counter: int
    synced: bool
    backed_up: bool
    created_at: int
    used_at: int | None


class Named(NamedTuple):
    """What a page that asks for a passkey says of it."""

    credential_id: bytes
    rp_id: str
    transports: tuple[str, ...]


def named(row: Row) -> Named:
    """Read that much of a row."""
    return Named(row["credential_id"], row["rp_id"], _transports(row))


def _transports(row: Row) -> tuple[str, ...]:
    return tuple(part for part in row["transports"].split(",") if part)


def _of(row: Row) -> Passkey:
    values: dict[str, Any] = dict(row)
    values["transports"] = _transports(row)
    for flag in ("synced", "backed_up"):
        values[flag] = bool(values[flag])
    return Passkey(**values)


async def of_owner(tx: Tx, owner_id: str) -> list[Passkey]:
    """List the passkeys of an account or a 担当者, the oldest first."""
    return [_of(row) for row in await tx.all(OF_OWNER, owner_id=owner_id)]


async def find(tx: Tx, credential_id: bytes) -> Passkey | None:
    """Find a passkey by what its authenticator calls it."""
    row = await tx.one(FIND, credential_id=credential_id)
    return _of(row) if row else None


async def add(tx: Tx, passkey: Passkey) -> bool:
    """Add a passkey that is made now; False when somebody has it already."""
    values = columns(passkey)
    del values["created_at"], values["used_at"]
    return await tx.run(ADD, **{**values, "transports": ",".join(passkey.transports)}) == 1


async def use(tx: Tx, passkey: Passkey, counter: int, *, backed_up: bool) -> bool:
    """Note a use; False when it was removed, or its counter did not rise: there is a copy of the key."""
    values = {"id": passkey.id, "owner_id": passkey.owner_id}
    return await tx.run(USE, **values, counter=counter, backed_up=backed_up) == 1


async def rename(tx: Tx, id: str, owner_id: str, name: str) -> bool:
    """Give a passkey another name; False when it is not this owner's."""
    return await tx.run(RENAME, id=id, owner_id=owner_id, name=name) == 1


async def remove(tx: Tx, id: str, owner_id: str) -> bool:
    """Remove a passkey; False when it is not this owner's."""
    return await tx.run(REMOVE, id=id, owner_id=owner_id) == 1


async def remove_all(tx: Tx, owner_id: str) -> int:
    """Remove every passkey of an owner; count them."""
    return await tx.run(REMOVE_ALL, owner_id=owner_id)
