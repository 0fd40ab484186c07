"""Failures under IDs that nobody has: counted, and written into the audit trail once an hour.

A row for each would be kept for years: strangers with a list of made-up IDs would fill the disk.
"""

from web.database import Tx
from web.security import audit
from web.security.vault import Vault
from web.store import audit_marks, failures

SCOPE = "unknown"
_SUBJECT = b"all"


async def count(tx: Tx, vault: Vault) -> None:
    """Count a failure, at the cost of a row of the trail: else the time would tell which IDs exist."""
    vault.sign(SCOPE, vault.sign(SCOPE, _SUBJECT))
    await failures.count(tx, SCOPE, _SUBJECT)
    await audit_marks.touch(tx, audit.HEAD)


async def take(tx: Tx) -> int:
    """Give how many there were since it was last asked, and begin anew."""
    number = (await failures.find(tx, SCOPE, _SUBJECT)).number
    await failures.clear(tx, SCOPE, _SUBJECT)
    return number
