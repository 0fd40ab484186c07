"""What is typed on the screens of 利用者ID発行 besides 利用者情報: consent, address, two passwords."""

from collections.abc import Mapping

from web.fields.email import email
from web.fields.field import Answer, Field, Refused, same_again
from web.fields.form import Form
from web.security import new_password
from web.settings import Settings
from web.store.credentials import CredentialKind


def _agreed(typed: str) -> str:
    if typed != "yes":
        raise Refused("利用規約をお読みになり、「利用規約に同意する」にチェックを入れてください。")
    return typed


CONSENT = Field("agreed", "利用規約への同意", _agreed)
_LABEL = "メールアドレス"
EMAIL = Field(
    "email", _LABEL, email, type="email", autocomplete="email",
    hint="発行のご案内と、発行したあとのお知らせが届きます。利用者管理用メールアドレスとして登録します。",
)  # fmt: skip
EMAIL_AGAIN = Field("email_again", f"{_LABEL}(確認用)", email, type="email", autocomplete="email")
ADDRESS = {each.name: each for each in (EMAIL, EMAIL_AGAIN)}
PASSWORDS = tuple(
    f"{kind}_password{end}" for kind in CredentialKind for end in ("", "_again")
)  # fmt: skip


def blank_address() -> Form:
    """Give the form of the address before anything was judged."""
    return Form(each.blank() for each in ADDRESS.values())


def parse_address(given: Mapping[str, str]) -> Form:
    """Judge the address, typed twice; nobody is looked up."""
    first = EMAIL.check(given["email"])
    return Form([first, same_again(first, EMAIL_AGAIN.check(given["email_again"]))])


def address_with_errors(typed: Mapping[str, str], errors: Mapping[str, str]) -> Form:
    """Show what was typed and the messages; what has none was good."""
    return Form(
        each.blank(typed[name]).refused(errors[name]) if name in errors else each.check(typed[name])
        for name, each in ADDRESS.items()
    )


def check_address(given: Mapping[str, str]) -> Answer | None:
    """Judge the address as it is left, or both typings; None for any other set of fields."""
    if set(given) == {"email"}:
        return EMAIL.check(given["email"])
    if set(given) != set(ADDRESS):
        return None
    if not given["email_again"]:
        return EMAIL_AGAIN.blank()  # nobody is scolded for what comes next
    return parse_address(given)["email_again"]


def password_field(kind: CredentialKind, settings: Settings) -> Field:
    """Make the field of one of the two new passwords."""
    return new_password.field(f"{kind}_password", f"ご希望の{kind.label}パスワード", settings)


def _again_field(kind: CredentialKind) -> Field:
    label = f"ご希望の{kind.label}パスワード (確認用)"
    return new_password.again_field(f"{kind}_password_again", label)


def parse_passwords(settings: Settings, given: Mapping[str, str]) -> Form:
    """Judge the two new passwords by themselves."""
    answers = []
    for kind in CredentialKind:
        new = password_field(kind, settings).check(given[f"{kind}_password"])
        again = _again_field(kind).check(given[f"{kind}_password_again"])
        answers += [new, same_again(new, again)]
    return Form(answers)


def passwords_with_errors(settings: Settings, errors: Mapping[str, str]) -> Form:
    """Show messages beside empty password fields."""
    blanks = [
        field.blank()
        for kind in CredentialKind
        for field in (password_field(kind, settings), _again_field(kind))
    ]
    return Form(
        answer.refused(errors[answer.field.name]) if answer.field.name in errors else answer
        for answer in blanks
    )
