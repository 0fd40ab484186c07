"""The audit trail: every row carries the HMAC of the row before it and of itself.

Two sealed marks say where it begins and ends: without them somebody could delete rows at either
end and nobody would see it. What this can and cannot show: docs/adr/0019.
"""

import json

from web import log
from web.database import Tx
from web.security.vault import Vault
from web.store import audit, audit_marks
from web.store.audit_marks import Mark

HEAD, ANCHOR = "head", "anchor"
_PURPOSE = "audit"
_REMOVED_AT_ONCE = 10_000  # rows; a write must not keep everybody else waiting
_SHOWN = 16  # hexadecimal digits of a mac that name an end


async def record(
    tx: Tx, vault: Vault, event: str, *, account_id: str | None = None, **detail: str | int
) -> None:
    """Append an event in the transaction that causes it; details name fields, never values."""
    last, head = await audit.last(tx), await audit_marks.find(tx, HEAD)
    row = audit.Row(
        # a new number even when rows were deleted from the end, so that verify sees that they are gone
        seq=max(last.seq if last else 0, head.seq if head else 0) + 1,
        at=tx.now,
        event=event,
        account_id=account_id,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        request_id=log.request_id.get(),
        key_id=vault.key_id,
        mac=b"",
    )
    # When the mark of the end was forged, this row continues nothing, and verify reports it.
    # To continue the forged end would make it look genuine.
    before = head.mac if head and sealed(vault, head) else b""
    mac = vault.sign(_PURPOSE, before + content(row))
    await audit.append(tx, row, mac)
    await _mark(tx, vault, HEAD, row.seq, mac)


async def trim(tx: Tx, vault: Vault, *, before: int) -> int:
    """Remove events older than a moment, keeping the last one's mac as the chain's anchor."""
    last = await audit.last_before(tx, at=before, most=_REMOVED_AT_ONCE)
    if last is None:
        return 0
    number = await audit.drop_until(tx, last.seq)
    await _mark(tx, vault, ANCHOR, last.seq, last.mac)
    await record(tx, vault, "audit.trimmed", number=number)
    return number


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


async def _mark(tx: Tx, vault: Vault, mark: str, seq: int, mac: bytes) -> None:
    await audit_marks.put(tx, Mark(mark, seq, mac, vault.key_id, seal(vault, mark, seq, mac)))


def _sealing(mark: str, seq: int, mac: bytes) -> tuple[str, bytes]:
    return f"{_PURPOSE} {mark}", b"%d:%s" % (seq, mac)
