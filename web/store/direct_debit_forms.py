"""Table direct_debit_forms."""

from dataclasses import dataclass
from enum import StrEnum

from web.database import Row, Tx
from web.store.columns import columns

FIND = """
    SELECT id, number, account_id, kind, action, state, version, latest, target_id, receipt_id,
           sealed, key_id, last_digits, reason, made_at, changed_at
      FROM direct_debit_forms WHERE id = :id
"""
FIND_BY_NUMBER = """
    SELECT id, number, account_id, kind, action, state, version, latest, target_id, receipt_id,
           sealed, key_id, last_digits, reason, made_at, changed_at
      FROM direct_debit_forms WHERE number = :number
"""
LATEST = """
    SELECT id, number, account_id, kind, action, state, version, latest, target_id, receipt_id,
           sealed, key_id, last_digits, reason, made_at, changed_at
      FROM direct_debit_forms
     WHERE account_id = :account_id AND latest = 1 AND kind = :kind
     ORDER BY made_at, action
"""
OF_RECEIPT = """
    SELECT id, number, account_id, kind, action, state, version, latest, target_id, receipt_id,
           sealed, key_id, last_digits, reason, made_at, changed_at
      FROM direct_debit_forms WHERE receipt_id = :receipt_id
     ORDER BY action
"""
VERSION = """
    SELECT COALESCE(SUM(version), 0) AS version
      FROM direct_debit_forms WHERE account_id = :account_id AND kind = :kind
"""
FOLLOWED = """
    UPDATE direct_debit_forms SET latest = 0
     WHERE account_id = :account_id AND kind = :kind AND latest = 1
       AND state IN ('approved', 'returned', 'withdrawn')
"""
ADD = """
    INSERT INTO direct_debit_forms (id, number, account_id, kind, action, state, target_id, receipt_id,
                                    sealed, key_id, last_digits, made_at, changed_at)
    VALUES (:id, :number, :account_id, :kind, :action, 'made', :target_id, :receipt_id, :sealed,
            :key_id, :last_digits, :made_at, :changed_at)
"""
MOVE = """
    UPDATE direct_debit_forms
       SET state = :state, version = version + 1, reason = :reason, changed_at = :now
     WHERE id = :id AND version = :version
"""
LEFT_LYING = """
    SELECT id FROM direct_debit_forms WHERE state = 'made' AND changed_at <= :before LIMIT :most
"""
# Those that are decided stay for ever: each state is counted as far as somebody reads the number.
COUNTS = """
      WITH states (state) AS (
           VALUES ('made'), ('received'), ('at_bank'), ('approved'), ('returned'), ('withdrawn'))
    SELECT state, (SELECT COUNT(*) FROM (
                   SELECT 1 FROM direct_debit_forms AS f
                    WHERE f.state = states.state LIMIT :most) AS counted) AS number
      FROM states
"""
WAITING = """
    SELECT f.id, f.number, f.kind, f.action, f.state, f.version, f.reason, f.made_at, f.changed_at,
           f.account_id, a.payment_user_id, a.name
      FROM direct_debit_forms AS f JOIN accounts AS a ON a.id = f.account_id
     WHERE f.state = :state ORDER BY f.changed_at, f.number LIMIT :most
"""
DECIDED = """
    SELECT f.id, f.number, f.kind, f.action, f.state, f.version, f.reason, f.made_at, f.changed_at,
           f.account_id, a.payment_user_id, a.name
      FROM direct_debit_forms AS f JOIN accounts AS a ON a.id = f.account_id
     WHERE f.state = :state ORDER BY f.changed_at DESC, f.number LIMIT :most
"""
SEALED_BEFORE = """
    SELECT id, sealed FROM direct_debit_forms
     WHERE key_id <> :key_id AND id > :after ORDER BY id LIMIT :most
"""
RESEAL = "UPDATE direct_debit_forms SET sealed = :sealed, key_id = :key_id WHERE id = :id"


class Kind(StrEnum):
    """What is paid by direct debit."""

    NATIONAL = "national"
    LOCAL = "local"


class Action(StrEnum):
    """What a 届出書 asks for."""

    NEW = "new"
    CHANGE = "change"
    STOP = "stop"


class State(StrEnum):
    """Where a 届出書 stands."""

    MADE = "made"
    RECEIVED = "received"
    AT_BANK = "at_bank"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


MOST_COUNTED = 10_000
OPEN = frozenset({State.MADE, State.RECEIVED, State.AT_BANK})


@dataclass(frozen=True, slots=True)
class Mark:
    """A 届出書 as far as it tells where things stand."""

    kind: Kind
    action: Action
    state: State
    target_id: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """A 届出書; what it says is sealed."""

    id: str
    number: str
    account_id: str
    kind: Kind
    action: Action
    state: State
    version: int
    latest: int
    target_id: str
    receipt_id: str
    sealed: bytes
    key_id: str
    last_digits: str
    reason: str
    made_at: int
    changed_at: int

    @property
    def open(self) -> bool:
        """Tell whether nobody has decided about it yet."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Listed:
    """A 届出書 in a list of the office, with its owner."""

    id: str
    number: str
    kind: Kind
    action: Action
    state: State
    version: int
    reason: str
    made_at: int
    changed_at: int
    account_id: str
    payment_user_id: str
    name: str


async def find(tx: Tx, id: str) -> Mandate | None:
    """Find a 届出書."""
    row = await tx.one(FIND, id=id)
    return _mandate(row) if row else None


async def find_by_number(tx: Tx, number: str) -> Mandate | None:
    """Find a 届出書 by its 整理番号."""
    row = await tx.one(FIND_BY_NUMBER, number=number)
    return _mandate(row) if row else None


async def latest(tx: Tx, account_id: str, kind: Kind) -> list[Mandate]:
    """List the 届出書 that tell where an account's procedures of a kind stand."""
    return [_mandate(row) for row in await tx.all(LATEST, account_id=account_id, kind=kind)]


async def of_receipt(tx: Tx, receipt_id: str) -> list[Mandate]:
    """List the 届出書 that one 確定 made."""
    return [_mandate(row) for row in await tx.all(OF_RECEIPT, receipt_id=receipt_id)]


async def version(tx: Tx, account_id: str, kind: Kind) -> int:
    """Give a number that every 届出書 and every transition of an account's kind raises."""
    row = await tx.one(VERSION, account_id=account_id, kind=kind)
    return int(row["version"]) if row else 0


async def add(tx: Tx, mandate: Mandate) -> None:
    """Add a 届出書; decided ones of its account and kind no longer tell where things stand."""
    tx.defer(FOLLOWED, account_id=mandate.account_id, kind=mandate.kind)
    await tx.run(ADD, **columns(mandate))


async def counts(tx: Tx) -> dict[State, int]:
    """Count the 届出書 in each state, MOST_COUNTED at most."""
    found = {row["state"]: row["number"] for row in await tx.all(COUNTS, most=MOST_COUNTED)}
    return {state: found[state] for state in State}


async def in_state(tx: Tx, state: State, *, most: int) -> list[Listed]:
    """List 届出書 in a state: those that wait longest, or were decided last, first."""
    if state in OPEN:
        return [_listed(row) for row in await tx.all(WAITING, state=state, most=most)]
    return [_listed(row) for row in await tx.all(DECIDED, state=state, most=most)]


async def move(tx: Tx, id: str, *, version: int, state: State, reason: str = "") -> bool:
    """Move a 届出書 on if it still has that version; tell whether it was done."""
    values = {"version": version, "state": state, "reason": reason}
    return await tx.run(MOVE, id=id, **values) == 1


async def left_lying(tx: Tx, *, before: int, most: int) -> list[str]:
    """List the 届出書, made before a moment, that never arrived."""
    return [str(row["id"]) for row in await tx.all(LEFT_LYING, before=before, most=most)]


async def sealed_before(tx: Tx, key_id: str, *, after: str, most: int) -> list[tuple[str, bytes]]:
    """List 届出書 that are sealed under another key than this one, those behind an id, in order."""
    rows = await tx.all(SEALED_BEFORE, key_id=key_id, after=after, most=most)
    return [(row["id"], row["sealed"]) for row in rows]


async def reseal(tx: Tx, id: str, sealed: bytes, key_id: str) -> None:
    """Replace the seal of a 届出書."""
    tx.defer(RESEAL, id=id, sealed=sealed, key_id=key_id)


def _mandate(row: Row) -> Mandate:
    kind, action, state = Kind(row["kind"]), Action(row["action"]), State(row["state"])
    return Mandate(**{**dict(row), "kind": kind, "action": action, "state": state})


def _listed(row: Row) -> Listed:
    kind, action, state = Kind(row["kind"]), Action(row["action"]), State(row["state"])
    return Listed(**{**dict(row), "kind": kind, "action": action, "state": state})
