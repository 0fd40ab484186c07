"""What a 担当者 types to propose a new 利用者管理用メールアドレス."""

from collections.abc import Mapping

from web.fields.email import email
from web.fields.field import Field
from web.fields.form import Form
from web.office.reason import reason as as_reason

EMAIL = Field(
    "admin_email", "新しい利用者管理用メールアドレス", email, type="email", inputmode="email"
)
REASON = Field(
    "reason",
    "ご本人の確認方法",
    as_reason,
    hint="何で確かめたかを書いてください。例：運転免許証の写しと、登録されている電話への折り返し。",
)
NAMES = (EMAIL.name, REASON.name)


def parse(given: Mapping[str, str]) -> Form:
    """Judge a proposal."""
    return Form([EMAIL.check(given[EMAIL.name]), REASON.check(given[REASON.name])])


def blank() -> Form:
    """Give the form before anybody typed."""
    return Form([EMAIL.blank(), REASON.blank()])
