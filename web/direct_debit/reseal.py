"""Moves what is sealed for years under the newest key, so that an old MYPAGE_SECRET_KEY can go."""

from types import ModuleType

from web import log
from web.database import Tx
from web.direct_debit.details import PURPOSE
from web.security.vault import NotSealedHere, Vault
from web.services import Services
from web.steps import second_factor
from web.store import code_apps, direct_debit_accounts, direct_debit_forms

TABLES = (
    (direct_debit_accounts, PURPOSE),
    (direct_debit_forms, PURPOSE),
    (code_apps, second_factor.PURPOSE),
)
MOST = 200  # rows of one transaction
NAMED = 20  # rows that a line of the log names


async def reseal(services: Services) -> None:
    """Seal anew what an older key sealed; pass over and name the rows that no key opens."""
    for table, purpose in TABLES:
        await _reseal_table(services, table, purpose)


async def _reseal_table(services: Services, table: ModuleType, purpose: str) -> None:
    name = table.__name__.rpartition(".")[2]
    done, unreadable, named, after = 0, 0, list[str](), ""
    while batch := await services.write(_batch, services.vault, table, purpose, after):
        after = batch[-1][0]  # so that no row is met twice, whatever became of it
        passed_over = [row_id for row_id, resealed in batch if not resealed]
        done += len(batch) - len(passed_over)
        unreadable += len(passed_over)
        named = (named + passed_over)[:NAMED]
    if done:
        log.event("direct_debit.resealed", table=name, rows=done)
    if unreadable:
        error, ids = NotSealedHere(purpose), " ".join(named)
        log.failure("direct_debit.unreadable", error, table=name, rows=unreadable, ids=ids)


async def _batch(
    tx: Tx, vault: Vault, table: ModuleType, purpose: str, after: str
) -> list[tuple[str, bool]]:
    """Seal the next rows anew; give their ids in order, and whether each could be."""
    rows = await table.sealed_before(tx, vault.key_id, after=after, most=MOST)
    return [
        (row_id, await _again(tx, vault, table, purpose, row_id, sealed)) for row_id, sealed in rows
    ]


async def _again(
    tx: Tx, vault: Vault, table: ModuleType, purpose: str, row_id: str, sealed: bytes
) -> bool:
    try:
        content = vault.open(purpose, sealed, bound_to=row_id)
    except NotSealedHere:
        return False
    again = vault.seal(purpose, content, bound_to=row_id)
    await table.reseal(tx, row_id, again, vault.key_id)
    return True
