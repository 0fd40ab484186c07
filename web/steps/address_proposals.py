"""Ends proposals of a new 利用者管理用メールアドレス that are out of date, so that nobody approves them."""

from enum import StrEnum

from web.services import Work
from web.store import address_changes


class Why(StrEnum):
    """Why a proposal ended without a decision."""

    CHANGED = "changed"  # the owner changed the profile or a password, or ended log-ins
    RESET = "reset"  # the owner opened a mailed URL, so the old address is not lost
    EXPIRED = "expired"


async def void(tx: Work, account_id: str, why: Why) -> None:
    """End the proposal of an account, if one waits.

    What the owner does overtakes it: otherwise a proposal made by deceit could be approved over the
    address with which the owner has just answered it.
    """
    if await address_changes.void(tx, account_id, why):
        await tx.audit("address.voided", account_id, why=why)


async def void_expired(tx: Work) -> None:
    """End every proposal that nobody has approved in time."""
    for change in await address_changes.expired(tx):
        await void(tx, change.account_id, Why.EXPIRED)
