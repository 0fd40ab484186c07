"""How a password is checked, at every log-in and wherever else one is asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar

from web import clock
from web.database import Tx
from web.security import pace, throttle, unknown
from web.security.fair_queue import Busy
from web.security.throttle import Ahead, Attempt, TooMany
from web.services import Services, Work
from web.settings import Settings
from web.store import credentials
from web.store.credentials import Credential
from web.store.standings import Standing

REPEATABLE = 10 * clock.MINUTE
P = ParamSpec("P")
T = TypeVar("T")
Still = Callable[[Tx], Awaitable[None]]  # raises WrongPassword


class WrongPassword(Exception):
    """Unknown ID, wrong password, or somebody shut out: never said which.

    A message in it belongs at the field.
    """


class ShutOut(WrongPassword):
    """The password is right, but its owner is shut out: only who knows the password is told, and whom to ask."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            "この納付利用者IDは、現在、利用を停止しています。"
            f"お問い合わせ先（電話：{settings.contact_phone}）までご連絡ください。"
        )


class Spent(Exception):
    """This form was used already, and this is not the same press coming again."""


class Holder(Protocol):
    """Whose password is checked: a row of credentials or of staff."""

    @property
    def owner_id(self) -> str:
        """Name whose devices may try it: an account or a 担当者."""

    @property
    def password_hash(self) -> str:
        """Give the argon2 hash."""

    @property
    def password_changed_at(self) -> int:
        """Give the moment at which the password was set."""

    @property
    def disabled_at(self) -> int | None:
        """Give the moment from which its owner is shut out."""


H = TypeVar("H", bound=Holder)
# Writes a failure into the audit trail: the row, and whether the device is known.
NoteFailure = Callable[[Work, H, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stored(Generic[H]):
    """Where passwords of one kind are stored."""

    kind: str  # of the hashes that unknown IDs are compared with
    find: Callable[[Tx, str], Awaitable[H | None]]  # by the attempt's user_id
    rehash: Callable[[Tx, H, str], Awaitable[None]]

    async def check_unchanged(self, tx: Tx, attempt: Attempt, checked: H) -> None:
        """Read the row again in the transaction that acts on a right password. Raises WrongPassword.

        While a password waits to be hashed, another one may be set, or its owner shut out: whoever
        knows only the old password must not get a session after that.
        """
        if await self.find(tx, attempt.user_id) != checked:
            raise WrongPassword

    def still(self, attempt: Attempt, checked: H, words: str) -> Still:
        """Give what the transaction begins with that acts on a right password, for somebody who is logged in.

        It raises WrongPassword with these words: a thief's form that waits for its hash would otherwise act
        after the owner has set another password.
        """

        async def unchanged(tx: Tx) -> None:
            found = await self.find(tx, attempt.user_id)
            if found is None or _secret(found) != _secret(checked):
                raise WrongPassword(words)

        return unchanged


PAYMENT: Stored[Credential] = Stored(
    Services.PAYMENT, credentials.find_by_payment_id, credentials.rehash
)


async def while_still(
    tx: Work,
    still: Still,
    work: Callable[Concatenate[Work, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Do what a password was asked for, if it still is the password. Raises WrongPassword, and what the work raises."""
    await still(tx)
    return await work(tx, *args, **kwargs)


async def check_password(
    services: Services,
    stored: Stored[H],
    attempt: Attempt,
    typed: str,
    note_failure: NoteFailure[H],
) -> H:
    """Give the row whose password was typed. Raises TooMany, WrongPassword, ShutOut.

    Unknown IDs and shut ones cost the same statements and the same hash as a wrong password, and all
    are refused on a beat. A hash made with outdated parameters is renewed (ASVS 11.2.2).
    """
    with pace.on_a_beat(TooMany, WrongPassword, Busy):
        async with services.tries.one(attempt, typed) as ahead:
            while True:
                found = await services.database.read_one(stored.find, attempt.user_id)
                standing, under_way = await _standing(services, attempt, found, ahead)
                throttle.check(standing, under_way, now=clock.now())
                hashed = (
                    found.password_hash if found else services.dummy(stored.kind, attempt.user_id)
                )
                right = await services.passwords.verify(hashed, typed)
                if not (found and right and found.disabled_at is None):
                    # a right password of somebody shut out counts, too: no tries beside the throttle
                    await services.write(_count_failure, attempt, found, note_failure)
                    raise ShutOut(services.settings) if found and right else WrongPassword
                if not services.passwords.outdated(found.password_hash):
                    return found
                # then check what is stored now: another log-in may have renewed it at the same time
                await services.write(stored.rehash, found, await services.passwords.hash(typed))


async def _standing(
    services: Services, attempt: Attempt, found: H | None, ahead: Callable[[], Ahead]
) -> tuple[Standing, Ahead]:
    """Read what was counted, together with what is under way: a guess that ends meanwhile is in one of them alone."""
    while True:
        under_way = ahead()
        standing = await services.database.read_one(throttle.standing, attempt, _owner(found))
        if ahead() == under_way:
            return standing, under_way


async def _count_failure(
    tx: Work, attempt: Attempt, found: H | None, note_failure: NoteFailure[H]
) -> None:
    standing = await throttle.standing(tx, attempt, _owner(found))
    await throttle.failed(tx, attempt, standing)
    if found is None or not throttle.noted(standing, now=tx.now):
        await unknown.count(tx, tx.vault)
    else:
        await note_failure(tx, found, standing.known)


def _secret(found: Holder) -> tuple[str, int]:
    return found.password_hash, found.password_changed_at


def _owner(found: Holder | None) -> str:
    return found.owner_id if found else ""


async def check_repeat(
    services: Services,
    stored: Stored[H],
    attempt: Attempt,
    new: str,
    note_failure: NoteFailure[H],
    *,
    set_at: int,
) -> None:
    """Let a used form pass if it comes again with the password that it has set. Raises Spent, TooMany.

    `set_at`: when that was. Nothing is verified once the password has been changed again: a used
    form is no place to guess the newer one.
    """

    async def find(tx: Tx, user_id: str) -> H | None:
        found = await stored.find(tx, user_id)
        fits = found is not None and found.password_changed_at == set_at
        if not fits or tx.now >= set_at + REPEATABLE:
            raise Spent
        return found

    try:
        await check_password(services, replace(stored, find=find), attempt, new, note_failure)
    except WrongPassword:
        raise Spent from None
