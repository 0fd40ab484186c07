"""What is typed at log-in."""

from dataclasses import replace

from web.fields.field import Field
from web.fields.form import FormSpec
from web.fields.text import MAX_BYTES, password
from web.fields.user_id import USER_ID
from web.steps.passkeys import Why
from web.steps.second_form import PASSKEY

PASSWORD = Field(
    "password",
    "納付利用者パスワード",
    password,
    type="password",
    autocomplete="current-password",
    longest=MAX_BYTES,
)
LOG_IN = FormSpec((replace(USER_ID, badge=False), PASSWORD, PASSKEY))

# One and the same for every reason (ASVS 6.3.8: no hint which IDs exist).
INVALID = (
    "納付利用者IDまたは納付利用者パスワードが違います。"
    "大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"
)
NOT_BY_PASSKEY = {
    Why.REFUSED: (
        "このパスキーではログインできませんでした。納付利用者IDとパスワードでログインしてください。"
    ),
    Why.STALE: (
        "時間がたったか、すでに使われたため、ログインできませんでした。もう一度「パスキーでログイン」を押してください。"
    ),
}
