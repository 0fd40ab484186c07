"""Changing the 納付利用者パスワード with the current one."""

from dataclasses import replace
from typing import Any

from web.database import Tx
from web.mail import messages
from web.security import new_password, throttle
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import log_ins, receipts, second_step
from web.steps.check_password import (
    PAYMENT,
    Stored,
    WrongPassword,
    check_password,
    check_repeat,
)
from web.steps.second_factor import Owner, Proof
from web.store import accounts, credentials, reset_links
from web.store.credentials import Credential, CredentialKind
from web.store.receipts import Receipt
from web.store.sessions import EndedBy

NAME = "password_change"


class NotAccepted(Exception):
    """The new password may not be set; the message says why."""


class _Done(Exception):
    """This form has changed the password before."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt)
        self.receipt = receipt


async def change(
    services: Services, attempt: Attempt, current: str, new: str, once: str
) -> Receipt:
    """Change the password; pressed again, find what was done.

    It is a log-in by another door, so it shares log-in's counters (ASVS 6.3.4).
    Raises TooMany, WrongPassword, NotAccepted, Spent, SecondNeeded.
    """
    key = receipts.key_of_form(services.vault, NAME, attempt.user_id, once)

    async def find(tx: Tx, user_id: str) -> Credential | None:
        found = await PAYMENT.find(tx, user_id)
        # Then only: between the two another press of this form may set the new password.
        done = await receipts.find_by_key(tx, key, NAME)
        if done:
            raise _Done(done)
        return found

    stored = replace(PAYMENT, find=find)
    try:
        checked = await check_password(services, stored, attempt, current, _note_failure)
        try:
            new_hash = await _hash(services, checked, new)
        except NotAccepted:
            # used before, if another press of this form has just set it
            await services.read_one(find, attempt.user_id)
            raise
        if checked.second:
            owner = Owner(checked.account_id, attempt.user_id, checked.account_id)
            kept = {"new_hash": new_hash, "key": key}  # sealed: nothing changes before
            raise await second_step.needed(services, stored, attempt, checked, NAME, owner, **kept)
        return await services.write(_set, stored, attempt, checked, new_hash, key)
    except _Done as done:
        set_at = done.receipt.created_at
        await check_repeat(services, PAYMENT, attempt, new, _note_failure, set_at=set_at)
        return done.receipt


async def _hash(services: Services, checked: Credential, new: str) -> str:
    """Judge the new password and hash it. Raises NotAccepted, WrongPassword."""
    account = await services.read_one(accounts.find, checked.account_id)
    used = await services.read_one(credentials.used, checked.account_id, CredentialKind.PAYMENT)
    if account is None:
        raise WrongPassword
    why_not = await new_password.weakness(
        services.passwords,
        new,
        words=new_password.words_of(account),
        used=used,
    )
    if why_not:
        raise NotAccepted(why_not)
    return await services.passwords.hash(new)


async def _note_failure(tx: Work, found: Credential, _: bool) -> None:  # noqa: FBT001
    await tx.audit("password.refused", found.account_id, form=NAME)


async def finish(tx: Work, _: Proof, content: dict[str, Any], attempt: Attempt) -> Receipt:
    """Change the password, once the second factor is right too. Raises Over."""
    found = await second_step.still_right(tx, PAYMENT, attempt, content)
    return await _set(tx, PAYMENT, attempt, found, content["new_hash"], content["key"])


async def _set(
    tx: Work,
    stored: Stored[Credential],
    attempt: Attempt,
    checked: Credential,
    new_hash: str,
    key: str,
) -> Receipt:
    try:
        await PAYMENT.check_unchanged(tx, attempt, checked)
    except WrongPassword:
        await stored.find(tx, attempt.user_id)  # was it another press of this form?
        raise
    account = await accounts.find(tx, checked.account_id)
    if account is None:
        raise WrongPassword
    await credentials.set_password(tx, account.id, CredentialKind.PAYMENT, new_hash)
    await throttle.forget(tx, attempt)
    await log_ins.end_all(tx, account.id, EndedBy.PASSWORD, device=attempt.device)
    await reset_links.end(tx, account.id, CredentialKind.PAYMENT)
    receipt = await receipts.issue(tx, key, account.id, NAME)
    await tx.audit("password.changed", account.id)
    message = messages.password_changed(
        tx.settings, account.admin_email, account.payment_user_id, at=tx.now
    )
    await tx.mail(message, f"password_change:{key}", account_id=account.id)
    return receipt
