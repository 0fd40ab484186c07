"""What is typed into 担当者パスワード変更."""

from functools import cache

from web.fields.form import FormSpec
from web.office.staff import LEAST
from web.security import new_password
from web.settings import Settings
from web.steps import current_password

CURRENT, NEW = current_password.FIELD, "new_password"


def hint(settings: Settings) -> str:
    """Say the rule before anybody types."""
    return f"{new_password.first_hint(settings, low=LEAST)}現在のパスワードも使えません。"


@cache
def change(settings: Settings) -> FormSpec:
    """Give the form."""
    new = new_password.field(NEW, "新しいパスワード", settings, low=LEAST)
    again = new_password.again_field(f"{NEW}_again", "新しいパスワード(確認用)")
    return FormSpec((CURRENT, new, again))
