"""Failures under IDs that nobody has: counted, and written into the audit trail once an hour.

A row for each would be kept for years: strangers with a list of made-up IDs would fill the disk.
"""

from web.database import Tx
from web.security import audit
from web.security.vault import Vault
from web.store import audit as rows
from web.store import audit_marks, failures
from web.store.audit_marks import Mark

SCOPE = "unknown"
_SUBJECT = b"all"


async def count(tx: Tx, vault: Vault) -> None:
    """Count a failure, at the cost of a row of the trail: else the time would tell which IDs exist."""
    last, head = await rows.last(tx), await audit_marks.find(tx, audit.HEAD)
    vault.sign(SCOPE, (head.mac if head else b"") + (last.mac if last else b""))
    await failures.count(tx, SCOPE, _SUBJECT)
    if head:
        await audit_marks.put(tx, Mark(head.mark, head.seq, head.mac, head.key_id, head.seal))


async def take(tx: Tx) -> int:
    """Give how many there were since it was last asked, and begin anew."""
    number = (await failures.find(tx, SCOPE, _SUBJECT)).number
    await failures.clear(tx, SCOPE, _SUBJECT)
    return number
