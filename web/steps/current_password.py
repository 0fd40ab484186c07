"""現在のパスワード, asked again of somebody who is logged in (ASVS 7.5.1, 7.5.3)."""

from collections.abc import Awaitable, Callable, Mapping

from web.database import Tx
from web.fields.field import Field
from web.fields.form import Form
from web.fields.text import password
from web.security import throttle
from web.security.throttle import Attempt
from web.services import Services, Work
from web.store import credentials
from web.store.accounts import Account
from web.store.credentials import CredentialKind

Stored = Callable[[Tx], Awaitable[str | None]]
FIELD = Field(
    "current_password",
    "現在のパスワード",
    password,
    type="password",
    autocomplete="current-password",
)
WRONG = "現在のパスワードが違います。大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"


class WrongPassword(Exception):
    """The current password is missing or wrong; the message belongs at the field."""


def form(error: str = "") -> Form:
    """Give the empty field, with a message or without."""
    blank = FIELD.blank()
    return Form([blank.refused(error) if error else blank])


async def prove(
    services: Services, signed_in: Account, attempt: Attempt, typed: str, *, asked_by: str
) -> None:
    """Compare with the 納付利用者パスワード, under log-in's counters. Raises TooMany, WrongPassword.

    A stolen session is no place to try passwords.
    """

    async def stored(reads: Tx) -> str | None:
        credential = await credentials.find(reads, signed_in.id, CredentialKind.PAYMENT)
        return credential.password_hash if credential else None

    noted = {"account_id": signed_in.id, "form": asked_by}
    await compare(services, attempt, typed, stored, noted)


async def compare(
    services: Services,
    attempt: Attempt,
    typed: str,
    stored: Stored,
    noted: Mapping[str, str],
) -> None:
    """Compare with the hash that `stored` finds; note with these details where it was wrong.

    Raises TooMany, WrongPassword.
    """
    answer = FIELD.check(typed)
    if answer.error:
        raise WrongPassword(answer.error)  # nothing was tried, so nothing is hashed or counted
    with services.tries.one(attempt, typed) as ahead:
        async with services.read() as reads:
            await throttle.check(reads, attempt, ahead)
            hashed = await stored(reads)
        if not await services.passwords.verify(hashed, typed):
            await services.write(_note_refusal, attempt, noted)
            raise WrongPassword(WRONG)


async def _note_refusal(tx: Work, attempt: Attempt, noted: Mapping[str, str]) -> None:
    await throttle.failed(tx, attempt)
    await tx.audit("password.refused", **noted)
