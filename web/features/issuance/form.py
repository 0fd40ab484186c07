"""What is typed on the screens of 利用者ID発行 besides 利用者情報, and the columns of a new account."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from web.fields.email import email
from web.fields.field import Field, Refused, same_again
from web.fields.form import FormSpec
from web.fields.kana import kana
from web.fields.names import name
from web.fields.user_id import user_id
from web.security import new_password
from web.settings import Settings
from web.steps import profile_form
from web.store.accounts import Profile, ProfileKind
from web.store.credentials import CredentialKind


def _agreed(typed: str) -> str:
    if typed != "yes":
        raise Refused("利用規約をお読みになり、「利用規約に同意する」にチェックを入れてください。")
    return typed


CONSENT = FormSpec((Field("agreed", "利用規約への同意", _agreed),))
_EMAIL = Field(
    "email", "メールアドレス", email, type="email", autocomplete="email",
    hint="発行のご案内と、発行したあとのお知らせが届きます。利用者管理用メールアドレスとして登録します。",
)  # fmt: skip
ADDRESS = FormSpec((_EMAIL, profile_form.again(_EMAIL)))


@cache
def passwords(settings: Settings) -> FormSpec:
    """Give the form of both new passwords, each typed twice."""
    fields = []
    for kind in CredentialKind:
        new, label = f"{kind}_password", f"ご希望の{kind.label}パスワード"
        again = new_password.again_field(f"{new}_again", f"{label} (確認用)")
        fields.append(new_password.field(new, label, settings))
        fields.append(replace(again, beside=new, compare=same_again))
    return FormSpec(tuple(fields))


_COLUMNS = (
    Field("payment_user_id", "payment_user_id", user_id),
    Field("bulk_user_id", "bulk_user_id", user_id),
    Field("name", "name", name(60)),
    Field("name_kana", "name_kana", kana(60)),
    Field("representative", "representative", name(40), required=False),
    Field("admin_email", "admin_email", email),
    Field("notice_email", "notice_email", email, required=False),
)


class BadColumn(ValueError):
    """A column cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that does not exist yet."""

    payment_user_id: str
    bulk_user_id: str
    profile: Profile


def parse_columns(settings: Settings, given: Mapping[str, str]) -> NewAccount:
    """Read the columns of an account, as a command or a file gives them. Raises BadColumn."""
    values = {field.name: _value(field, given.get(field.name) or "") for field in _COLUMNS}
    kind = given.get("kind") or ""
    if kind not in set(ProfileKind):
        raise BadColumn("kind: individual or corporate")
    if (kind == ProfileKind.CORPORATE) != bool(values["representative"]):
        raise BadColumn("representative: needed for corporate, empty for individual")
    payment, bulk = values.pop("payment_user_id"), values.pop("bulk_user_id")
    _check_ids(settings, payment, bulk)
    return NewAccount(payment, bulk, Profile(kind=kind, **values))


def _value(field: Field, given: str) -> str:
    try:
        return field.value(given)
    except Refused as refusal:
        raise BadColumn(f"{field.name}: {refusal}") from refusal


def _check_ids(settings: Settings, payment_user_id: str, bulk_user_id: str) -> None:
    digits = settings.id_min_digits
    payment = _number("payment_user_id", payment_user_id, settings.payment_id_prefix, digits)
    bulk = _number("bulk_user_id", bulk_user_id, settings.bulk_id_prefix, digits)
    if payment != bulk:
        raise BadColumn("bulk_user_id: the two IDs of a pair share their number")


def _number(column: str, given: str, prefix: str, min_digits: int) -> str:
    match = _id_pattern(prefix, min_digits).fullmatch(given)
    if match is None:
        raise BadColumn(
            f"{column}: {prefix} and at least {min_digits} digits, such as "
            f"{prefix}{'6288'.zfill(min_digits)}"
        )
    return match[1]


@cache
def _id_pattern(prefix: str, min_digits: int) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(prefix)}([0-9]{{{min_digits},12}})")
