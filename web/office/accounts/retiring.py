"""利用者ID廃止: an account is shut for good; its rows stay, and its IDs come back to nobody."""

from web.mail import messages
from web.office.support import accounts as support
from web.services import Work
from web.store import direct_debit_accounts, direct_debit_forms, retirements
from web.store.accounts import Account
from web.store.direct_debit_forms import Kind


class StillUsed(Exception):
    """A ダイレクト納付口座 is live, or a 届出書 is on its way."""


async def retire(tx: Work, by: support.Act, account: Account) -> bool:
    """Retire an account; False when it was. Raises StillUsed."""
    for kind in Kind:
        forms = await direct_debit_forms.latest(tx, account.id, kind)
        live = await direct_debit_accounts.find_live(tx, account.id, kind)
        if live or any(form.open for form in forms):
            raise StillUsed
    if not await retirements.add(tx, account.id):
        return False
    await support.disable(tx, by, account.payment_user_id)
    await by.note(tx, "account.retired", account.id)
    await tx.mail(messages.retired(
            tx.settings, account.admin_email, account.payment_user_id,
            account.bulk_user_id, at=tx.now,
        ), f"retired:{account.id}", account_id=account.id)  # fmt: skip
    return True
