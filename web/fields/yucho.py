"""ゆうちょ銀行: 記号・番号 of the passbook ⇄ 店番・口座番号 of the other banks.

記号 1xx?0 is a 総合口座: 店番 xx8, 口座番号 the 番号 without its last digit, which is always 1.
記号 0xx?? is a 振替口座: 店番 xx9, 口座番号 the 番号 as it is.
"""

import re
from dataclasses import dataclass

from web.fields.digits import digits_of
from web.fields.field import Refused
from web.fields.text import trim
from web.fields.width import to_half_width

_SYMBOL = 5
_LONGEST = {"1": 8, "0": 6}  # digits of a 番号 by the first digit of its 記号
# Six digits run together are a 記号 and the digit behind it; of a 記号 1xxx0 the 0 must be in its place.
_AND_ANOTHER_DIGIT = re.compile(r"\D*(?:[01]\d{4}\D+\d\D*|(?:1\d{3}0|0\d{4})\d\D*)")
_ENDS = {"1": "8", "0": "9"}


@dataclass(frozen=True, slots=True)
class BankNumbers:
    """How other banks write an account of ゆうちょ銀行."""

    branch_code: str
    deposit: str
    number: str


def symbol(typed: str) -> str:
    """Give a 記号: five digits that begin with 1 or 0.

    Cards and passbooks print one more digit behind it, for another issue or as a check: it is dropped.
    """
    digits = digits_of(typed, noun="記号")
    if not digits:
        return ""
    if _AND_ANOTHER_DIGIT.fullmatch(to_half_width(trim(typed))):
        digits = digits[:_SYMBOL]
    if len(digits) > _SYMBOL + 1:  # as slips print both, one behind the other
        raise Refused(
            f"記号は最初の5桁の数字です。続く番号は「番号」に入力してください。現在は{len(digits)}桁です。"
        )
    if len(digits) != _SYMBOL:
        raise Refused(
            f"記号は5桁の数字です。現在は{len(digits)}桁です。"
            "記号の右にある1桁の数字は、入力しないでください。"
        )
    if digits[0] not in _ENDS:
        raise Refused("記号は1か0で始まります。通帳の記号と見比べて、入力し直してください。")
    if digits[0] == "1" and digits[-1] != "0":
        raise Refused("1で始まる記号は0で終わります。通帳の記号と見比べて、入力し直してください。")
    return digits


def passbook_number(typed: str) -> str:
    """Give a 番号 without the zeros in front."""
    digits = digits_of(typed, noun="番号").lstrip("0")
    if len(digits) > _LONGEST["1"]:
        raise Refused(f"番号は8桁までの数字です。現在は{len(digits)}桁です。")
    return digits


def fitting(symbol: str, passbook_number: str) -> str:
    """Say what is wrong with a 番号 beside its 記号; '' when they fit."""
    if symbol.startswith("1") and not passbook_number.endswith("1"):
        return (
            "番号の最後が1ではありません。1で始まる記号の番号は、1で終わります。"
            "通帳の番号と見比べて、入力し直してください。"
        )
    if symbol.startswith("1") and passbook_number == "1":
        return "番号が短すぎます。通帳の番号と見比べて、入力し直してください。"
    if len(passbook_number) > _LONGEST[symbol[0]]:
        return f"0で始まる記号の番号は6桁までです。現在は{len(passbook_number)}桁です。"
    return ""


def to_bank(symbol: str, passbook_number: str) -> BankNumbers:
    """Convert what the passbook says; both must fit each other."""
    ordinary = symbol.startswith("1")
    number = passbook_number[:-1] if ordinary else passbook_number
    return BankNumbers(
        branch_code=symbol[1:3] + _ENDS[symbol[0]],
        deposit="ordinary" if ordinary else "current",
        number=number.zfill(7),
    )


def from_bank(branch_code: str, number: str) -> tuple[str, str]:
    """Give the known digits of the 記号, as in 143?0, and the 番号. Raises Refused."""
    ends = {end: first for first, end in _ENDS.items()}
    first = ends.get(branch_code[-1:])
    if first is None or len(branch_code) != 3:  # noqa: PLR2004 a 店番
        raise Refused("ゆうちょ銀行の店番は、8か9で終わる3桁の数字です。")
    if first == "1":
        return f"1{branch_code[:2]}?0", number.lstrip("0") + "1"
    return f"0{branch_code[:2]}??", number.lstrip("0")
