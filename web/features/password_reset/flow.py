"""Using a mailed link: opening it consumes nothing; only the posted password does, once."""

from dataclasses import replace

from web import clock
from web.database import Tx
from web.mail import messages
from web.security import new_password, throttle, tokens
from web.security.throttle import Attempt
from web.security.vault import Vault
from web.services import Services, Work
from web.steps import address_proposals, log_ins, receipts, second_step
from web.steps.check_password import PAYMENT, Spent, check_repeat
from web.steps.second_factor import Owner, Proof
from web.steps.second_step import SecondNeeded
from web.store import accounts, credentials, reset_links, second_factors, second_steps
from web.store.accounts import Account
from web.store.credentials import Credential, CredentialKind
from web.store.reset_links import Link
from web.store.sessions import EndedBy

NAME = "password_reset"


class NotAccepted(Exception):
    """The new password may not be set; the message says why."""


async def find(services: Services, key: str, kind: CredentialKind) -> Link | None:
    """Find the link of a mailed key, for the one credential it was made for."""
    spelled = tokens.read_link_key(key)
    if spelled is None:
        return None
    return await services.read_one(reset_links.find_by_key, tokens.digest(spelled), kind)


async def owner(services: Services, link: Link) -> Account:
    """Give the account of a link. Raises Spent when it is gone."""
    account = await services.read_one(accounts.find, link.account_id)
    if account is None or account.disabled_at is not None:
        raise Spent
    return account


def user_id(account: Account, kind: CredentialKind) -> str:
    """Give the ID whose password a link sets."""
    return account.payment_user_id if kind is CredentialKind.PAYMENT else account.bulk_user_id


async def guessable(services: Services, link: Link, typed: str) -> str:
    """Say why a password is too easy to guess for the owner of a link; '' when it is not. Raises Spent.

    For live checks: compared with the stored ones there, three hundred passwords in ten minutes could be tried
    by whoever holds a mailed URL. The submit compares, and sets the password if it is none of them: one try.
    """
    words = new_password.words_of(await owner(services, link))
    return await services.passwords.weakness(typed, words)


def once_of(vault: Vault, link: Link) -> str:
    """Give the once-key of a link's form, the same in every tab; only a live link shows the form."""
    return vault.sign(f"form of {NAME}", link.id.encode()).hex()[:32]


def purpose(link: Link) -> str:
    """Name what a proof of the second factor is good for: this link, and no other."""
    return f"{NAME}:{link.id}"


async def proved(tx: Tx, link: Link, proof: str) -> bool:
    """Tell whether a password may be set by a link: with a second factor, not by the mailbox alone.

    `proof`: what the browser got for a right code.
    """
    if not await second_factors.has_any(tx, link.account_id):
        return True
    step = await second_steps.find(tx, tokens.digest(proof), purpose(link))
    return step is not None and step.owner_id == link.account_id and step.live(tx.now)


async def note_proof(tx: Work, _: Proof, link: Link, owner: Owner) -> str:
    """Write down that the second factor is right; give the value that shows it."""
    return second_step.begin(tx, purpose(link), owner)


async def choose(
    services: Services,
    link: Link,
    account: Account,
    attempt: Attempt,
    new: str,
    once: str,
    *,
    proof: str,
) -> None:
    """Set the password and use the link up; pressed again, find it done.

    Whoever holds a used link, but not its form, has nothing to guess against.
    Raises Spent, NotAccepted, TooMany, SecondNeeded.
    """
    key = once_of(services.vault, link)
    used = link if link.used_at is not None else None
    if used is None:
        try:
            await _use(services, link, account, attempt, new, key, proof)
        except (NotAccepted, Spent):
            # By another press at the same moment? Then the password that it set counts as used, too.
            used = await services.read_one(reset_links.find_used, link.id, link.kind)
            if used is None:
                raise
    if used is not None and once != key:
        raise Spent
    if used is not None:
        await _check_same_press(services, used, attempt, new, key)


async def _use(
    services: Services,
    link: Link,
    account: Account,
    attempt: Attempt,
    new: str,
    key: str,
    proof: str,
) -> None:
    if not link.live(clock.now()):
        raise Spent
    used = await services.read_one(credentials.used, link.account_id, link.kind)
    if not used:
        raise Spent
    words = new_password.words_of(account)
    why_not = await new_password.weakness(services.passwords, new, words=words, used=used)
    if why_not:
        raise NotAccepted(why_not)
    new_hash = await services.passwords.hash(new)
    await services.write(_set, link, account, attempt, new_hash, key, proof)


async def _set(
    tx: Work,
    link: Link,
    account: Account,
    attempt: Attempt,
    new_hash: str,
    key: str,
    proof: str,
) -> None:
    if not await proved(tx, link, proof):
        raise SecondNeeded("")
    if not await reset_links.use(tx, link.id):
        raise Spent
    await credentials.set_password(tx, account.id, link.kind, new_hash)
    await receipts.issue(tx, key, account.id, NAME)
    if link.kind is CredentialKind.PAYMENT:
        await log_ins.end_all(tx, account.id, EndedBy.PASSWORD, device=attempt.device)
        # also the delay after wrong guesses here: it would refuse the same press coming again
        await throttle.forget(tx, attempt)
    await address_proposals.void(tx, account.id, address_proposals.Why.RESET)
    await tx.audit("reset.used", account.id, kind=link.kind)
    message = messages.reset_completed(
        tx.settings, link.kind, account.admin_email, user_id(account, link.kind), at=tx.now
    )
    await tx.mail(message, f"reset_completed:{link.id}", account_id=account.id)


async def _check_same_press(
    services: Services, link: Link, attempt: Attempt, new: str, key: str
) -> None:
    """Let the press that has used the link pass when it comes again. Raises Spent, TooMany."""
    done = await services.read_one(receipts.find, key, link.account_id, NAME)
    if done is None:
        raise Spent  # it was another form that used the link: then nothing is verified

    async def find(tx: Tx, _: str) -> Credential | None:
        return await credentials.find(tx, link.account_id, link.kind)

    async def note_failure(tx: Work, _: Credential, __: bool) -> None:  # noqa: FBT001
        await tx.audit("password.refused", link.account_id, form=NAME)

    stored = replace(PAYMENT, find=find)
    await check_repeat(services, stored, attempt, new, note_failure, set_at=done.created_at)
