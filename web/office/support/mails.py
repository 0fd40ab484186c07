"""Mails as the support desk sees them: whether they were sent, and why not; never what they say."""

from typing import Any

from web.database import Tx
from web.office.support.accounts import Act, find
from web.services import Work
from web.store import listed_mails, outbox
from web.store.listed_mails import Listed, State

DROPPED = "dropped"


class NoSuchMail(Exception):
    """No mail has this id, or nothing of it is left to be sent."""


async def listed(
    tx: Tx, *, payment_user_id: str | None, state: State | None, most: int
) -> list[dict[str, Any]]:
    """List mails, newest first. Raises NoSuchAccount."""
    if payment_user_id:
        account = await find(tx, payment_user_id)
        found = await listed_mails.of_account(tx, account.id, state, most=most)
    else:
        found = await listed_mails.of_all(tx, state, most=most)
    return [
        {
            "id": mail.id,
            "payment_user_id": mail.payment_user_id,
            "about": mail.once_key.partition(":")[0],
            "to": masked(mail.recipient),
            "state": mail.state,
            "reason": mail.last_error,
            "tries": mail.tries,
            "created_at": mail.created_at,
            "next_try_at": mail.next_try_at if mail.state is State.WAITING else None,
            "sent_at": mail.sent_at,
            "dead_at": mail.dead_at,
        }
        for mail in found
    ]


def masked(address: str) -> str:
    """Show enough of an address to see a slip in it; '' once it is erased."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***{at}{domain}" if at else ""


async def retry(tx: Work, act: Act, mail_id: str) -> None:
    """Let a mail that waits or was given up be tried now. Raises NoSuchMail."""
    mail = await _unsent(tx, mail_id)
    if mail.erased:
        raise NoSuchMail(f"{mail_id}: erased, nothing of it is left")
    await outbox.retry(tx, mail.id)
    await act.note(tx, "mail.retried", mail.account_id, mail=mail.id)


async def retry_dead(tx: Work, act: Act, mail_id: str) -> bool:
    """Let a mail that was given up be tried once more; False when it waits, went out or is erased.

    Raises NoSuchMail.
    """
    mail = await _mail(tx, mail_id)
    if mail.sent_at is not None or mail.dead_at is None or mail.erased:
        return False
    await retry(tx, act, mail_id)
    return True


async def drop(tx: Work, act: Act, mail_id: str) -> None:
    """Give a mail up for good, and erase it. Raises NoSuchMail."""
    mail = await _unsent(tx, mail_id)
    if mail.erased:
        return
    await outbox.drop(tx, mail.id, error=DROPPED)
    await act.note(tx, "mail.dropped", mail.account_id, mail=mail.id)


async def _unsent(tx: Tx, mail_id: str) -> Listed:
    mail = await _mail(tx, mail_id)
    if mail.sent_at is not None:
        raise NoSuchMail(f"{mail_id}: sent already, nothing of it is left")
    return mail


async def _mail(tx: Tx, mail_id: str) -> Listed:
    found = await listed_mails.find(tx, mail_id)
    if found is None:
        raise NoSuchMail(f"{mail_id}: no such mail")
    return found
