"""Proposing, approving and taking back a 確認手段の解除."""

from web import clock
from web.database import Tx
from web.http import office_errors
from web.mail import messages
from web.office.two_persons import DoneBefore, NotDone, SamePerson
from web.security import tokens
from web.services import Work
from web.steps import factor_resets as ends
from web.steps.factor_resets import Why
from web.store import accounts, audit, factor_resets, second_factors
from web.store.factor_resets import FactorReset

RECENT = 30 * clock.DAY
# How one ended, for the desk.
ENDED = {
    ends.DONE: "解除しました。",
    ends.STOPPED: "利用者が解除を止めました。第三者からの申込みだったおそれがあります。",
    ends.REFUSED: "担当者が取りやめました。",
    Why.USED: "利用者が確認手段を使用したため、取り消されました。",
    Why.CHANGED: "利用者情報が変更されたため、取り消されました。",
    Why.SHUT: "利用を停止したため、取り消されました。",
    Why.UNTOLD: "利用者へのメールを送信できなかったか、送信が遅れたため、取り消されました。",
    Why.EXPIRED: "期限までに承認されなかったため、取り消されました。",
    "restored": "データの復元により、取り消されました。",
}


class Voided(NotDone):
    """Something has overtaken it."""

    def __init__(self, why: Why) -> None:
        heading, message, next_step = office_errors.RESET_OVER
        super().__init__((heading, message.format(ENDED[why]), next_step))


class NothingToClear(NotDone):
    """The account has no second factor, or is shut."""

    def __init__(self) -> None:
        super().__init__(office_errors.NOTHING_TO_CLEAR)


async def for_the_desk(tx: Tx, since: int) -> list[tuple[str, str, str]]:
    """List those that wait, and what ended since a moment: account, 納付利用者ID, and how it stands."""
    waiting = [
        (each.account_id, each.payment_user_id, _stands(each))
        for each in await factor_resets.all_open(tx)
    ]
    ended = await factor_resets.ended_since(tx, since)
    return waiting + [
        (each.account_id, each.payment_user_id, ENDED[each.how])
        for each in ended
        if each.how != ends.REFUSED  # the desk's own act is no news to it
    ]


def _stands(reset: FactorReset) -> str:
    if reset.due_at is None:
        return "承認を待っています。"
    return f"承認済みです。{clock.mypage_style(reset.due_at)}に解除します。"


async def address_is_new(tx: Tx, account_id: str) -> bool:
    """Tell whether the office has changed the address lately to which the owner is mailed."""
    changed_at = await audit.latest_of_account(tx, account_id, "address.changed")
    return changed_at is not None and changed_at > tx.now - RECENT


async def propose(tx: Work, account_id: str, who: str, reason: str) -> None:
    """Write down who asks and how they were identified. Raises DoneBefore, NothingToClear."""
    account = await accounts.find(tx, account_id)
    if account is None or account.disabled_at is not None:
        raise NothingToClear
    if not await second_factors.has_any(tx, account_id):
        raise NothingToClear
    waiting = await factor_resets.open_of_account(tx, account_id)
    why = ends.why_over(waiting, tx.now) if waiting else None
    if waiting and why:
        await ends.void(tx, waiting, why)
    expires_at = tx.now + tx.settings.proposal_days * clock.DAY
    reset_id = tokens.new_id()
    by = {"reason": reason, "proposed_by": who}
    if not await factor_resets.add(tx, reset_id, account_id, **by, expires_at=expires_at):
        raise DoneBefore
    await tx.audit("factors.proposed", account_id, who=who, reason=reason)


async def approve(tx: Work, account_id: str, who: str, reset_id: str) -> None:
    """Let the time run, and mail the owner the URL that stops it. Raises DoneBefore, Voided, SamePerson."""
    reset = await _seen(tx, account_id, reset_id)
    if reset.proposed_by == who:
        raise SamePerson
    why = ends.why_over(reset, tx.now)
    if why:
        raise Voided(why)
    key, due_at = tokens.new_link_key(), tx.now + tx.settings.factor_reset_hours * clock.HOUR
    if not await factor_resets.approve(tx, reset.id, who, tokens.digest(key), due_at=due_at):
        raise DoneBefore
    await tx.audit("factors.approved", account_id, who=who)
    await _tell(tx, reset, key, due_at)


async def _tell(tx: Work, reset: FactorReset, key: str, due_at: int) -> None:
    """Mail both addresses: whoever reads the one may be the thief. The first decides whether the owner was told."""
    account = await accounts.find(tx, reset.account_id)
    if account is None:
        return
    # From the settings, never from the request's Host: a forged one must not reach the mail.
    link = f"{tx.settings.base_url}/useridmg/factors/stop/INIT?key={key}"
    for to in dict.fromkeys([account.admin_email, account.notice_email or account.admin_email]):
        message = messages.factor_reset(
            tx.settings, to, account.payment_user_id, link, due_at=due_at, at=tx.now
        )
        more = "" if to == account.admin_email else ":notice"
        once_key = f"factor_reset:{reset.id}{more}"
        await tx.mail(message, once_key, account_id=account.id, expires_at=due_at)


async def take_back(tx: Work, account_id: str, who: str, reset_id: str) -> None:
    """Drop one, also while its time runs. Raises DoneBefore."""
    reset = await _seen(tx, account_id, reset_id)
    if not await factor_resets.end(tx, reset.id, ends.REFUSED):
        raise DoneBefore
    await tx.audit("factors.refused", account_id, who=who)


async def _seen(tx: Tx, account_id: str, reset_id: str) -> FactorReset:
    """Find the one that the page showed. Raises DoneBefore."""
    reset = await factor_resets.open_of_account(tx, account_id)
    if reset is None or reset.id != reset_id:
        raise DoneBefore
    return reset
