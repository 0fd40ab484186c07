"""The audit trail: every row carries the HMAC of the row before it and of itself."""

import json

from web import log
from web.database import Tx
from web.security.vault import Vault
from web.store import audit

_PURPOSE = "audit"


async def record(
    tx: Tx,
    vault: Vault,
    event: str,
    *,
    now: int,
    account_id: str | None = None,
    **detail: str | int,
) -> None:
    """Append an event in the transaction that causes it; details name fields, never values."""
    last = await audit.last(tx)
    row = audit.Row(
        seq=last.seq + 1 if last else 1,
        at=now,
        event=event,
        account_id=account_id,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        request_id=log.request_id.get(),
        key_id=vault.key_id,
        mac=b"",
    )
    mac = vault.sign(_PURPOSE, (last.mac if last else b"") + content(row))
    await audit.append(tx, row, mac)


def content(row: audit.Row) -> bytes:
    """Write a row in the one form that its HMAC covers."""
    parts = [row.seq, row.at, row.event, row.account_id, row.detail, row.request_id, row.key_id]
    return json.dumps(parts, ensure_ascii=False).encode()
