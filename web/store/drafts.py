"""Table drafts."""

from dataclasses import dataclass

from web.database import Tx
from web.store.columns import columns

ADD = """
    INSERT INTO drafts (id, owner_id, flow, flow_id, checked, base_version, sealed, position,
                        created_at)
    SELECT :id, :owner_id, :flow, :flow_id, :checked, :base_version, :sealed,
           COALESCE(MAX(position), 0) + 1, :created_at
      FROM drafts WHERE owner_id = :owner_id AND flow = :flow AND flow_id = :flow_id
"""
FIND = """
    SELECT id, owner_id, flow, flow_id, checked, base_version, sealed, created_at,
           position
      FROM drafts WHERE id = :id AND owner_id = :owner_id AND flow = :flow
"""
LATEST = """
    SELECT id, owner_id, flow, flow_id, checked, base_version, sealed, created_at,
           position
      FROM drafts WHERE owner_id = :owner_id AND flow = :flow AND flow_id = :flow_id
     ORDER BY position DESC LIMIT 1
"""
# With what came before it in its flow. The newest of what goes is the one that was asked for.
TAKE = """
    DELETE FROM drafts
     WHERE owner_id = :owner_id AND flow = :flow
       AND flow_id = (SELECT one.flow_id FROM drafts AS one
                       WHERE one.id = :id AND one.owner_id = :owner_id AND one.flow = :flow
                         AND one.checked = 1 AND one.created_at > :since)
       AND position <= (SELECT one.position FROM drafts AS one WHERE one.id = :id)
    RETURNING id, owner_id, flow, flow_id, checked, base_version, sealed, created_at, position
"""
DROP_BEYOND = """
    DELETE FROM drafts
     WHERE owner_id = :owner_id AND id <> :newest
       AND id NOT IN (
           SELECT id
             FROM (SELECT id, ROW_NUMBER() OVER newest_first AS place,
                          SUM(LENGTH(sealed)) OVER newest_first AS bytes,
                          SUM(1 - checked) OVER newest_first AS unchecked, checked
                     FROM drafts WHERE owner_id = :owner_id AND id <> :newest
                   WINDOW newest_first AS (ORDER BY created_at DESC, position DESC, id
                                           ROWS UNBOUNDED PRECEDING)) AS others
            WHERE place <= :others AND bytes <= :bytes
              AND (checked = 1 OR unchecked <= :unchecked))
"""
TIDY = "DELETE FROM drafts WHERE created_at < :before"


@dataclass(frozen=True, slots=True)
class Row:
    """A form on its way."""

    id: str
    owner_id: str
    flow: str
    flow_id: str
    checked: int
    base_version: int
    sealed: bytes
    created_at: int
    position: int = 0  # given by the table


async def add(tx: Tx, row: Row) -> None:
    """Add a draft as the newest of its flow."""
    tx.defer(ADD, **columns(row))


async def find(tx: Tx, id: str, owner_id: str, flow: str) -> Row | None:
    """Find an owner's draft."""
    row = await tx.one(FIND, id=id, owner_id=owner_id, flow=flow)
    return Row(**row) if row else None


async def latest(tx: Tx, owner_id: str, flow: str, flow_id: str) -> Row | None:
    """Find the newest draft of a flow."""
    row = await tx.one(LATEST, owner_id=owner_id, flow=flow, flow_id=flow_id)
    return Row(**row) if row else None


async def take(tx: Tx, id: str, owner_id: str, flow: str, *, since: int) -> Row | None:
    """Take a checked draft out of the table, so that it is applied once only, and all before it."""
    rows = await tx.all(TAKE, id=id, owner_id=owner_id, flow=flow, since=since)
    return next((Row(**row) for row in rows if row["id"] == id), None)


async def drop_beyond(
    tx: Tx, owner_id: str, *, newest: str, others: int, bytes: int, unchecked: int
) -> None:
    """Drop an owner's oldest drafts: besides the newest stay so many, of so many bytes, so many unchecked."""
    tx.defer(
        DROP_BEYOND,
        owner_id=owner_id,
        newest=newest,
        others=others,
        bytes=bytes,
        unchecked=unchecked,
    )


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove old drafts."""
    return await tx.run(TIDY, before=before)
