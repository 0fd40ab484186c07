"""Names take what Japanese names need: no stacks of marks, nothing that turns the writing round."""

import pytest

from web.fields.characters import refuse_hidden
from web.fields.field import Refused
from web.fields.names import name

TAKEN = [
    "葛\U000e0100飾",
    "神\ufe00田",
    "か\u3099き\u3099",
    "ハ\u309aン",
    "José",
    "Jose\u0301",
    "辻\U000e0101辻\U000e0100",
]
STACKED = ["a\u0300\u0316", "か\u3099\u309a", "か\u3099\u3099", "葛\U000e0100\u0301"]
TURNED = ["\u202e", "\u2067", "\u200f", "\u061c", "\u2066"]
RIGHT_TO_LEFT = ["א", "ب", "٣"]


@pytest.mark.parametrize("typed", TAKEN)
def test_a_name_keeps_its_one_mark_or_variant(typed: str) -> None:
    """A kanji and its variation selector, a kana and its 濁点, a letter and its accent."""
    assert name(60)(typed)


@pytest.mark.parametrize("typed", STACKED)
def test_a_stack_of_marks_is_refused_and_named(typed: str) -> None:
    """Stacks are drawn over the lines above and below."""
    with pytest.raises(Refused, match="重なった記号"):
        refuse_hidden(typed)


@pytest.mark.parametrize("typed", TURNED)
def test_a_control_of_direction_is_refused_and_named(typed: str) -> None:
    """It would turn round what stands after it in a list."""
    with pytest.raises(Refused, match=f"目に見えない文字.U.{ord(typed):04X}"):
        name(60)(f"甲{typed}乙")


@pytest.mark.parametrize("typed", RIGHT_TO_LEFT)
def test_a_right_to_left_letter_is_refused_and_named(typed: str) -> None:
    """It would reorder the digits beside it."""
    with pytest.raises(Refused, match=f"右から左に書く文字「{typed}」"):
        name(60)(f"甲{typed}乙")
