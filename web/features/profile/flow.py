"""Changing the 利用者情報: proposed at 次へ, applied once at 確定."""

from collections.abc import Mapping
from functools import partial

from web.fields.form import Form
from web.mail import messages
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import (
    address_proposals,
    current_password,
    email_confirmation,
    profile_form,
    receipts,
    step_up,
)
from web.steps.drafts import AppliedBefore, Conflict, DraftStore, NothingToConfirm
from web.store import accounts, reset_links
from web.store.accounts import Account, Profile
from web.store.credentials import CredentialKind
from web.store.receipts import Receipt
from web.store.sessions import Session

NAME = "profile"
DRAFTS = DraftStore(NAME, profile_form.PROFILE.fields)


def judged(account: Account, given: Mapping[str, str]) -> Form:
    """Judge what was typed; a form that changes nothing is refused as a whole."""
    form = profile_form.PROFILE.parse(given)
    if not form.ok:
        return form
    return form.must_change(changes=profile_form.profile(form.values) != account.profile)


def needs_password(account: Account, new: Profile) -> bool:
    """Tell whether the change must be confirmed by the password, or a code (ASVS 7.5.1).

    Whoever takes over the address takes over the account, by パスワード初期化.
    """
    return new.admin_email != account.admin_email


async def confirm(
    services: Services, current: Session, attempt: Attempt, draft_id: str, typed: Mapping[str, str]
) -> Receipt:
    """Apply the change, once the password or the second factor is checked where needed; a repeat is only read.

    Raises WrongPassword, TooMany and what apply() raises.
    """
    signed_in = current.account
    try:
        draft = await services.read_one(DRAFTS.find, signed_in, draft_id)
    except AppliedBefore as before:
        return before.receipt
    needed = needs_password(signed_in, profile_form.profile(draft.values))
    if needed and current.second:
        who = step_up.asker(current, NAME)
        done = partial(receipts.find, receipt_id=draft_id, account_id=signed_in.id, flow=NAME)
        return await step_up.by_factor(services, who, typed, done, apply, signed_in, draft_id)
    if needed:
        password = typed[current_password.FIELD.name]
        still = await current_password.prove(services, signed_in, attempt, password, asked_by=NAME)
        return await services.write(current_password.while_still, still, apply, signed_in, draft_id)
    return await services.write(apply, signed_in, draft_id)


async def apply(tx: Work, signed_in: Account, draft_id: str) -> Receipt:
    """Apply the change that 依頼の確認 showed; every repeated press finds the same receipt.

    Raises NothingToConfirm, TooOld, Conflict, Shut; then nothing is changed and the draft stays.
    """
    try:
        draft = await DRAFTS.claim(tx, signed_in, draft_id)
    except AppliedBefore as before:
        return before.receipt
    new = profile_form.profile(draft.values)
    account = signed_in  # as it was when the request came; the UPDATE sees whether it still is
    if account.profile_version != draft.base_version:
        raise Conflict
    if new == account.profile:
        raise NothingToConfirm
    if not await accounts.change_profile(tx, account, new):
        await accounts.find_open(tx, account.id)
        raise Conflict
    await address_proposals.void(tx, account.id, address_proposals.Why.CHANGED)
    if new.admin_email != account.admin_email:
        for kind in CredentialKind:
            await reset_links.end(tx, account.id, kind)
    receipt = await receipts.issue(tx, draft_id, account.id, NAME)
    changed = [row.label for row in profile_form.rows(account.profile, new) if row.changed]
    await tx.audit("profile.changed", account.id, items="、".join(changed), number=receipt.number)  # fmt: skip
    await _tell(tx, account, new, receipt, changed)
    return receipt


async def _tell(
    tx: Work, account: Account, new: Profile, receipt: Receipt, changed: list[str]
) -> None:
    """Mail the 利用者管理用メールアドレス, and the old one when it changed (ASVS 6.3.7).

    The mail to a new one brings the URL that confirms it.
    """
    facts = (account.payment_user_id, receipt.number, changed)
    at, moved = receipt.created_at, new.admin_email != account.admin_email
    url = await email_confirmation.new_url(tx, account.id) if moved else None
    message = messages.profile_changed(
        tx.settings, new.admin_email, *facts, at=at, link=url.link if url else ""
    )
    await tx.mail(
        message, f"profile:{receipt.id}:new",
        account_id=account.id, expires_at=url.expires_at if url else None,
    )  # fmt: skip
    if moved:
        message = messages.profile_changed(
            tx.settings, account.admin_email, *facts, at=at, to_old_address=True
        )
        await tx.mail(
            message, f"profile:{receipt.id}:old",
            account_id=account.id, confirmed=bool(account.address_confirmed),
        )  # fmt: skip
