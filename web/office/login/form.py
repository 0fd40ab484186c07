"""What is typed at 担当者ログイン."""

from web.fields.characters import refuse_hidden
from web.fields.field import Field
from web.fields.form import FormSpec
from web.fields.text import MAX_BYTES, password, refuse_oversize, trim
from web.fields.width import to_half_width
from web.steps.passkeys import Why
from web.steps.second_form import PASSKEY


def _staff_name(typed: str) -> str:
    text = trim(typed)
    refuse_hidden(text)
    refuse_oversize(text)
    return to_half_width(text).lower()


NAME = Field(
    "staff_name", "担当者ID", _staff_name, autocomplete="username", badge=False, longest=MAX_BYTES
)
PASSWORD = Field(
    "password",
    "パスワード",
    password,
    type="password",
    autocomplete="current-password",
    longest=MAX_BYTES,
)
LOG_IN = FormSpec((NAME, PASSWORD, PASSKEY))
# One and the same for every reason (ASVS 6.3.8).
INVALID = "担当者IDまたはパスワードが違います。ご確認のうえ、もう一度入力してください。"
NOT_BY_PASSKEY = {
    Why.REFUSED: (
        "このパスキーではログインできませんでした。担当者IDとパスワードでログインしてください。"
    ),
    Why.STALE: (
        "時間がたったか、すでに使われたため、ログインできませんでした。もう一度「パスキーでログイン」を押してください。"
    ),
}
