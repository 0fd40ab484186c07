"""口座番号, 記号・番号, 口座名義カナ, 整理番号: what is typed and what the banks take."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from web.fields import check_digit, yucho
from web.fields.digits import account_number, phone, postal_code, postal_code_shown
from web.fields.field import Refused
from web.fields.holder import LONGEST, holder_kana

DIGITS = st.text("0123456789", min_size=1, max_size=7)
# 記号, 番号 → 店番, 預金種目, 口座番号; the first is the one that a public page gets wrong.
PASSBOOKS = [
    ("14370", "19927651", "438", "ordinary", "1992765"),
    ("10010", "11", "008", "ordinary", "0000001"),
    ("11940", "12345671", "198", "ordinary", "1234567"),
    ("10180", "991", "018", "ordinary", "0000099"),
    ("00120", "123456", "019", "current", "0123456"),
    ("00990", "1", "099", "current", "0000001"),
]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1", "0000001"),
        ("1234567", "1234567"),
        ("１２３４５６７", "1234567"),
        ("123-4567", "1234567"),
        (" 12 34 ", "0001234"),
        ("0000012", "0000012"),
        ("", ""),
    ],
)
def test_an_account_number_has_seven_digits(typed: str, value: str) -> None:
    """Any width, hyphens and spaces, zeros in front."""
    assert account_number(typed) == value


@pytest.mark.parametrize(
    ("convert", "typed", "words"),
    [
        (account_number, "12345678", "ゆうちょ銀行"),
        (account_number, "123456789", "現在は9桁"),
        (account_number, "12345O7", "「O」は使えません"),
        (postal_code, "160002", "現在は6桁"),
        (phone, "3364-0800", "現在は8桁"),
        (phone, "5033640800", "市外局番"),
        (yucho.symbol, "1437", "現在は4桁"),
        (yucho.symbol, "24370", "1か0で始まります"),
        (yucho.symbol, "14371", "0で終わります"),
        (yucho.passbook_number, "123456781", "現在は9桁"),
        (check_digit.reference_number, "12345", "10桁"),
        (check_digit.reference_number, "0123456780", "誤りがあります"),
    ],
)
def test_a_number_that_cannot_be_used_is_named(
    convert: Callable[[str], str], typed: str, words: str
) -> None:
    """What is wrong, and how to mend it."""
    with pytest.raises(Refused, match=words):
        convert(typed)


def test_postal_codes_and_telephone_numbers_are_taken_in_any_writing() -> None:
    """〒, full-width, hyphens, brackets."""
    assert postal_code("〒１６０－００２３") == "1600023"
    assert postal_code_shown("1600023") == "160-0023"
    assert phone("050（3364）0800") == "05033640800"
    assert phone("") == ""


@pytest.mark.parametrize(("symbol", "number", "branch", "deposit", "bank_number"), PASSBOOKS)
def test_a_passbook_is_converted_both_ways(
    symbol: str, number: str, branch: str, deposit: str, bank_number: str
) -> None:
    """記号・番号 → 店番・口座番号, and back as far as the other banks' form tells."""
    assert yucho.fitting(symbol, number) == ""
    assert yucho.to_bank(symbol, number) == yucho.BankNumbers(branch, deposit, bank_number)
    known, back = yucho.from_bank(branch, bank_number)
    assert back == number
    assert all(shown in {"?", digit} for shown, digit in zip(known, symbol, strict=True))


@given(symbol=st.from_regex("1[0-9]{3}0", fullmatch=True), number=DIGITS)
def test_every_ordinary_passbook_comes_back(symbol: str, number: str) -> None:
    """Round trip over all 総合口座."""
    assume(number.strip("0"))
    typed = yucho.passbook_number(f"{number}1")
    numbers = yucho.to_bank(yucho.symbol(symbol), typed)
    assert yucho.from_bank(numbers.branch_code, numbers.number) == (f"{symbol[:3]}?0", typed)


@pytest.mark.parametrize(
    ("symbol", "number", "words"),
    [
        ("14370", "19927652", "1ではありません"),
        ("14370", "1", "短すぎます"),
        ("00120", "1234567", "6桁まで"),
    ],
)
def test_a_passbook_number_that_does_not_fit_is_named(symbol: str, number: str, words: str) -> None:
    """番号 that does not end in 1; one that is too long for a 振替口座."""
    assert words in yucho.fitting(symbol, number)


def test_ordinary_branch_codes_of_yucho_end_in_8_or_9() -> None:
    """Anything else is no 店番 of ゆうちょ銀行."""
    with pytest.raises(Refused, match="8か9"):
        yucho.from_bank("123", "1234567")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("ケイジギョウセイショシジムショ", "ｹｲｼﾞｷﾞﾖｳｾｲｼﾖｼｼﾞﾑｼﾖ"),
        ("けいじ　たろう", "ｹｲｼﾞ ﾀﾛｳ"),
        ("ジョウホク", "ｼﾞﾖｳﾎｸ"),
        ("パーソン", "ﾊﾟ-ｿﾝ"),
        ("ﾊﾟｰｿﾝ", "ﾊﾟ-ｿﾝ"),
        ("ヲ", "ｵ"),
        ("abcＡ１", "ABCA1"),
        ("カ）ケイジ", "ｶ)ｹｲｼﾞ"),
        ("ケイジ・サービス", "ｹｲｼﾞ.ｻ-ﾋﾞｽ"),
        ("ヴァイオリン", "ｳﾞｱｲｵﾘﾝ"),
        ("ガギ", "ｶﾞｷﾞ"),
        ("", ""),
    ],
)
def test_a_holder_is_written_as_the_banks_do(typed: str, value: str) -> None:
    """ャ→ヤ, ー→-, ヲ→オ, a→A, full → half, a 濁点 by itself."""
    assert holder_kana(typed) == value
    assert holder_kana(value) == value


@given(st.text(st.sampled_from("アガパャッーヲヴあがぱゃｱｶﾞﾊﾟｬｰaZ０9 　()（）-－‐.・/"), max_size=40))
def test_writing_a_holder_twice_changes_nothing(typed: str) -> None:
    """Whatever was taken is taken again as it is, and fits."""
    try:
        value = holder_kana(typed)
    except Refused:
        return
    assert holder_kana(value) == value
    assert len(value) <= LONGEST


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ｶﾞ" * 16, "現在は32文字"),
        ("軽自", "漢字"),
        ("ケイジ＆タロウ", "アンド"),
        ("ケイジ@", "「@」は使えません"),
    ],
)
def test_a_holder_that_cannot_be_written_is_named(typed: str, words: str) -> None:
    """A 濁点 counts one; what is offered instead."""
    with pytest.raises(Refused, match=words):
        holder_kana(typed)


NINE = st.from_regex("[0-9]{9}", fullmatch=True)


@given(NINE, st.integers(0, 9), st.integers(1, 9))
def test_the_check_digit_catches_every_wrong_digit(nine: str, place: int, by: int) -> None:
    """Any digit, the check digit too, changed into any other."""
    number = check_digit.with_check_digit(nine)
    assert check_digit.fits(number)
    wrong = (int(number[place]) + by) % 10
    assert not check_digit.fits(f"{number[:place]}{wrong}{number[place + 1 :]}")


@given(NINE, st.integers(0, 8))
def test_the_check_digit_catches_every_swap_of_neighbours(nine: str, place: int) -> None:
    """09 for 90 as well, which Luhn would take."""
    number = check_digit.with_check_digit(nine)
    first, second = number[place], number[place + 1]
    assume(first != second)
    assert not check_digit.fits(f"{number[:place]}{second}{first}{number[place + 2 :]}")


def test_every_pair_of_neighbours_is_caught_behind_every_beginning() -> None:
    """All 90 pairs behind all 10 interim digits: the table is totally anti-symmetric."""
    for head in "0123456789":
        for first in "0123456789":
            for second in "0123456789":
                if first != second:
                    there = check_digit.with_check_digit(f"{head}{first}{second}")
                    back = check_digit.with_check_digit(f"{head}{second}{first}")
                    assert there[-1] != back[-1]
                    if there[2] != there[3]:
                        assert not check_digit.fits(there[:2] + there[3] + there[2])


def test_a_reference_number_is_read_as_it_is_printed() -> None:
    """With hyphens, in any width."""
    number = check_digit.with_check_digit("012345678")
    assert check_digit.reference_number(check_digit.grouped(number)) == number
    assert check_digit.reference_number("０１２３－４５６－７８" + number[-1]) == number
    assert check_digit.reference_number("") == ""
