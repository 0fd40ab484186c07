"""What a 担当者 types to propose a 確認手段の解除."""

from web.fields.field import Field
from web.fields.form import FormSpec
from web.office.reason import reason as as_reason

REASON = Field(
    "reason",
    "ご本人の確認方法",
    as_reason,
    hint="確認に用いた書類などを入力してください。操作履歴に記録されます。例：運転免許証の写しと、登録されている電話への折り返し。",
)
PROPOSAL = FormSpec((REASON,))
