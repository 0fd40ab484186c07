"""Numbers that people write in many ways: any width, with hyphens or spaces."""

import re

import phonenumbers

from web.fields.characters import named, refuse_unusable
from web.fields.field import Refused
from web.fields.text import UNSEEN, trim
from web.fields.width import DASHES, to_half_width

SHOWN = 3  # digits at the end of an account number that stay readable
_ACCOUNT = 7
_POSTAL_CODE = 7
_PASSBOOK = 8
_CALLED = re.compile(
    "(?:tel|phone|mobile|ﾃﾙ|テル|携帯電話|携帯|電話番号|電話|℡|☎|☏)[ .:-]*", re.IGNORECASE
)
_EXTENSION = re.compile(r"\d[ (,;.-]*(?:内線|ext|[#x])", re.IGNORECASE)
_NUMBER_SIGN = re.compile("[-: ]*(?:no[. ]?|№)", re.IGNORECASE)
_SPELLED = str.maketrans(dict.fromkeys("の・･_~〜,、[]〔〕【】", "-"))
_UNSEEN = str.maketrans("", "", UNSEEN)
# 011 is 札幌 as well: there what follows is shorter.
_FROM_ABROAD = re.compile(r"81|(?:00|010|011)81(?=\d{9})")
_MOBILE = re.compile("0[25-9]0")  # telephones that are carried or on the Internet, and 0800
_BETWEEN = re.compile(f"[{DASHES}\u30fc\uff70:\\s\u3000.()/〒]")


def digits_of(typed: str, *, noun: str) -> str:
    """Give the digits of a number, without what stands between them."""
    text = trim(typed.translate(_UNSEEN))
    refuse_unusable(text)
    spelled = to_half_width(text).translate(_SPELLED).removeprefix(noun)
    sign = _NUMBER_SIGN.match(spelled)
    number = _BETWEEN.sub("", spelled[sign.end() :] if sign else spelled)
    for character in number:
        if character not in "0123456789":
            raise Refused(f"{named(character)}は使えません。{noun}は数字で入力してください。")
    return number


def postal_code(typed: str) -> str:
    """Give a 郵便番号 as seven digits."""
    number = digits_of(typed, noun="郵便番号")
    if number and len(number) != _POSTAL_CODE:
        raise Refused(f"郵便番号は7桁の数字です。現在は{len(number)}桁です。")
    return number


def phone(typed: str) -> str:
    """Give a telephone number as ten or eleven digits, however it was written: +81 90-… as 090…."""
    spelled = _CALLED.sub("", to_half_width(trim(typed.translate(_UNSEEN))))
    if _EXTENSION.search(spelled):
        raise Refused("内線番号は入力できません。市外局番からの電話番号だけを入力してください。")
    number = digits_of(spelled.replace("+", " ", 1).replace("﹢", " ", 1), noun="電話番号")
    if abroad := _FROM_ABROAD.match(number):
        number = "0" + number[abroad.end() :].lstrip("0")
    if number and not number.startswith("0"):
        raise Refused(
            f"電話番号は0で始まります。市外局番から入力してください。現在は{len(number)}桁です。"
        )
    if number and len(number) != (11 if _MOBILE.match(number) else 10):
        raise Refused(
            "電話番号は市外局番から10桁です。携帯電話、IP電話など、050や090で始まる番号は11桁です。"
            f"現在は{len(number)}桁です。"
        )
    return number


def phone_shown(number: str) -> str:
    """Write a telephone number with its hyphens, as 03-1234-5678 or 0479-24-1234."""
    try:
        parsed = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException:
        return number
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    # of a number that is not given out, the library drops the 0
    return shown if shown.replace("-", "") == number else number


def account_number(typed: str) -> str:
    """Give a 口座番号 as the banks write it: seven digits, zeros in front (全銀協 format)."""
    number = digits_of(typed, noun="口座番号")
    if len(number) == _PASSBOOK:
        raise Refused(
            "8桁あります。口座番号は7桁までです。ゆうちょ銀行の番号のときは、"
            "「ゆうちょ銀行」を選び、記号と番号を入力してください。"
        )
    if len(number) > _ACCOUNT:
        raise Refused(f"口座番号は7桁までの数字です。現在は{len(number)}桁です。")
    return number.zfill(_ACCOUNT) if number else ""


def postal_code_shown(number: str) -> str:
    """Write a 郵便番号 as 160-0023."""
    return f"{number[:3]}-{number[3:]}"


def masked(last_digits: str) -> str:
    """Write an account number with its last digits only, by which its owner recognises it."""
    return "＊" * (_ACCOUNT - len(last_digits)) + last_digits
