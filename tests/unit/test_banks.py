"""Banks and branches: by name, kana or code, in any width, small kana like large ones."""

import time
from datetime import date

import pytest
from zengin_code import Bank as Listed

from tests.conftest import FrozenClock
from web import clock
from web.banks import corrections, merged
from web.banks.choosing import bank_offer, bank_text, branch_offer, branch_text
from web.banks.directory import (
    banks,
    banks_age,
    banks_dated,
    find_banks,
    find_branches,
    the_bank,
)
from web.banks.folding import folded_bank
from web.fields.field import Refused

MUFG = "0005 三菱ＵＦＪ銀行"


def test_the_list_is_whole() -> None:
    """More than a thousand banks, each branch of each under its code."""
    branches = sum(len(bank.branches) for bank in banks().values())
    assert 1_000 < len(banks()) <= 1_200
    assert 25_000 < branches <= 30_000


@pytest.mark.parametrize(
    "typed",
    [
        "0005",
        "０００５",
        "三菱UFJ銀行",
        "三菱ＵＦＪ",
        "みつびしゆーえふじぇい",
        "ﾐﾂﾋﾞｼﾕｰｴﾌｼﾞｪｲ",
        MUFG,
    ],
)
def test_a_bank_is_meant_however_it_is_typed(typed: str) -> None:
    """And what the list shows means the same entry again."""
    bank = the_bank(typed)
    assert bank
    assert bank.text == MUFG


@pytest.mark.parametrize("typed", ["じょうほく", "ジヨウホク", "ｼﾞｮｳﾎｸ", "城北"])
def test_small_and_large_kana_are_alike(typed: str) -> None:
    """Nobody has to type ジヨウホク."""
    assert [bank.code for bank in find_banks(typed)] == ["1351"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("城北信用金庫", "1351"),
        ("じょうほくしんようきんこ", "1351"),
        ("茨城県信用組合", "2101"),
        ("いばらきけんしんようくみあい", "2101"),
        ("中央労働金庫", "2963"),
        ("ﾁｭｳｵｳﾛｳﾄﾞｳｷﾝｺ", "2963"),
        ("八千代市農業協同組合", "4955"),
        ("長野県信用農業協同組合連合会", "3016"),
        ("北海道信用漁業協同組合連合会", "9450"),
        ("商工組合中央金庫", "2004"),
        ("農林中央金庫", "3000"),
        ("1351 城北信用金庫", "1351"),
    ],
)
def test_a_full_name_is_found_though_the_list_shortens_it(typed: str, code: str) -> None:
    """On the passbook stands 信用金庫, in the list of the 全銀 system 信金."""
    bank = the_bank(typed)
    assert bank
    assert bank.code == code


def test_the_closest_comes_first() -> None:
    """An exact name before one that begins so, before one that holds it."""
    assert find_banks("みずほ")[0].code == "0001"
    assert [bank.code for bank in find_banks("00")][:2] == ["0001", "0005"]
    assert find_banks("銀行") == find_banks("") == []


@pytest.mark.parametrize("typed", ["丸の内", "まるのうち支店", "ﾏﾙﾉｳﾁ", "002", "002 丸の内"])
def test_a_branch_is_found_in_its_bank(typed: str) -> None:
    """By name, kana, code, or as the list shows it."""
    branch = branch_offer(banks()["0005"], typed).meant
    assert branch
    assert branch.code == "002"


def test_what_is_not_clear_means_nobody() -> None:
    """Several matches are a choice; no match is none."""
    assert len(find_banks("三菱")) > 1
    assert the_bank("三菱") is None
    assert the_bank("ない銀行") is None
    assert branch_offer(banks()["0005"], "大阪").meant is None


@pytest.mark.parametrize(
    "typed", ["119", "5", "00005", "イーバンク銀行", "城北", "城北銀行", "0005-"]
)
def test_a_part_of_a_bank_or_of_its_code_means_nobody(typed: str) -> None:
    """119 was 福島信金 (1190), イーバンク銀行 was シティバンク: what is left of another is no name."""
    assert the_bank(typed) is None


@pytest.mark.parametrize(
    ("bank", "typed"),
    [
        ("0288", "津支店"),
        ("0117", "筒井"),
        ("0134", "4"),
        ("0134", "04"),
        ("0134", "0004"),
        ("0134", "県"),
        ("0134", "004 大阪"),
        ("0134", "401県庁"),
        ("0134", "本店" + " " * 100 + "大阪"),
        ("0489", "東京"),
    ],
)
def test_a_part_of_a_branch_or_a_mix_of_two_means_nobody(bank: str, typed: str) -> None:
    """津 was 津田沼, 筒井 was 桜川筒井; code and name of two branches are forged, two 東京 a choice."""
    assert branch_offer(banks()[bank], typed).meant is None


def test_a_code_without_its_zeros_comes_first() -> None:
    """4 is 004 県庁 before 401 大阪; 119 is 0119 before 1190."""
    assert [each.code for each in find_branches(banks()["0134"], "4")][:2] == ["004", "401"]
    assert [each.code for each in find_banks("119")][:2] == ["0119", "1190"]


def test_a_code_beside_another_name_offers_what_either_means() -> None:
    """A draft may hold a name that a newer list has changed."""
    mizuho = banks()["0001"]
    assert find_branches(mizuho, "649 ＰａｙＰａｙカード")[0].text == "649 ナンテン"
    found = [each.text for each in find_branches(banks()["0134"], "004 大阪")]
    assert found == ["004 県庁", "401 大阪"]


def test_a_correction_stands_only_while_the_package_is_wrong() -> None:
    """Else its line must go; what is gone is explained, and no branch of it is offered."""
    for (bank, code), wrong in corrections.BRANCHES.items():
        assert Listed.all[bank].branches[code].name == wrong.listed
        assert banks()[bank].branches[code].text == f"{code} {wrong.name}"
        assert branch_offer(banks()[bank], wrong.listed).meant is None
    for code in corrections.GONE:
        assert code in Listed.all
        assert code not in banks()
        assert merged.explained(code)


def test_a_name_that_the_package_changed_stands() -> None:
    """A correction is of one wrong name, not of the branch for ever."""
    assert corrections.branch("0001", "649", "ミモザ", "ミモザ") == ("ミモザ", "ミモザ")


def test_the_list_says_its_day(frozen: FrozenClock) -> None:
    """By the package's version; the age in days of Japan."""
    frozen.at = clock.start_of(banks_dated()) + 10 * clock.DAY
    assert banks_dated() > date(2026, 8, 1)
    assert [banks_age(frozen.at - 1), banks_age(frozen.at)] == [9, 10]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            "みちのく銀行",
            "みちのく銀行（0118）は、合併により青森みちのく銀行（0117）になりました。",
        ),
        ("0118", "みちのく銀行（0118）は、合併により青森みちのく銀行（0117）になりました。"),
        ("０１１８", "みちのく銀行（0118）は、合併により青森みちのく銀行（0117）になりました。"),
        (
            "0118 みちのく",
            "みちのく銀行（0118）は、合併により青森みちのく銀行（0117）になりました。",
        ),
        ("青森銀行", "青森銀行は、合併により青森みちのく銀行（0117）になりました。"),
        ("新銀行東京", "新銀行東京（0322）は、合併によりきらぼし銀行（0137）になりました。"),
        ("浜松信用金庫", "浜松信用金庫は、合併により浜松磐田信金（1503）になりました。"),
        ("浜松信金", "浜松信用金庫は、合併により浜松磐田信金（1503）になりました。"),
        ("ｼﾞｬﾊﾟﾝﾈｯﾄ", "ジャパンネット銀行は、商号変更によりＰａｙＰａｙ銀行（0033）になりました。"),
        ("岩沼市農協", "岩沼市農業協同組合（3647）は、合併により仙台農協（3636）になりました。"),
        ("三菱UFJ", ""),
        ("", ""),
    ],
)
def test_a_merged_bank_is_explained(typed: str, words: str) -> None:
    """With its former code, if it is gone, and its successor."""
    assert merged.explained(typed) == words


FORMER = [(change, name, code) for change in merged.CHANGES for name, code in change.former.items()]


@pytest.mark.parametrize("change", merged.CHANGES, ids=lambda change: change.code)
def test_a_successor_is_in_the_list_under_that_very_name(change: merged.Change) -> None:
    """The table cannot outlive the list it explains."""
    assert banks()[change.code].name == change.name


@pytest.mark.parametrize(
    ("change", "name", "code"), FORMER, ids=[f"{code}{name}" for _, name, code in FORMER]
)
def test_a_former_bank_is_gone_and_means_no_other(
    change: merged.Change, name: str, code: str
) -> None:
    """Neither name nor code is in the list; what is typed leads to the successor alone."""
    keys = {key for bank in banks().values() for key in bank.keys}
    assert code not in banks()
    assert folded_bank(name) not in keys
    for typed in filter(None, (name, code, f"{code} {name}")):
        assert merged.successor(typed) is banks()[change.code], typed
        assert change.how in merged.explained(typed)


def test_no_name_and_no_code_stands_twice_among_the_former() -> None:
    """Or one of two successors would be offered by chance."""
    found = [each for _, name, code in FORMER for each in (folded_bank(name), code) if each]
    assert len(found) == len(set(found))


def test_a_search_takes_a_moment() -> None:
    """The whole list of banks, and of the largest bank's branches, within 50 ms."""
    largest = max(banks().values(), key=lambda bank: len(bank.branches))
    started = time.thread_time()  # of this thread alone: a busy machine is no fault
    for typed in ("ん", "みつびし", "城", "9"):
        find_banks(typed)
        find_branches(largest, typed)
    assert time.thread_time() - started < 0.05 * 8


WITH_MORE = {
    "株式会社千葉銀行": "0134",
    "㈱千葉銀行": "0134",
    "(株)千葉銀行": "0134",
    "千葉銀行（株）": "0134",
    "ｶﾌﾞｼｷｶﾞｲｼｬ ﾁﾊﾞｷﾞﾝｺｳ": "0134",
    "千葉銀": "0134",
    "千葉銀行本店": "0134",
    "千葉銀行 津田沼支店": "0134",
    "多摩信用金庫本店": "1360",
    "多摩しんきん": "1360",
    "中央ろうきん": "2963",
    "JA仙台農協": "3636",
    "ＪＡ仙台農業協同組合": "3636",
    "第一勧業しんくみ": "2254",
    "シティバンク銀行": "0401",  # 2007 to 2015, another company
    "アメリカ銀行": "0403",
    "134 千葉銀行": "0134",
    "１３４千葉": "0134",
}


@pytest.mark.parametrize("typed", WITH_MORE)
def test_a_bank_with_more_than_its_name_is_offered_first_and_not_taken(typed: str) -> None:
    """法人格, branch, the names that banks use of themselves; whoever typed it chooses."""
    offer = bank_offer(typed)
    assert offer.meant is None
    assert offer.found[0].code == WITH_MORE[typed]
    assert "候補から選んでください" in offer.words


@pytest.mark.parametrize(
    "typed",
    [
        "津田沼出張所",
        "津田沼営業部",
        "ﾂﾀﾞﾇﾏｼｭｯﾁｮｳｼﾞｮ",
        "千葉銀行津田沼支店",
        "津田沼支店（999）",
        "津田沼代理店",
        "津田沼店",
        "津田沼特別出張所",
        "16 津田沼",
        "16津田沼支店",
    ],
)
def test_a_branch_with_more_than_its_name_is_offered_first_and_not_taken(typed: str) -> None:
    """It may be another than the one of that name."""
    chiba = the_bank("0134")
    assert chiba
    offer = branch_offer(chiba, typed)
    assert offer.meant is None
    assert offer.found[0].code == "016"


@pytest.mark.parametrize(
    ("bank", "branch"),
    [
        ("千葉銀行（0134）", "津田沼（016）"),
        ("千葉(0134)", "津田沼支店 (016)"),
        ("ﾁﾊﾞ（０１３４）", "ﾂﾀﾞﾇﾏ（０１６）"),
    ],
)
def test_what_the_screens_show_is_taken_when_it_is_typed(bank: str, branch: str) -> None:
    """Name and code in brackets, as on 確認: each of them says the same."""
    assert bank_text(bank) == "0134 千葉銀行"
    assert branch_text(the_bank(bank), branch) == "016 津田沼"
    with pytest.raises(Refused):
        bank_text("千葉銀行（0135）")
