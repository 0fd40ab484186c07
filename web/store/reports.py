"""Table reports."""

from dataclasses import dataclass

from web.database import Tx

OPEN = """
    SELECT r.id, r.number, r.event, r.reported_at, a.payment_user_id, a.name
      FROM reports AS r JOIN accounts AS a ON a.id = r.account_id
     WHERE r.closed_at IS NULL ORDER BY r.reported_at LIMIT :most
"""
OF_ACCOUNT = """
    SELECT id, account_id, number, event, reported_at, closed_at, closed_by, note
      FROM reports WHERE account_id = :account_id ORDER BY reported_at DESC
"""
FIND = """
    SELECT id, account_id, number, event, reported_at, closed_at, closed_by, note
      FROM reports WHERE id = :id
"""
ADD = """
    INSERT INTO reports (id, account_id, number, event, reported_at)
    VALUES (:id, :account_id, :number, :event, :now)
"""
CLOSE = """
    UPDATE reports SET closed_at = :now, closed_by = :who, note = :note
     WHERE id = :id AND closed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Report:
    """An operation that its account's owner disowned, and what came of it."""

    id: str
    account_id: str
    number: str
    event: str
    reported_at: int
    closed_at: int | None
    closed_by: str
    note: str

    @property
    def state(self) -> str:
        """Say how far it has come."""
        return "未対応" if self.closed_at is None else "対応済"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that nobody has closed, as the desk lists it."""

    id: str
    number: str
    event: str
    reported_at: int
    payment_user_id: str
    name: str


async def waiting(tx: Tx, *, most: int) -> list[Waiting]:
    """List what nobody has closed, the oldest first."""
    return [Waiting(**row) for row in await tx.all(OPEN, most=most)]


async def of_account(tx: Tx, account_id: str) -> list[Report]:
    """List an account's reports, newest first."""
    return [Report(**row) for row in await tx.all(OF_ACCOUNT, account_id=account_id)]


async def find(tx: Tx, id: str) -> Report | None:
    """Find a report."""
    row = await tx.one(FIND, id=id)
    return Report(**row) if row else None


async def add(tx: Tx, id: str, account_id: str, number: str, event: str) -> None:
    """Open a report under the id of its receipt."""
    await tx.run(ADD, id=id, account_id=account_id, number=number, event=event)


async def close(tx: Tx, id: str, who: str, note: str) -> bool:
    """Close a report; False when it was."""
    return await tx.run(CLOSE, id=id, who=who, note=note) == 1
