"""Finding an account, all that the support desk needs to see of one, and what it does to it."""

from dataclasses import dataclass
from typing import Any

from web.http.sessions import seconds_unless_ended
from web.mail import messages
from web.office.accounts import form
from web.office.support import accounts as support
from web.office.support import mails
from web.services import Work
from web.store import (
    account_search,
    accounts,
    audit,
    direct_debit_accounts,
    direct_debit_forms,
    reports,
    retirements,
    sessions,
)
from web.store.account_search import Found
from web.store.accounts import Account
from web.store.direct_debit_forms import Kind, Mandate
from web.store.reports import Report
from web.store.sessions import LogIn

MOST = 10  # what a screen shows without scrolling, read while somebody waits on the telephone
LATEST = 20


class DoneBefore(Exception):
    """There was nothing left to do: somebody was quicker, or the button was pressed twice."""


class StillUsed(Exception):
    """A ダイレクト納付口座 is live, or a 届出書 is on its way."""


@dataclass(frozen=True, slots=True)
class View:
    """An account as the desk sees it."""

    account: Account
    facts: dict[str, Any]
    retired_at: int | None
    log_ins: list[LogIn]
    mails: list[dict[str, Any]]
    failures: list[audit.Listed]
    forms: list[Mandate]
    reports: list[Report]


async def search(tx: Work, text: str) -> list[Found]:
    """Find accounts by whatever a caller can say."""
    sought = form.query(text, tx.settings.payment_id_prefix)
    return await account_search.search(tx, sought, most=MOST + 1)


async def view(tx: Work, account: Account) -> View:
    """Collect what is to be seen of an account."""
    user_id = account.payment_user_id
    log_ins = [
        each
        for each in await sessions.live_of_account(tx, account.id)
        if seconds_unless_ended(tx.services, each, tx.now) > 0
    ]
    return View(
        account,
        await support.state(tx, user_id),
        await retirements.retired_at(tx, account.id),
        log_ins,
        await mails.listed(tx, payment_user_id=user_id, state=None, most=LATEST),
        await audit.search(
            tx, account_id=account.id, event="login.failed", since=0, before=tx.now + 1, most=LATEST
        ),
        [each for kind in Kind for each in await direct_debit_forms.latest(tx, account.id, kind)],
        await reports.of_account(tx, account.id),
    )


async def act(tx: Work, account_id: str, what: str, who: str, reason: str) -> None:
    """Do something to an account. Raises DoneBefore, StillUsed, NoSuchAccount."""
    account = await accounts.find(tx, account_id)
    if account is None:
        raise support.NoSuchAccount(account_id)
    by = support.Act(who, reason)
    if not await ACTS[what](tx, by, account.payment_user_id):
        raise DoneBefore


async def retire(tx: Work, by: support.Act, payment_user_id: str) -> bool:
    """Shut an account for good; False when it was. Raises StillUsed.

    Its rows stay, so that nobody else is ever given its IDs.
    """
    account = await support.find(tx, payment_user_id)
    for kind in Kind:
        forms = await direct_debit_forms.latest(tx, account.id, kind)
        live = await direct_debit_accounts.find_live(tx, account.id, kind)
        if live or any(mandate.open for mandate in forms):
            raise StillUsed
    if not await retirements.add(tx, account.id):
        return False
    await support.shut(tx, by, account)
    await by.note(tx, "account.retired", account.id)
    await tx.mail(messages.retired(
            tx.settings, account.admin_email, account.payment_user_id,
            account.bulk_user_id, at=tx.now,
        ), f"retired:{account.id}", account_id=account.id)  # fmt: skip
    return True


ACTS = {
    form.UNLOCK: support.unlock,
    form.END: support.end_sessions,
    form.DISABLE: support.disable,
    form.ENABLE: support.enable,
    form.RETIRE: retire,
}
