"""The columns of a new account, judged by the same fields as the screens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from web.fields.email import email
from web.fields.field import Field, Refused
from web.fields.kana import kana
from web.fields.names import name
from web.fields.user_id import user_id
from web.settings import Settings
from web.store.accounts import Profile

FIELDS = (
    Field("payment_user_id", "payment_user_id", user_id),
    Field("bulk_user_id", "bulk_user_id", user_id),
    Field("name", "name", name(60)),
    Field("name_kana", "name_kana", kana(60)),
    Field("representative", "representative", name(40), required=False),
    Field("admin_email", "admin_email", email),
    Field("notice_email", "notice_email", email, required=False),
)
KINDS = ("individual", "corporate")


class BadColumn(ValueError):
    """A column cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that does not exist yet."""

    payment_user_id: str
    bulk_user_id: str
    profile: Profile


def parse(settings: Settings, given: Mapping[str, str]) -> NewAccount:
    """Read the columns of an account. Raises BadColumn."""
    values = {field.name: _value(field, given.get(field.name) or "") for field in FIELDS}
    kind = given.get("kind") or ""
    if kind not in KINDS:
        raise BadColumn("kind: individual or corporate")
    if (kind == "corporate") != bool(values["representative"]):
        raise BadColumn("representative: needed for corporate, empty for individual")
    _check_ids(settings, values["payment_user_id"], values["bulk_user_id"])
    profile = Profile(
        kind,
        values["name"],
        values["name_kana"],
        values["representative"],
        values["admin_email"],
        values["notice_email"],
    )
    return NewAccount(values["payment_user_id"], values["bulk_user_id"], profile)


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
