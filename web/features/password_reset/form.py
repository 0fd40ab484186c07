"""What is typed into パスワード初期化: the request, and the new password."""

from collections.abc import Mapping

from web.fields.email import email
from web.fields.field import Answer, Field, same_again
from web.fields.form import Form
from web.fields.user_id import USER_ID
from web.security import new_password
from web.settings import Settings

ADMIN_EMAIL = Field(
    "admin_email", "利用者管理用メールアドレス", email, type="email", autocomplete="email"
)
REQUEST = {each.name: each for each in (USER_ID, ADMIN_EMAIL)}
PASSWORDS = ("new_password", "new_password_again")


def blank_request() -> Form:
    """Give the request form before anything was judged."""
    return Form(each.blank() for each in REQUEST.values())


def parse_request(given: Mapping[str, str]) -> Form:
    """Judge the form of ID and address; nobody is looked up."""
    return Form(each.check(given[name]) for name, each in REQUEST.items())


def request_with_errors(typed: Mapping[str, str], errors: Mapping[str, str]) -> Form:
    """Show what was typed and the messages; what has none was good."""
    return Form(
        each.blank(typed[name]).refused(errors[name]) if name in errors else each.check(typed[name])
        for name, each in REQUEST.items()
    )


def check_request(given: Mapping[str, str]) -> Answer | None:
    """Judge one field as it is left; None for any other set of fields."""
    names = list(given)
    if len(names) != 1 or names[0] not in REQUEST:
        return None
    return REQUEST[names[0]].check(given[names[0]])


def new_field(settings: Settings) -> Field:
    """Make the field ご希望のパスワード."""
    return new_password.field("new_password", "ご希望のパスワード", settings)


def again_field() -> Field:
    """Make the field ご希望のパスワード (確認用)."""
    return new_password.again_field("new_password_again", "ご希望のパスワード (確認用)")


def parse_passwords(settings: Settings, given: Mapping[str, str]) -> Form:
    """Judge the new password by itself."""
    new = new_field(settings).check(given["new_password"])
    return Form([new, same_again(new, again_field().check(given["new_password_again"]))])


def passwords_with_errors(settings: Settings, errors: Mapping[str, str]) -> Form:
    """Show messages beside empty password fields."""
    blanks = (new_field(settings).blank(), again_field().blank())
    return Form(
        answer.refused(errors[answer.field.name]) if answer.field.name in errors else answer
        for answer in blanks
    )
