"""現在のパスワード, asked again of somebody who is logged in (ASVS 7.5.1, 7.5.3)."""

from web.fields.field import Field
from web.fields.form import Form, FormSpec
from web.fields.text import MAX_BYTES, password
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps.check_password import PAYMENT, Still, WrongPassword, check_password, while_still
from web.store.accounts import Account
from web.store.credentials import Credential

__all__ = ["FIELD", "SPEC", "WRONG", "WrongPassword", "form", "prove", "while_still"]

FIELD = Field(
    "current_password",
    "現在のパスワード",
    password,
    type="password",
    longest=MAX_BYTES,
    autocomplete="current-password",
)
SPEC = FormSpec((FIELD,))
WRONG = "現在のパスワードが違います。大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"


def form(error: str = "") -> Form:
    """Give the empty field, with a message or without."""
    return SPEC.with_errors({}, {FIELD.name: error} if error else {})


async def prove(
    services: Services, signed_in: Account, attempt: Attempt, typed: str, *, asked_by: str
) -> Still:
    """Compare with the 納付利用者パスワード, under log-in's counters. Raises TooMany, WrongPassword.

    A stolen session is no place to try passwords. What is given, the transaction that acts begins with.
    """
    answer = FIELD.check(typed)
    if answer.error:
        raise WrongPassword(answer.error)  # nothing was tried, so nothing is hashed or counted

    async def note_failure(tx: Work, _: Credential, __: bool) -> None:  # noqa: FBT001
        await tx.audit("password.refused", signed_in.id, form=asked_by)

    try:
        checked = await check_password(services, PAYMENT, attempt, typed, note_failure)
    except WrongPassword:
        raise WrongPassword(WRONG) from None
    return PAYMENT.still(attempt, checked, WRONG)
