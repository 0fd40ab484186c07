"""Goes through the audit trail from its first row to its last and finds what does not fit."""

from collections.abc import Collection
from dataclasses import dataclass

from web import clock
from web.database import Tx
from web.security import audit
from web.security.vault import Vault
from web.store import audit as rows
from web.store import audit_marks, audit_witnesses
from web.store.audit_marks import Mark

_BATCH = 1000  # rows held in memory
_SET = 1  # times of 0 are those of what never happened
_NAMES = {audit.ANCHOR: "beginning", audit.HEAD: "end"}


class Broken(Exception):
    """Something does not fit; the message names the first row, or the mark, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A trail that fits: how many rows, its end in words, and how many noted ends lie in it."""

    number: int
    end: str
    compared: int


async def verify(tx: Tx, vault: Vault, *, noted: Collection[str] = ()) -> Proved:
    """Recompute every HMAC, and look for each end that was noted earlier. Raises Broken.

    What was noted of rows that age has removed meanwhile cannot be compared, and is not counted.
    """
    anchor = await _mark(tx, vault, audit.ANCHOR)
    seq, mac = (anchor.seq, anchor.mac) if anchor else (0, b"")
    start, ends = seq, {audit.end_words(seq, mac)}
    wanted = sorted({end for end in noted if _number(end) >= start}, key=_number)
    sought = {_number(end) for end in wanted}
    while batch := await rows.after(tx, seq, most=_BATCH):
        for row in batch:
            _check(vault, seq, mac, row)
            seq, mac = row.seq, row.mac
            if seq in sought:
                ends.add(audit.end_words(seq, mac))
    await _check_end(tx, vault, seq, mac)
    await _check_witnesses(tx, trimmed=anchor is not None)
    for end in wanted:
        if end not in ends:
            raise Broken(
                f"the end noted as {end} is not in the trail: rows were cut off or replaced"
            )
    return Proved(seq - start, audit.end_words(seq, mac), len(wanted))


async def verify_end(tx: Tx, vault: Vault) -> str:
    """Look at the end alone, in a moment however long the trail is; give its words. Raises Broken."""
    last, anchor = await rows.last(tx), await _mark(tx, vault, audit.ANCHOR)
    found = last or anchor
    seq, mac = (found.seq, found.mac) if found else (0, b"")
    await _check_end(tx, vault, seq, mac)
    await _check_witnesses(tx, trimmed=anchor is not None)
    return audit.end_words(seq, mac)


def _number(end: str) -> int:
    return int(end.partition(":")[0])


async def _check_witnesses(tx: Tx, *, trimmed: bool) -> None:
    """Find a cut by what it forgot: rows elsewhere whose event is no longer in the trail.

    An older mark of the end, put back with the rows behind it deleted, fits its seal: the marks of
    before lie in the WAL and in backups. What is recorded afterwards lies at later times, so the gap stays.
    """
    first = await audit_witnesses.first_at(tx) if trimmed else None
    found = await audit_witnesses.without_event(tx, since=first or _SET)
    if found:
        raise Broken(
            f"{found.held}: a row of {clock.iso_utc(found.at)} has no event in the trail: events were cut off"
        )


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
