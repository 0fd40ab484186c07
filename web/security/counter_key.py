"""The key by which counters are found; it stays the same when MYPAGE_SECRET_KEY is replaced.

Otherwise each rotation would forget every lock (docs/adr/0042-counters-have-a-key-of-their-own.md).
"""

import secrets

from web import log
from web.database import Database, Tx
from web.security.vault import NotSealedHere, Vault
from web.store import keys

PURPOSE = "counters"
_LENGTH = 32


async def missing_key(tx: Tx, vault: Vault) -> str:
    """Name the secret that seals the counter key when the vault does not hold it; else ''."""
    found = await keys.find(tx, PURPOSE)
    return found.key_id if found and not vault.holds(found.key_id) else ""


async def load(database: Database, vault: Vault, *, command: bool) -> None:
    """Give the vault its counter key: made when there is none, sealed anew under a new secret.

    A command seals nothing anew: that is left to those who serve.
    """
    async with database.read() as reads:
        found = await keys.find(reads, PURPOSE)
        key = _opened(vault, found.sealed) if found else None
    if found and command:
        vault.count_with(key or secrets.token_bytes(_LENGTH))
        return
    if key is None or found is None or found.key_id != vault.key_id:
        if found and key is None:
            log.event("counters.key_lost")  # its secret is gone, and with it every lock
        key = await database.write(_seal, vault)
    vault.count_with(key)


async def _seal(tx: Tx, vault: Vault) -> bytes:
    found = await keys.find(tx, PURPOSE)  # another process may have made it since
    key = (_opened(vault, found.sealed) if found else None) or secrets.token_bytes(_LENGTH)
    sealed = vault.seal(PURPOSE, key.hex(), bound_to=PURPOSE)
    await keys.put(tx, PURPOSE, sealed, vault.key_id)
    return key


def _opened(vault: Vault, sealed: bytes) -> bytes | None:
    try:
        return bytes.fromhex(vault.open(PURPOSE, sealed, bound_to=PURPOSE))
    except NotSealedHere:
        return None
