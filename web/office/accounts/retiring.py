"""利用者ID廃止: an account is shut for good; its rows stay, and its IDs come back to nobody."""

from web.database import Tx
from web.features.support import accounts as support
from web.http.services import Services
from web.mail import messages
from web.store import direct_debit_accounts, direct_debit_forms, retirements
from web.store.accounts import Account
from web.store.direct_debit_forms import Kind


class StillUsed(Exception):
    """A ダイレクト納付口座 is live, or a 届出書 is on its way."""


async def retire(
    tx: Tx, services: Services, by: support.Act, account: Account, *, now: int
) -> bool:
    """Retire an account; False when it was. Raises StillUsed."""
    for kind in Kind:
        forms = await direct_debit_forms.latest(tx, account.id, kind)
        live = await direct_debit_accounts.find_live(tx, account.id, kind)
        if live or any(form.open for form in forms):
            raise StillUsed
    if not await retirements.add(tx, account.id, now=now):
        return False
    await support.disable(tx, by, account.payment_user_id, now=now)
    await by.note(tx, "account.retired", account.id, now)
    await services.outbox.put(
        tx,
        messages.retired(
            services.settings, account.admin_email, account.payment_user_id,
            account.bulk_user_id, at=now,
        ),
        once_key=f"retired:{account.id}",
        account_id=account.id,
        now=now,
    )  # fmt: skip
    return True
