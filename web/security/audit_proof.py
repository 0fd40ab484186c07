"""Goes through the audit trail from its first row to its last and finds what does not fit."""

from dataclasses import dataclass

from web.database import Tx
from web.security import audit
from web.security.vault import Vault
from web.store import audit as rows
from web.store import audit_marks
from web.store.audit_marks import Mark

_BATCH = 1000  # rows held in memory
_NAMES = {audit.ANCHOR: "beginning", audit.HEAD: "end"}


class Broken(Exception):
    """Something does not fit; the message names the first row, or the mark, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A trail that fits: how many rows, and its end in the words that verify compares."""

    number: int
    end: str


async def verify(tx: Tx, vault: Vault, *, noted: str = "") -> Proved:
    """Recompute every HMAC. `noted`: an end that an earlier run named. Raises Broken."""
    anchor = await _mark(tx, vault, audit.ANCHOR)
    seq, mac = (anchor.seq, anchor.mac) if anchor else (0, b"")
    start, ends = seq, {audit.end_words(seq, mac)}
    while batch := await rows.after(tx, seq, most=_BATCH):
        for row in batch:
            _check(vault, seq, mac, row)
            seq, mac = row.seq, row.mac
            if str(seq) == noted.partition(":")[0]:
                ends.add(audit.end_words(seq, mac))
    await _check_end(tx, vault, seq, mac)
    if noted and noted not in ends:
        raise Broken(f"the end noted as {noted} is not in the trail: cut off, or removed by age")
    return Proved(seq - start, audit.end_words(seq, mac))


def _check(vault: Vault, seq: int, mac: bytes, row: rows.Row) -> None:
    if row.seq != seq + 1:
        raise Broken(f"row {seq + 1}: missing")
    if not vault.holds(row.key_id):
        raise Broken(f"row {row.seq}: {_without(row.key_id)}")
    if not audit.fits(vault, mac, row):
        raise Broken(f"row {row.seq}: changed, or not written by us")


async def _check_end(tx: Tx, vault: Vault, seq: int, mac: bytes) -> None:
    head = await _mark(tx, vault, audit.HEAD)
    if head is None and seq == 0:
        return  # nothing has happened yet
    if head is None:
        raise Broken("the mark of the end is missing")
    if head.seq > seq:
        raise Broken(f"row {seq + 1}: missing; rows were taken off the end")
    if (head.seq, head.mac) != (seq, mac):
        raise Broken(f"row {head.seq + 1}: not written by us")


async def _mark(tx: Tx, vault: Vault, name: str) -> Mark | None:
    mark = await audit_marks.find(tx, name)
    if mark is None:
        return None
    if not vault.holds(mark.key_id):
        raise Broken(f"the mark of the {_NAMES[name]}: {_without(mark.key_id)}")
    if not audit.sealed(vault, mark):
        raise Broken(f"the mark of the {_NAMES[name]}: changed, or not written by us")
    return mark


def _without(key_id: str) -> str:
    return f"sealed with key {key_id!r}, which MYPAGE_SECRET_KEY does not hold"
