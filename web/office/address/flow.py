"""Replacing a lost address: whoever takes over the address takes over the account, so two decide."""

from dataclasses import replace

from web import clock
from web.database import Tx
from web.http import office_errors
from web.mail import messages
from web.office.two_persons import DoneBefore, NotDone, SamePerson
from web.security import tokens
from web.security.vault import NotSealedHere
from web.services import Services, Work
from web.steps import address_proposals, log_ins, receipts
from web.steps.address_proposals import Why
from web.store import accounts, address_changes, address_confirmations, credentials, reset_links
from web.store.address_changes import AddressChange
from web.store.credentials import CredentialKind
from web.store.sessions import EndedBy

_PURPOSE = "address change"
LABEL = "利用者管理用メールアドレス"
# How a proposal ended that nobody decided.
VOIDED = {
    Why.CHANGED: "利用者が登録内容やパスワードを変更したか、端末をログアウトしたため、承認できなくなりました。",
    Why.RESET: "利用者がパスワードを初期化したため、承認できなくなりました。",
    Why.EXPIRED: "期限までに承認されなかったため、承認できなくなりました。",
}


class Voided(NotDone):
    """It ended without a decision."""

    def __init__(self, why: Why) -> None:
        heading, message, next_step = office_errors.VOIDED
        super().__init__((heading, message.format(VOIDED[why]), next_step))


def new_address(services: Services, change: AddressChange) -> str:
    """Open the address that was proposed; '' when the key it was sealed under is gone."""
    try:
        return str(services.vault.open(_PURPOSE, change.sealed, bound_to=change.id)["address"])
    except NotSealedHere:
        return ""


async def waiting(tx: Tx, account_id: str) -> tuple[AddressChange | None, tuple[str, int] | None]:
    """Give the proposal that can be approved; or, if none waits, how and when the last one ended."""
    change = await address_changes.open_of_account(tx, account_id)
    if change and change.expires_at > tx.now:
        return change, None
    if change:
        return None, (VOIDED[Why.EXPIRED], change.expires_at)
    last = await address_changes.latest_voided(tx, account_id)
    return None, (VOIDED[Why(last[0])], last[1]) if last else None


async def propose(tx: Work, account_id: str, who: str, address: str, reason: str) -> None:
    """Write a new address down for somebody else to approve. Raises DoneBefore."""
    account = await accounts.find(tx, account_id)
    if account is None:
        raise DoneBefore
    waiting = await address_changes.open_of_account(tx, account_id)
    if waiting and waiting.expires_at <= tx.now:
        await address_proposals.void(tx, account_id, Why.EXPIRED)
    change_id, ends = tokens.new_id(), tx.now + tx.settings.proposal_days * clock.DAY
    sealed = tx.vault.seal(_PURPOSE, {"address": address}, bound_to=change_id)
    change = AddressChange(
        change_id, account_id, sealed, reason, who, tx.now, account.profile_version, ends
    )
    if not await address_changes.add(tx, change):
        raise DoneBefore
    await tx.audit("address.proposed", account_id, who=who, reason=reason)


async def take_back(tx: Work, account_id: str, who: str, change_id: str) -> None:
    """Drop a proposal. Raises DoneBefore, Voided."""
    change = await _take(tx, account_id, change_id)
    await tx.audit("address.refused", change.account_id, who=who)


async def approve(tx: Work, account_id: str, who: str, change_id: str) -> None:
    """Replace the address, end log-ins and mailed links, tell both.

    Raises DoneBefore, Voided, SamePerson.
    """
    change = await _take(tx, account_id, change_id)
    account, address = await accounts.find(tx, account_id), new_address(tx.services, change)
    if account is None or not address:
        raise DoneBefore
    if change.proposed_by == who:
        raise SamePerson
    # The owner's own change has ended the proposal already; this holds for whatever forgot to.
    if account.profile_version != change.base_version:
        raise Voided(Why.CHANGED)
    # A new password is looked for here: パスワード変更 has no trip to spare.
    owned = await credentials.find(tx, account_id, CredentialKind.PAYMENT)
    if owned is None or owned.password_changed_at > change.proposed_at:
        raise Voided(Why.CHANGED)
    new = replace(account.profile, admin_email=address)
    # two 担当者 have made sure whose it is
    if not await accounts.change_profile(tx, account, new, confirmed=True):
        raise Voided(Why.CHANGED)
    await address_confirmations.drop(tx, account.id)
    await log_ins.end_all(tx, account.id, EndedBy.OFFICE)
    for kind in CredentialKind:
        await reset_links.end(tx, account.id, kind)
    receipt = await receipts.issue(tx, change.id, account.id, "address")
    await tx.audit("address.changed", account.id, who=who, items=LABEL, number=receipt.number)  # fmt: skip
    for to in dict.fromkeys([new.admin_email, account.admin_email]):
        old = to != new.admin_email
        message = messages.profile_changed(
            tx.settings, to, account.payment_user_id, receipt.number, [LABEL],
            at=tx.now, to_old_address=old,
        )  # fmt: skip
        await tx.mail(message, f"profile:{change.id}:{'old' if old else 'new'}", account_id=account.id, confirmed=bool(account.address_confirmed) if old else None)  # fmt: skip


async def _take(tx: Tx, account_id: str, change_id: str) -> AddressChange:
    change = await address_changes.open_of_account(tx, account_id)
    if change is None or change.id != change_id:
        why = await address_changes.how_voided(tx, account_id, change_id)
        if why:
            raise Voided(Why(why))
        raise DoneBefore  # decided, or another one than was seen
    if change.expires_at <= tx.now:
        raise Voided(Why.EXPIRED)
    if not await address_changes.decide(tx, change.id):
        raise DoneBefore
    return change
