"""Adding accounts to the database."""

from web.database import Tx
from web.features.issuance.form import NewAccount
from web.security import audit, tokens
from web.security.vault import Vault
from web.store import accounts, credentials
from web.store.credentials import CredentialKind


async def add(
    tx: Tx, vault: Vault, new: NewAccount, hashes: dict[CredentialKind, str], *, now: int
) -> str:
    """Add an account with its two passwords; give its id.

    Raises sqlite3.IntegrityError when one of the IDs is taken.
    """
    account_id = tokens.new_id()
    await accounts.add(tx, account_id, new.payment_user_id, new.bulk_user_id, new.profile, now=now)
    for kind, password_hash in hashes.items():
        await credentials.add(tx, account_id, kind, password_hash, now=now)
    await audit.record(tx, vault, "account.created", now=now, account_id=account_id)
    return account_id
