"""What is typed into 担当者パスワード変更."""

from collections.abc import Mapping

from web.fields.field import Field, same_again
from web.fields.form import Form
from web.office.staff import LEAST
from web.security import new_password
from web.settings import Settings
from web.steps import current_password

CURRENT = current_password.FIELD
NEW, AGAIN = "new_password", "new_password_again"
NAMES = (CURRENT.name, NEW, AGAIN)


def hint(settings: Settings) -> str:
    """Say the rule before anybody types."""
    return f"{new_password.first_hint(settings, low=LEAST)}現在のパスワードも使えません。"


def _fields(settings: Settings) -> tuple[Field, Field, Field]:
    new = new_password.field(NEW, "新しいパスワード", settings, low=LEAST)
    return CURRENT, new, new_password.again_field(AGAIN, "新しいパスワード(確認用)")


def parse(settings: Settings, given: Mapping[str, str]) -> Form:
    """Judge what can be judged without looking anybody up."""
    current, new, again = (each.check(given[each.name]) for each in _fields(settings))
    return Form([current, new, same_again(new, again)])


def with_errors(settings: Settings, errors: Mapping[str, str]) -> Form:
    """Show messages beside empty fields."""
    blanks = [each.blank() for each in _fields(settings)]
    return Form(
        blank.refused(errors[blank.field.name]) if blank.field.name in errors else blank
        for blank in blanks
    )
