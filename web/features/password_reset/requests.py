"""Asking for a パスワード初期化: written down as typed, judged later by a worker.

The answer on screen cannot tell whether ID and address fit, because nobody has looked yet.
"""

from functools import partial

from web import clock, log
from web.database import Tx
from web.http.services import Services
from web.mail import messages
from web.security import audit, throttle, tokens
from web.security.vault import NotSealedHere, Vault
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
    tx: Tx,
    services: Services,
    once_key: str,
    kind: CredentialKind,
    user_id: str,
    admin_email: str,
    *,
    address: str,
    now: int,
) -> None:
    """Write a request down; the same once_key again is the same request. Raises TooMany."""
    if await reset_requests.exists(tx, once_key, kind):
        return
    most = services.settings.requests_per_network
    await throttle.ask(tx, services.vault, address, most=most, now=now)
    typed = {"user_id": user_id, "admin_email": admin_email}
    sealed = services.vault.seal(_PURPOSE, typed, bound_to=once_key)
    await reset_requests.add(tx, once_key, kind, sealed, now=now)


async def judge_waiting(services: Services) -> int:
    """Judge every waiting request; give how many there were."""
    async with services.database.read() as reads:
        waiting = await reset_requests.waiting(reads, most=ROUND)
    for request in waiting:
        await services.database.write(_judge, services, request, now=clock.now())
    return len(waiting)


async def _judge(tx: Tx, services: Services, request: Request, *, now: int) -> None:
    if not await reset_requests.judge(tx, request.once_key, now=now):
        return
    try:
        typed = services.vault.open(_PURPOSE, request.sealed, bound_to=request.once_key)
    except NotSealedHere as error:  # the secret it was sealed under is gone
        log.failure("reset.unreadable", error)
        return
    account = await accounts.find_by_payment_id(tx, typed["user_id"])
    fits = (
        account is not None
        and account.disabled_at is None
        and account.admin_email == typed["admin_email"]
    )
    if account is None or not fits:
        log.event("reset.not_mailed", reason="does not fit")
        if account is not None:  # its owner reads of it in 操作履歴; whoever asked learns nothing
            await audit.record(
                tx, services.vault, "reset.mismatched",
                now=now, account_id=account.id, kind=request.kind,
            )  # fmt: skip
        return
    if await _too_many(tx, services, account, request):
        await audit.record(
            tx, services.vault, "reset.too_many", now=now, account_id=account.id, kind=request.kind
        )
        return
    await _mail_link(tx, services, account, request, now=now)


async def _too_many(tx: Tx, services: Services, account: Account, request: Request) -> bool:
    return await throttle.used_up(
        partial(reset_links.asked_since, tx, account.id, request.kind),
        request.asked_at,
        hourly=services.settings.resets_per_hour,
        daily=services.settings.resets_per_day,
    )


async def _mail_link(
    tx: Tx, services: Services, account: Account, request: Request, *, now: int
) -> None:
    """Mail a new link; it ends the one before."""
    key, kind = tokens.new_link_key(), request.kind
    expires_at = request.asked_at + services.settings.reset_link_hours * clock.HOUR
    link = Link(tokens.new_id(), account.id, kind, request.asked_at, expires_at, None, None)
    await reset_links.end(tx, account.id, kind, now=now)
    await reset_links.add(tx, link, tokens.digest(key))
    # From the settings, never from the request's Host: a forged one must not reach the mail.
    address = f"{services.settings.base_url}/useridmg/pwdInit{kind.path}/INIT?key={key}"
    message = messages.reset_guide(
        services.settings, kind, account.admin_email, address, asked_at=request.asked_at
    )
    await services.outbox.put(
        tx,
        message,
        once_key=f"reset_guide:{link.id}",
        account_id=account.id,
        expires_at=expires_at,
        now=now,
    )
    await audit.record(tx, services.vault, "reset.asked", now=now, account_id=account.id, kind=kind)
