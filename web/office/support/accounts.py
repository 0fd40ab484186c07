"""An account as the support desk sees it; unlocking, disabling, enabling it, ending its log-ins."""

import dataclasses
from typing import Any

from web import clock
from web.database import Tx
from web.http.sessions import seconds_unless_ended
from web.mail import messages
from web.mail.messages import Message
from web.security import second_throttle, throttle, tokens
from web.services import Work
from web.steps import log_ins
from web.store import (
    accounts,
    code_apps,
    credentials,
    factor_resets,
    passkeys,
    recovery_codes,
    reset_links,
    retirements,
    sessions,
)
from web.store import audit as audit_rows
from web.store.accounts import Account
from web.store.credentials import CredentialKind
from web.store.sessions import EndedBy

# What happened last: name in the answer, event of the audit trail.
LATEST = {
    "last_login_at": "login.done",
    "last_failure_at": "login.failed",
    "reset_asked_at": "reset.asked",
    "reset_used_at": "reset.used",
    "reset_too_many_at": "reset.too_many",
}


class NoSuchAccount(Exception):
    """No account has this 納付利用者ID."""


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """Who acts, and why; both go into the audit trail."""

    who: str
    reason: str = ""

    async def note(self, tx: Work, event: str, account_id: str | None, **detail: str | int) -> None:
        """Write the act down in the transaction that does it."""
        because = {"reason": self.reason} if self.reason else {}
        await tx.audit(event, account_id, who=self.who, **because, **detail)


async def find(tx: Tx, payment_user_id: str) -> Account:
    """Find an account by its 納付利用者ID in any case. Raises NoSuchAccount."""
    account = await accounts.find_by_payment_id(tx, payment_user_id.strip().upper())
    if account is None:
        raise NoSuchAccount(payment_user_id)
    return account


async def state(tx: Work, payment_user_id: str) -> dict[str, Any]:
    """Say all that the desk needs; no hash, no key."""
    account = await find(tx, payment_user_id)
    facts: dict[str, Any] = account._asdict()
    for kind in CredentialKind:
        credential = await credentials.find(tx, account.id, kind)
        facts[f"{kind}_password_changed_at"] = credential and credential.password_changed_at
        facts[f"{kind}_link_expires_at"] = await reset_links.live_until(tx, account.id, kind)
    changed_at, life = facts["payment_password_changed_at"], tx.settings.password_life_days
    facts["payment_password_ends_at"] = (
        changed_at + life * clock.DAY if changed_at is not None and life else None
    )
    facts["locked"] = await throttle.locked(tx, tx.vault, account.payment_user_id)
    facts["second_locked"] = await second_throttle.locked(tx, tx.vault, account.id)
    facts["apps"] = [each.name for each in await code_apps.of_owner(tx, account.id)]
    facts["passkeys"] = [each.name for each in await passkeys.of_owner(tx, account.id)]
    facts["recovery_codes_left"] = await recovery_codes.left(tx, account.id)
    waiting = await factor_resets.open_of_account(tx, account.id)
    facts["factors_cleared_at"] = waiting and waiting.due_at
    facts["live_sessions"] = len(await _live(tx, account))
    for name, event in LATEST.items():
        facts[name] = await audit_rows.latest_of_account(tx, account.id, event)
    return facts


async def _live(tx: Work, account: Account) -> list[sessions.LogIn]:
    return [
        each
        for each in await sessions.live_of_account(tx, account.id)
        if seconds_unless_ended(tx.services, each, tx.now) > 0
    ]


async def unlock(tx: Work, act: Act, payment_user_id: str) -> bool:
    """Forget the failures that locked an ID; tell whether there were any."""
    account = await find(tx, payment_user_id)
    passwords = await throttle.unlock(tx, tx.vault, account.payment_user_id)
    codes = await second_throttle.unlock(tx, tx.vault, account.id)
    if not (passwords or codes):
        return False
    await act.note(tx, "account.unlocked", account.id)
    return True


async def disable(tx: Work, act: Act, payment_user_id: str) -> bool:
    """Shut an account and mail that; False when it was shut."""
    account = await find(tx, payment_user_id)
    if not await shut(tx, act, account):
        return False
    message = _told(tx, account, "disabled")
    await tx.mail(message, f"disabled:{tokens.new_id()}", account_id=account.id)
    return True


def _told(tx: Work, account: Account, what: str) -> Message:
    ids = (account.payment_user_id, account.bulk_user_id)
    return messages.access(tx.settings, account.admin_email, what, *ids, at=tx.now)


async def shut(tx: Work, act: Act, account: Account) -> bool:
    """Let nobody in: no log-in, no mailed URL, no reset (ASVS 7.4.2); False when it was shut."""
    if account.disabled_at is not None:
        return False
    await accounts.set_disabled(tx, account.id, tx.now)
    await log_ins.end_all(tx, account.id, EndedBy.OFFICE)
    for kind in CredentialKind:
        await reset_links.end(tx, account.id, kind)
    await act.note(tx, "account.disabled", account.id)
    return True


async def enable(tx: Work, act: Act, payment_user_id: str) -> bool:
    """Open an account again; False when it was open, or is retired for good. Ended log-ins and URLs stay ended."""
    account = await find(tx, payment_user_id)
    if account.disabled_at is None or await retirements.retired_at(tx, account.id) is not None:
        return False
    await accounts.set_disabled(tx, account.id, None)
    await act.note(tx, "account.enabled", account.id)
    message = _told(tx, account, "enabled")
    await tx.mail(message, f"enabled:{tokens.new_id()}", account_id=account.id)
    return True


async def end_sessions(tx: Work, act: Act, payment_user_id: str) -> bool:
    """End all log-ins of an account (ASVS 7.4.5); tell whether there were any."""
    account = await find(tx, payment_user_id)
    ended = await log_ins.end_others(tx, account.id, EndedBy.OFFICE)
    if ended:
        await act.note(tx, "sessions.ended", account.id, number=ended)
    return ended > 0
