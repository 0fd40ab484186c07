"""Asking for a パスワード初期化: written down as typed, judged later by a worker.

The answer on screen cannot tell whether ID and address fit, because nobody has looked yet.
"""

from collections.abc import Mapping
from functools import partial

from web import clock, log
from web.fields.email import same_mailbox
from web.mail import messages
from web.security import throttle, tokens
from web.security.vault import NotSealedHere, Vault
from web.services import Services, Work
from web.store import accounts, reset_links, reset_requests
from web.store.accounts import Account
from web.store.credentials import CredentialKind
from web.store.reset_links import Link
from web.store.reset_requests import Request

ROUND = 20
_PURPOSE = "reset request"


def once_key(
    vault: Vault, form_key: str, kind: CredentialKind, user_id: str, admin_email: str
) -> str:
    """Name a request by its form and by what was typed: mended and sent again, it is a new one."""
    content = f"{form_key}\n{kind}\n{user_id}\n{admin_email}"
    return vault.sign(_PURPOSE, content.encode()).hex()[:32]


async def ask(
    tx: Work, once_key: str, kind: CredentialKind, user_id: str, admin_email: str, *, address: str
) -> None:
    """Write a request down; the same once_key again is the same request. Raises TooMany."""
    typed = {"user_id": user_id, "admin_email": admin_email}
    sealed = tx.vault.seal(_PURPOSE, typed, bound_to=once_key)
    if await reset_requests.add(tx, once_key, kind, sealed):
        most = tx.settings.requests_per_network
        await throttle.ask(tx, tx.vault, address, most=most)


async def judge_waiting(services: Services) -> int:
    """Judge every waiting request; give how many there were."""
    waiting = await services.read_one(reset_requests.waiting, most=ROUND)
    for request in waiting:
        typed = _typed(services.vault, request)
        if await services.write(_judge, request, typed) is False:
            log.event("reset.not_mailed", reason="does not fit")
    return len(waiting)


def _typed(vault: Vault, request: Request) -> Mapping[str, str] | None:
    """Open what was typed; None when the secret it was sealed under is gone."""
    try:
        typed: Mapping[str, str] = vault.open(_PURPOSE, request.sealed, bound_to=request.once_key)
    except NotSealedHere as error:
        log.failure("reset.unreadable", error)
        return None
    return typed


async def _judge(tx: Work, request: Request, typed: Mapping[str, str] | None) -> bool | None:
    """Judge a request; False when it does not fit, None when there is nothing to judge."""
    if not await reset_requests.judge(tx, request.once_key) or typed is None:
        return None
    account = await accounts.find_by_payment_id(tx, typed["user_id"])
    fits = (
        account is not None
        and account.disabled_at is None
        and same_mailbox(account.admin_email, typed["admin_email"])
    )
    if account is None or not fits:
        if account is not None:  # its owner reads of it in 操作履歴; whoever asked learns nothing
            await tx.audit_repeated("reset.mismatched", account.id, kind=request.kind)
        return False
    if await _too_many(tx, account, request):
        await tx.audit_repeated("reset.too_many", account.id, kind=request.kind)
    else:
        await _mail_link(tx, account, request)
    return True


async def _too_many(tx: Work, account: Account, request: Request) -> bool:
    return await throttle.used_up(
        partial(reset_links.asked_since, tx, account.id, request.kind),
        request.asked_at,
        hourly=tx.settings.resets_per_hour,
        daily=tx.settings.resets_per_day,
    )


async def _mail_link(tx: Work, account: Account, request: Request) -> None:
    """Mail a new link; it ends the one before."""
    key, kind = tokens.new_link_key(), request.kind
    expires_at = request.asked_at + tx.settings.reset_link_hours * clock.HOUR
    link = Link(tokens.new_id(), account.id, kind, request.asked_at, expires_at, None, None)
    await reset_links.end(tx, account.id, kind)
    await reset_links.add(tx, link, tokens.digest(key))
    # From the settings, never from the request's Host: a forged one must not reach the mail.
    address = f"{tx.settings.base_url}/useridmg/pwdInit{kind.path}/INIT?key={key}"
    message = messages.reset_guide(
        tx.settings, kind, account.admin_email, address, asked_at=request.asked_at
    )
    await tx.mail(message, f"reset_guide:{link.id}", account_id=account.id, expires_at=expires_at)
    await tx.audit("reset.asked", account.id, kind=kind)
