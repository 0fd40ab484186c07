"""The password that 依頼の確認 asks when the 利用者管理用メールアドレス changes."""

from web.fields.field import Field
from web.fields.password import password

PASSWORD = Field(
    "current_password",
    "現在のパスワード",
    password,
    type="password",
    autocomplete="current-password",
)
WRONG_PASSWORD = "現在のパスワードが違います。大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"
