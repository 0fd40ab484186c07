"""What a 担当者 types to propose a new 利用者管理用メールアドレス."""

from web.fields.email import email
from web.fields.field import Field
from web.fields.form import FormSpec
from web.office.reason import reason as as_reason
from web.steps import second_form

EMAIL = Field(
    "admin_email", "新しい利用者管理用メールアドレス", email, type="email", inputmode="email"
)
REASON = Field(
    "reason",
    "ご本人の確認方法",
    as_reason,
    hint="確認に用いた書類などを入力してください。例：運転免許証の写しと、登録されている電話への折り返し。",
)
PROPOSAL = FormSpec((EMAIL, REASON))


def proposal(*, second: bool) -> FormSpec:
    """Give what is asked of a 担当者 who proposes an address."""
    return FormSpec((*PROPOSAL.fields, *second_form.BY_CODE.fields)) if second else PROPOSAL
