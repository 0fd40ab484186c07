"""What is typed into パスワード変更."""

from dataclasses import replace
from functools import cache

from web.fields.field import Field
from web.fields.form import FormSpec
from web.fields.user_id import USER_ID
from web.security import new_password
from web.settings import Settings
from web.steps import current_password

CURRENT = current_password.FIELD
INVALID = (
    "納付利用者IDまたは現在のパスワードが違います。"
    "大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"
)


def new_field(settings: Settings) -> Field:
    """Make the field 新しいパスワード."""
    return new_password.field("new_password", "新しいパスワード", settings)


@cache
def change(settings: Settings) -> FormSpec:
    """Give the form."""
    again = new_password.again_field("new_password_again", "新しいパスワード(確認用)")
    return FormSpec((replace(USER_ID, badge=False), CURRENT, new_field(settings), again))
