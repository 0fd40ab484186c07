"""確認手段の解除: how it ends. An office that is talked into it gives the account away, so its owner has time to object."""

from enum import StrEnum

from web.services import Work
from web.steps import log_ins, second_factor
from web.steps.second_factor import Owner
from web.store import address_confirmations, factor_resets, reset_links
from web.store.credentials import CredentialKind
from web.store.factor_resets import FactorReset, Stoppable
from web.store.sessions import EndedBy

DONE, STOPPED, REFUSED = "done", "stopped", "refused"


class Why(StrEnum):
    """Why one ended that nobody stopped or took back."""

    USED = "used"  # whoever proves a factor has not lost it
    CHANGED = "changed"  # the 利用者情報; an address that the office has just changed would be the one mailed
    SHUT = "shut"
    UNTOLD = "untold"  # the mail did not go out, or late: a thief who keeps the mailbox full leaves no time to object
    EXPIRED = "expired"  # nobody approved it


def why_over(reset: FactorReset, now: int) -> Why | None:
    """Say what has overtaken it; None while it may go on."""
    if reset.proved:
        return Why.USED
    if reset.disabled_at is not None:
        return Why.SHUT
    if reset.profile_version != reset.base_version:
        return Why.CHANGED
    if reset.due_at is None:
        return Why.EXPIRED if now >= reset.expires_at else None
    return Why.UNTOLD if reset.late or (now >= reset.due_at and not reset.told) else None


def _ends(reset: FactorReset, now: int) -> bool:
    over = why_over(reset, now) is not None
    return over or (reset.due_at is not None and now >= reset.due_at)


async def any_to_end(tx: Work) -> bool:
    """Tell whether one is due, or was overtaken."""
    return any(_ends(each, tx.now) for each in await factor_resets.all_open(tx))


async def end_due(tx: Work) -> None:
    """Do those whose time is over; drop what was overtaken."""
    for reset in await factor_resets.all_open(tx):
        why = why_over(reset, tx.now)
        if why:
            await void(tx, reset, why)
        elif _ends(reset, tx.now):
            await _clear(tx, reset)


async def void(tx: Work, reset: FactorReset, why: Why) -> None:
    """End one without doing it."""
    if await factor_resets.end(tx, reset.id, why):
        await tx.audit("factors.voided", reset.account_id, why=why)


async def _clear(tx: Work, reset: FactorReset) -> None:
    """Take every factor away, with every log-in and every mailed URL: whoever comes next begins with the password."""
    if not await factor_resets.end(tx, reset.id, DONE):
        return
    cleared = await second_factor.clear(tx, reset.account_id)
    await log_ins.end_all(tx, reset.account_id, EndedBy.OFFICE)
    for kind in CredentialKind:
        await reset_links.end(tx, reset.account_id, kind)
    await address_confirmations.drop(tx, reset.account_id)
    await tx.audit("factors.cleared", reset.account_id, number=cleared)
    owner = Owner(reset.account_id, reset.payment_user_id, reset.account_id)
    await owner.tell(
        tx,
        "窓口で受け付けたとおり、認証アプリ、パスキー、予備コードをすべて解除しました。"
        "ログイン中の端末は、すべてログアウトしました。",
        once=f"cleared:{reset.id}",
    )


async def stop_of_account(tx: Work, account_id: str) -> None:
    """Stop the one of an account, if its owner is logged in and says that somebody else is at work."""
    reset = await factor_resets.open_of_account(tx, account_id)
    if reset and await factor_resets.end(tx, reset.id, STOPPED):
        await tx.audit("factors.stopped", account_id)


async def stop(tx: Work, found: Stoppable) -> bool:
    """Stop one by its mailed URL; False when it has ended otherwise."""
    if await factor_resets.stopped(tx, found.id):
        return True
    if tx.now >= found.due_at or not await factor_resets.end(tx, found.id, STOPPED):
        return False
    await tx.audit("factors.stopped", found.account_id)
    return True
