"""What is typed into パスワード変更."""

from collections.abc import Mapping

from web.fields.field import Field, same_again
from web.fields.form import Form
from web.fields.user_id import USER_ID
from web.security import new_password
from web.settings import Settings
from web.steps import current_password

CURRENT = current_password.FIELD
NAMES = (USER_ID.name, CURRENT.name, "new_password", "new_password_again")

INVALID = (
    "納付利用者IDまたは現在のパスワードが違います。"
    "大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"
)


def new_field(settings: Settings) -> Field:
    """Make the field 新しいパスワード."""
    return new_password.field("new_password", "新しいパスワード", settings)


def again_field() -> Field:
    """Make the field 新しいパスワード(確認用)."""
    return new_password.again_field("new_password_again", "新しいパスワード(確認用)")


def blank(settings: Settings, typed_id: str = "") -> Form:
    """Give the form before anything was judged."""
    fields = (CURRENT, new_field(settings), again_field())
    return Form([USER_ID.blank(typed_id), *(each.blank() for each in fields)])


def parse(settings: Settings, given: Mapping[str, str]) -> Form:
    """Judge what can be judged without looking anybody up."""
    new = new_field(settings).check(given["new_password"])
    again = same_again(new, again_field().check(given["new_password_again"]))
    return Form(
        [USER_ID.check(given["user_id"]), CURRENT.check(given["current_password"]), new, again]
    )


def with_errors(settings: Settings, typed_id: str, errors: Mapping[str, str]) -> Form:
    """Show messages beside the fields; passwords are empty, the ID is kept."""
    blanks = blank(settings, typed_id)
    return Form(
        [blanks[name].refused(errors[name]) if name in errors else blanks[name] for name in NAMES]
    )
