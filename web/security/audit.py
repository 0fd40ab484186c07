"""The audit trail: every row carries the HMAC of the row before it and of itself.

Two sealed marks say where it begins and ends: without them somebody could delete rows at either
end and nobody would see it. What this can and cannot show: docs/adr/0019.
"""

import json
from dataclasses import dataclass

from web import log
from web.database import DatabaseUnavailable, Tx
from web.security.vault import Vault
from web.store import audit, audit_marks
from web.store.audit_marks import Mark

HEAD, ANCHOR = "head", "anchor"
_PURPOSE = "audit"
_REMOVED_AT_ONCE = 10_000  # rows; a write must not keep everybody else waiting
EACH_WRITTEN = 20  # of an event and account within the hour; then the 40th, 80th, 160th …
_SHOWN = 16  # hexadecimal digits of a mac that name an end


@dataclass(frozen=True, slots=True)
class _End:
    """The newest row, and the seal of the mark that names it."""

    seq: int
    mac: bytes
    seal: bytes


class Trail:
    """The audit trail, and where this process has left its end: that is not read again for each event."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._key_id = vault.key_id
        self._end: _End | None = None
        self._lost_end = b""  # the seal of an end which nobody can continue any more

    async def missing_key(self, tx: Tx) -> str:
        """Name the key of the end when we do not hold it, as another process does; else ''."""
        return self._missing_key(await audit_marks.find(tx, HEAD))

    def _missing_key(self, head: Mark | None) -> str:
        if head is None or self._vault.holds(head.key_id) or head.seal == self._lost_end:
            return ""
        return head.key_id

    async def begin(self, tx: Tx) -> None:
        """Begin a new key with its server, so that the old one is needed no more where nothing happens for days.

        Behind an end whose key is lost the next row continues nothing, and verify reports it.
        """
        head = await audit_marks.find(tx, HEAD)
        if head is None or head.key_id == self._vault.key_id:
            return
        if sealed(self._vault, head):
            await self._mark(tx, HEAD, head.seq, head.mac)
        elif missing := self._missing_key(head):
            log.event("audit.key_lost", key_id=missing)
            self._lost_end = head.seal

    async def keep_key(self, tx: Tx) -> None:
        """Sign with the key of the end: a new one begins with who serves, or the server that still runs could not go on."""
        head = await audit_marks.find(tx, HEAD)
        if head and self._vault.holds(head.key_id):
            self._key_id = head.key_id

    async def record(
        self, tx: Tx, event: str, /, *, account_id: str | None = None, **detail: str | int
    ) -> None:
        """Append an event in the transaction that causes it; details name fields, never values.

        Raises DatabaseUnavailable when another process has sealed the end with a key that we do not hold.
        """
        text = json.dumps(detail, ensure_ascii=False, sort_keys=True)
        while True:
            end = self._end or await self._find_end(tx)
            row = audit.Row(
                end.seq + 1, tx.now, event, account_id, text, log.request_id.get(),
                self._key_id, b"",
            )  # fmt: skip
            mac = self._vault.sign(_PURPOSE, end.mac + content(row), key_id=self._key_id)
            if await audit.append(tx, row, mac, last_seq=end.seq, last_seal=end.seal):
                break
            # another process has written since, or what was written here was rolled back
            self._end = None
        sealed_here = await self._mark(tx, HEAD, row.seq, mac)
        self._end = _End(row.seq, mac, sealed_here)

    async def _find_end(self, tx: Tx) -> "_End":
        last, head = await audit.last(tx), await audit_marks.find(tx, HEAD)
        if missing := self._missing_key(head):  # a row without it would break the chain for all
            raise DatabaseUnavailable(
                f"MYPAGE_SECRET_KEY: the audit trail goes on under key {missing!r}, which is not held here"
            )
        return _End(
            # a new number even when rows were deleted from the end, so that verify sees that they are gone
            seq=max(last.seq if last else 0, head.seq if head else 0),
            # When the mark of the end was forged, the next row continues nothing, and verify reports it.
            # To continue the forged end would make it look genuine.
            mac=head.mac if head and sealed(self._vault, head) else b"",
            seal=head.seal if head else b"",
        )

    async def trim(self, tx: Tx, *, before: int) -> int:
        """Remove events older than a moment, keeping the last one's mac as the chain's anchor."""
        last = await audit.last_before(tx, at=before, most=_REMOVED_AT_ONCE)
        if last is None:
            return 0
        number = await audit.drop_until(tx, last.seq)
        await self._mark(tx, ANCHOR, last.seq, last.mac)
        await self.record(tx, "audit.trimmed", number=number)
        return number

    async def _mark(self, tx: Tx, mark: str, seq: int, mac: bytes) -> bytes:
        made = self._vault.sign(*_sealing(mark, seq, mac), key_id=self._key_id)
        await audit_marks.put(tx, Mark(mark, seq, mac, self._key_id, made))
        return made


def worth_a_row(number: int) -> bool:
    """Tell whether an event is written down that is the so many-th of its kind within the hour.

    Else somebody who logs in and out as fast as the server hashes fills the disk for years.
    """
    rounds, rest = divmod(number, EACH_WRITTEN)
    return number <= EACH_WRITTEN or (rest == 0 and rounds.bit_count() == 1)


def content(row: audit.Row) -> bytes:
    """Write a row in the one form that its HMAC covers."""
    parts = [row.seq, row.at, row.event, row.account_id, row.detail, row.request_id, row.key_id]
    return json.dumps(parts, ensure_ascii=False).encode()


def fits(vault: Vault, before: bytes, row: audit.Row) -> bool:
    """Tell whether a row is as it was written, behind the row with that mac."""
    return vault.signed_by(row.key_id, _PURPOSE, before + content(row), row.mac)


def sealed(vault: Vault, mark: Mark) -> bool:
    """Tell whether a mark was sealed by us at this place."""
    return vault.signed_by(mark.key_id, *_sealing(mark.mark, mark.seq, mark.mac), mark.seal)


def end_words(seq: int, mac: bytes) -> str:
    """Name an end of the trail, to be noted elsewhere and compared later."""
    return f"{seq}:{mac.hex()[:_SHOWN]}"


def seal(vault: Vault, mark: str, seq: int, mac: bytes) -> bytes:
    """Sign the place of a mark."""
    return vault.sign(*_sealing(mark, seq, mac))


def _sealing(mark: str, seq: int, mac: bytes) -> tuple[str, bytes]:
    return f"{_PURPOSE} {mark}", b"%d:%s" % (seq, mac)
