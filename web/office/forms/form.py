"""What a 担当者 types about 届出書."""

import re
from collections.abc import Sequence

from web.direct_debit.states import Act
from web.fields.check_digit import reference_number
from web.fields.field import Field
from web.fields.form import FormSpec
from web.office.forms.flow import MOVES, Pick
from web.office.reason import reason as as_reason

MOST = 50  # forms at once: what the address of the 確認 holds
_PICK = re.compile(r"([0-9a-f]{32})\.([1-9][0-9]{0,5})")

NUMBER = Field("number", "整理番号", reference_number, inputmode="numeric")
REASON = Field(
    "reason",
    "不備の内容",
    as_reason,
    hint="利用者へのメールに、このまま記載されます。例：口座名義が、登録されている名称と違います。",
)
UNKNOWN = "この整理番号の届出書はありません。番号をご確認ください。"
FIND, RETURN, MOVE = FormSpec((NUMBER,)), FormSpec((REASON,)), FormSpec(())


def chosen(act: str, picked: Sequence[str]) -> tuple[Act | None, list[Pick]]:
    """Read what the address of the 確認 says; nothing that was not one of ours is taken."""
    found = [match for text in picked[:MOST] if (match := _PICK.fullmatch(text))]
    picks = {match[1]: Pick(match[1], int(match[2])) for match in found}
    return (Act(act) if act in set(MOVES) else None), list(picks.values())


def confirm(act: Act) -> FormSpec:
    """Give the form of the 確認: only 不備返却 asks for a reason."""
    return RETURN if act is Act.RETURN else MOVE
