"""整理番号: nine digits, and a check digit that detects one wrong digit or two swapped ones.

Damm's algorithm: its table is a quasigroup of order 10 that is totally anti-symmetric. Luhn, more
common, does not see 09 typed as 90.
"""

from web.fields.digits import digits_of
from web.fields.field import Refused

LENGTH = 10
_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def with_check_digit(digits: str) -> str:
    """Append the check digit."""
    return f"{digits}{_damm(digits)}"


def fits(number: str) -> bool:
    """Tell whether a number ends in its check digit."""
    return number.isascii() and number.isdigit() and _damm(number) == 0


def grouped(number: str) -> str:
    """Write a 整理番号 as it is printed: 0123-456-789."""
    return f"{number[:4]}-{number[4:7]}-{number[7:]}"


def reference_number(typed: str) -> str:
    """Give the digits of a 整理番号 as it was typed, with hyphens or without, in any width."""
    number = digits_of(typed, noun="整理番号")
    if not number:
        return ""
    if len(number) != LENGTH:
        raise Refused(f"整理番号は{LENGTH}桁の数字です。届出書の右上の番号を入力してください。")
    if not fits(number):
        raise Refused(
            "整理番号の数字に誤りがあります。届出書の右上の番号と見比べて、入力し直してください。"
        )
    return number


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim
