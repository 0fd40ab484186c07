"""Telephone numbers and 記号 in all the ways in which people copy them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.fields import yucho
from web.fields.digits import account_number, phone, phone_shown, postal_code
from web.fields.field import Refused
from web.fields.width import to_full_width


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("+81 90-1234-5678", "09012345678", "090-1234-5678"),
        ("+819012345678", "09012345678", "090-1234-5678"),
        ("＋８１（０）９０ー１２３４ー５６７８", "09012345678", "090-1234-5678"),
        ("+81 (0)3 1234 5678", "0312345678", "03-1234-5678"),
        ("(+81) 3-1234-5678", "0312345678", "03-1234-5678"),
        ("0081-3-1234-5678", "0312345678", "03-1234-5678"),
        ("010-81-3-1234-5678", "0312345678", "03-1234-5678"),
        ("81-50-3364-0800", "05033640800", "050-3364-0800"),
        ("tel:+81-479-24-1234", "0479241234", "0479-24-1234"),
        ("TEL：０４７９（２４）１２３４", "0479241234", "0479-24-1234"),
        ("電話 03-1234-5678", "0312345678", "03-1234-5678"),
        ("☎03.1234.5678", "0312345678", "03-1234-5678"),
        ("090の1234の5678", "09012345678", "090-1234-5678"),
        ("０９０・１２３４・５６７８", "09012345678", "090-1234-5678"),
        ("\u202a090-1234-5678\u202c", "09012345678", "090-1234-5678"),
        ("携帯 090-1234-5678", "09012345678", "090-1234-5678"),
        ("Mobile: 090-1234-5678", "09012345678", "090-1234-5678"),
        ("ﾃﾙ03-1234-5678", "0312345678", "03-1234-5678"),
        ("﹢81 90 1234 5678", "09012345678", "090-1234-5678"),
        ("03﹣1234⁃5678", "0312345678", "03-1234-5678"),
        ("03━1234⁻5678", "0312345678", "03-1234-5678"),
        ("0120123456", "0120123456", "0120-123-456"),
        ("0570-012345", "0570012345", "0570-012-345"),
        ("011-811-1234", "0118111234", "011-811-1234"),  # 札幌, not 011 81 from abroad
        ("0108112345", "0108112345", "0108112345"),
    ],
)
def test_a_telephone_number_is_read_and_shown_as_in_japan(
    typed: str, value: str, shown: str
) -> None:
    """From abroad, with its label, in any width; printed with hyphens."""
    assert phone(typed) == value
    assert phone_shown(value).replace("-", "") == value
    if typed != value:
        assert phone_shown(value) == shown


NATIONAL = st.from_regex(r"0(?:[25-9]0[0-9]{8}|[1-9][1-9][0-9]{7})", fullmatch=True)
DASHES = "-－ー‐‑–—−‒﹣⁃━─⁻˗\u200b\u00ad\ufeff 　.・()（）の"


@given(NATIONAL, st.data())
def test_every_number_comes_back_however_it_is_separated(number: str, data: st.DataObject) -> None:
    """Separators of every kind between its digits, in front +81 or nothing."""
    between = data.draw(st.lists(st.sampled_from(["", *DASHES]), min_size=11, max_size=11))
    spread = "".join(digit + gap for digit, gap in zip(number, between, strict=False))
    assert phone(spread) == number
    assert phone(to_full_width(spread)) == number
    for prefix in ("+81", "＋81 ", "0081-", "+81(0)"):
        assert phone(prefix + spread.removeprefix("0")) == number
    assert phone_shown(number).replace("-", "") == number
    assert phone(phone_shown(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "03-1234-5678 内線12",
        "03-1234-5678（内線 12）",
        "0479-24-1234 ext. 3",
        "03-1234-5678 #12",
        "03-1234-5678x12",
    ],
)
def test_an_extension_is_named(typed: str) -> None:
    """It has no place in the number; which character is wrong would help nobody."""
    with pytest.raises(Refused, match="内線番号は入力できません"):
        phone(typed)


@pytest.mark.parametrize(
    "typed", ["00100-4-123456", "00100-4 123456", "10180-1-12345671", "10180 12345671"]
)
def test_both_numbers_in_one_field_are_told_apart(typed: str) -> None:
    """As a 口座記号番号 is printed on slips."""
    with pytest.raises(Refused, match="続く番号は「番号」に入力してください"):
        yucho.symbol(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "+82 10-1234-5678",
        "03-1234-567",
        "090-1234-56789",
        "内線12",
        "090-1234-567",
        "03-1234-56789",
        "0120-123-4567",
        "060-123-4567",
    ],
)
def test_what_is_no_telephone_number_of_japan_is_refused(typed: str) -> None:
    """Another country, too few digits, too many, an extension."""
    with pytest.raises(Refused):
        phone(typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("00100-4", "00100"),
        ("10180-1", "10180"),
        ("１０１８０－１", "10180"),
        ("10180ー1", "10180"),
        ("10180 1", "10180"),
        ("10180（1）", "10180"),
        ("101801", "10180"),
        ("001004", "00100"),
        ("００１００４", "00100"),
        ("00100 4", "00100"),
        ("(00100)4", "00100"),
        ("00100・4", "00100"),
        ("00100、4", "00100"),
        ("00100の4", "00100"),
        ("記号：10180-1", "10180"),
        ("00100－4－", "00100"),
    ],
)
def test_the_digit_behind_a_symbol_is_dropped(typed: str, value: str) -> None:
    """再発行 of a 総合口座, check digit of a 振替口座, as cards print them."""
    assert yucho.symbol(typed) == value


@pytest.mark.parametrize(
    "typed", ["1018-01", "114370", "10180-12", "10188-1", "0010-04", "00100-42", "0010042"]
)
def test_a_digit_that_may_be_any_of_the_six_is_not_dropped(typed: str) -> None:
    """A number with one digit too many somewhere must not become another account."""
    with pytest.raises(Refused):
        yucho.symbol(typed)


@given(st.from_regex(r"(1[0-9]{3}0|0[0-9]{4})", fullmatch=True), st.integers(0, 9))
def test_every_symbol_comes_back_without_its_last_digit(symbol: str, digit: int) -> None:
    """Both kinds, any digit."""
    assert yucho.symbol(f"{symbol}-{digit}") == yucho.symbol(symbol) == symbol


@pytest.mark.parametrize(
    ("convert", "typed", "value"),
    [
        (postal_code, "郵便番号 160-0023", "1600023"),
        (postal_code, "〒１６０ー００２３", "1600023"),
        (postal_code, "160の0023", "1600023"),
        (account_number, "口座番号：1234567", "1234567"),
        (account_number, "1,234,567", "1234567"),
        (yucho.passbook_number, "番号 1234567-1", "12345671"),
        (account_number, "No.1234567", "1234567"),
        (account_number, "№ 1234567", "1234567"),
        (yucho.passbook_number, "Ｎｏ．12345671", "12345671"),
        (account_number, "\u200b123\u00ad4567\ufeff", "1234567"),
        (postal_code, "\u202a160-0023\u202c", "1600023"),
        (yucho.symbol, "10180\u200b", "10180"),
    ],
)
def test_a_number_is_read_behind_its_name(
    convert: Callable[[str], str], typed: str, value: str
) -> None:
    """As it stands on the paper from which it is copied."""
    assert convert(typed) == value
