"""What is typed at log-in."""

from collections.abc import Mapping

from web.fields.field import Field
from web.fields.form import Form
from web.fields.text import password
from web.fields.user_id import USER_ID

PASSWORD = Field(
    "password", "納付利用者パスワード", password, type="password", autocomplete="current-password"
)
NAMES = (USER_ID.name, PASSWORD.name)

# One and the same for every reason (ASVS 6.3.8: no hint which IDs exist).
INVALID = (
    "納付利用者IDまたは納付利用者パスワードが違います。"
    "大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"
)


def blank(typed_id: str) -> Form:
    """Give the form before anything was judged."""
    return Form([USER_ID.blank(typed_id), PASSWORD.blank()])


def parse(given: Mapping[str, str]) -> Form:
    """Judge what can be judged without looking anybody up."""
    return Form([USER_ID.check(given[USER_ID.name]), PASSWORD.check(given[PASSWORD.name])])


def with_errors(typed_id: str, errors: Mapping[str, str]) -> Form:
    """Show messages beside the fields; the password is empty, the ID is kept."""
    blanks = blank(typed_id)
    return Form(
        blanks[name].refused(errors[name]) if name in errors else blanks[name] for name in NAMES
    )
