"""What is typed at 担当者ログイン."""

from collections.abc import Mapping

from web.fields.characters import refuse_hidden
from web.fields.field import Field
from web.fields.form import Form
from web.fields.text import password, refuse_oversize, trim
from web.fields.width import to_half_width


def _staff_name(typed: str) -> str:
    text = trim(typed)
    refuse_hidden(text)
    refuse_oversize(text)
    return to_half_width(text).lower()


NAME = Field("staff_name", "担当者ID", _staff_name, autocomplete="username")
PASSWORD = Field(
    "password", "パスワード", password, type="password", autocomplete="current-password"
)
NAMES = (NAME.name, PASSWORD.name)
# One and the same for every reason (ASVS 6.3.8).
INVALID = "担当者IDまたはパスワードが違います。確かめて、もう一度入力してください。"


def parse(given: Mapping[str, str]) -> Form:
    """Judge what can be judged without looking anybody up."""
    return Form([NAME.check(given[NAME.name]), PASSWORD.check(given[PASSWORD.name])])


def with_errors(typed_name: str, errors: Mapping[str, str]) -> Form:
    """Show messages beside the fields; the password is empty, the name is kept."""
    blanks = {NAME.name: NAME.blank(typed_name), PASSWORD.name: PASSWORD.blank()}
    return Form(
        blank.refused(errors[name]) if name in errors else blank for name, blank in blanks.items()
    )
