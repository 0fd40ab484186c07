"""What is typed into パスワード初期化: the request, and the new password."""

from functools import cache

from web.fields.email import email
from web.fields.field import Field
from web.fields.form import FormSpec
from web.fields.user_id import USER_ID
from web.security import new_password
from web.settings import Settings

ADMIN_EMAIL = Field(
    "admin_email", "利用者管理用メールアドレス", email, type="email", autocomplete="email"
)
ASK = FormSpec((USER_ID, ADMIN_EMAIL))


def new_field(settings: Settings) -> Field:
    """Make the field ご希望のパスワード."""
    return new_password.field("new_password", "ご希望のパスワード", settings)


@cache
def choose(settings: Settings) -> FormSpec:
    """Give the form for the new password."""
    again = new_password.again_field("new_password_again", "ご希望のパスワード (確認用)")
    return FormSpec((new_field(settings), again))
