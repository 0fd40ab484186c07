"""Moves what is sealed for years under the newest key, so that an old MYPAGE_SECRET_KEY can go."""

from web.database import Tx
from web.direct_debit.details import PURPOSE
from web.http.services import Services
from web.store import direct_debit_accounts, direct_debit_forms

MOST = 200  # rows of one transaction


async def reseal(tx: Tx, services: Services) -> int:
    """Seal anew what an older key sealed; count the rows."""
    vault, done = services.vault, 0
    for table in (direct_debit_accounts, direct_debit_forms):
        for row_id, sealed in await table.sealed_before(tx, vault.key_id, most=MOST):
            content = vault.open(PURPOSE, sealed, bound_to=row_id)
            again = vault.seal(PURPOSE, content, bound_to=row_id)
            await table.reseal(tx, row_id, again, vault.key_id)
            done += 1
    return done
