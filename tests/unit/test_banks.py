"""Banks and branches: by name, kana or code, in any width, small kana like large ones."""

import time

import pytest

from web.banks import merged
from web.banks.directory import banks, find_banks, find_branches, the_bank, the_branch
from web.banks.folding import folded_bank

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
    branch = the_branch(banks()["0005"], typed)
    assert branch
    assert branch.code == "002"


def test_what_is_not_clear_means_nobody() -> None:
    """Several matches are a choice; no match is none."""
    assert len(find_banks("三菱")) > 1
    assert the_bank("三菱") is None
    assert the_bank("ない銀行") is None
    assert the_branch(banks()["0005"], "大阪") is None


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


def test_every_entry_is_found_by_what_the_list_shows() -> None:
    """Choosing never counts as 該当なし."""
    for bank in banks().values():
        assert the_bank(bank.text) is bank, bank.text
    for code in ("0001", "0005", "9900"):
        bank = banks()[code]
        for branch in bank.branches.values():
            assert the_branch(bank, branch.text) is branch, branch.text


def test_a_search_takes_a_moment() -> None:
    """The whole list of banks, and of the largest bank's branches, within 50 ms."""
    largest = max(banks().values(), key=lambda bank: len(bank.branches))
    started = time.perf_counter()
    for typed in ("ん", "みつびし", "城", "9"):
        find_banks(typed)
        find_branches(largest, typed)
    assert time.perf_counter() - started < 0.05 * 8
