"""Brings a database up to date; seals the end of an audit trail that an older release did not seal."""

from collections.abc import Callable
from functools import partial

from web.database import Database
from web.security import audit
from web.security.vault import Vault
from web.settings import Settings

UNSEALED = 1  # the schema whose audit trail had no sealed end


async def upgrade(database: Database, settings: Callable[[], Settings]) -> tuple[int, int]:
    """Create the database or bring it up to date. Give old and new version.

    The settings are read only where a seal is needed, and before anything is changed. No other code
    seals an end as it finds it: somebody who deleted rows could otherwise have the new end sealed.

    Raises BadSetting, and what Database.upgrade raises.
    """
    if await database.version() != UNSEALED:
        return await database.upgrade()
    vault = Vault(settings().secret_key)

    functions: dict[str, Callable[..., str | bytes]] = {
        "key_of_seal": lambda: vault.key_id,
        "seal_of_end": partial(audit.seal, vault, audit.HEAD),
    }
    return await database.upgrade(functions=functions)
