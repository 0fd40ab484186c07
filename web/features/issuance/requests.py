"""Asking for a 利用者ID: the address is written down as typed, a worker mails the URL.

The answer on screen cannot tell whether the address is known, because nobody has looked yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from web import clock, log
from web.mail import messages
from web.mail.outbox import mailbox
from web.security import throttle, tokens
from web.security.vault import NotSealedHere, Vault
from web.services import Services, Work
from web.steps.drafts import DraftStore
from web.store import accounts, issuances
from web.store.issuances import Issuance

ROUND = 20
MOST_LISTED = 20
_PURPOSE = "issuance request"
_FLOWS = DraftStore(_PURPOSE)


@dataclass(frozen=True, slots=True)
class _Consent:
    """The owner of the flows of somebody who has agreed and has no account yet."""

    id: str = "agreed"


def new_flow_id(vault: Vault) -> str:
    """Make the id of a flow, which nobody has without 利用規約同意."""
    return _FLOWS.new_flow_id(vault, _Consent())


def agreed(vault: Vault, flow_id: str) -> bool:
    """Tell whether a flow went through 利用規約同意."""
    return _FLOWS.owns_flow(vault, _Consent(), flow_id)


def once_key(vault: Vault, flow_id: str, email: str) -> str:
    """Name a request by its flow and address: mended and sent again, it is a new one."""
    return vault.sign(_PURPOSE, f"{flow_id}\n{email}".encode()).hex()[:32]


async def ask(tx: Work, once_key: str, email: str, *, address: str) -> None:
    """Write a request down; the same once_key again is the same request. Raises TooMany."""
    issuance_id = tokens.new_id()
    sealed = tx.vault.seal(_PURPOSE, {"typed": email}, bound_to=issuance_id)
    expires_at = tx.now + tx.settings.issue_link_hours * clock.HOUR
    issuance = Issuance(issuance_id, sealed, tx.now, expires_at, None, None, None)
    address_mac = tx.vault.count("issuance address", mailbox(email).encode())
    if await issuances.add(tx, issuance, once_key, address_mac):
        await throttle.ask(tx, tx.vault, address, most=tx.settings.requests_per_network)


def _addresses(vault: Vault, issuance: Issuance) -> Mapping[str, str]:
    """Give the address as it was typed, and as the mail went to it; {} when the secret is gone."""
    try:
        content = vault.open(_PURPOSE, issuance.sealed, bound_to=issuance.id)
    except NotSealedHere as error:
        log.failure("issuance.unreadable", error)
        return {}
    # what an older release sealed is the typed one alone
    return {"typed": content} if isinstance(content, str) else content


def email_of(vault: Vault, issuance: Issuance) -> str:
    """Give the address that the mail proves, else the one that was typed; '' when it cannot be read."""
    found = _addresses(vault, issuance)
    return found.get("mailed") or found.get("typed", "")


async def asked_email(services: Services, once_key: str) -> str:
    """Give the address of a request as it was typed; '' for none.

    How it is registered would tell a stranger that it is.
    """
    async with services.read() as reads:
        issuance = await issuances.find_asked(reads, once_key)
    return _addresses(services.vault, issuance).get("typed", "") if issuance else ""


async def judge_waiting(services: Services) -> int:
    """Judge every waiting request; give how many there were."""
    waiting = await services.read_one(issuances.waiting, most=ROUND)
    for issuance in waiting:
        await services.write(_judge, issuance, email_of(services.vault, issuance))
    return len(waiting)


async def _judge(tx: Work, issuance: Issuance, email: str) -> None:
    if not await issuances.judge(tx, issuance.id) or not email:
        return
    if await _too_many(tx, issuance):
        await tx.audit_repeated("issuance.too_many", None)
        return
    await _mail_link(tx, issuance, email)


async def _too_many(tx: Work, issuance: Issuance) -> bool:
    """Keep strangers from filling somebody's mailbox; the URLs that were mailed stay good."""
    return await throttle.used_up(
        partial(issuances.mailed_since, tx, issuance.id),
        issuance.asked_at,
        hourly=tx.settings.issues_per_hour,
        daily=tx.settings.issues_per_day,
    )


async def _mail_link(tx: Work, issuance: Issuance, email: str) -> None:
    """Mail the URL, and to its owner alone which IDs the address has already."""
    key, settings = tokens.new_link_key(), tx.settings
    known = await accounts.of_address(tx, email, most=MOST_LISTED + 1)
    spelled = [registered for _, _, registered in known]
    # A server may tell the case of two mailboxes apart: mail goes, and proves, as registered.
    to = email if email in spelled or not spelled else spelled[0]
    addresses = {"typed": email, "mailed": to}
    sealed = tx.vault.seal(_PURPOSE, addresses, bound_to=issuance.id)
    await issuances.mail(tx, issuance.id, tokens.digest(key), sealed)
    # From the settings, never from the request's Host: a forged one must not reach the mail.
    link = f"{settings.base_url}/useridmg/issue/INIT?key={key}"
    message = messages.issue_guide(
        settings, to, link, [ids[:2] for ids in known[:MOST_LISTED]],
        more=len(known) > MOST_LISTED, asked_at=issuance.asked_at,
    )  # fmt: skip
    await tx.mail(message, f"issue_guide:{issuance.id}", expires_at=issuance.expires_at)
    await tx.audit("issuance.asked")
