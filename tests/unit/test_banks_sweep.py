"""The whole list: only what is a name, a kana or a code is taken for a bank or branch; parts never are."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path

import pytest

from web.banks.directory import Bank, Branch, banks, exact_branches, find_branches, the_bank

pytestmark = pytest.mark.slow

CLOSED = Path(__file__).parent / "data" / "closed_branches.csv"
FIRST_DIGITS = "0123456789"  # the list in parts, for as many processors
LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ－ー", "アイウエオツヤユヨワカケ--")
KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
FOREIGN = re.compile(
    "[、・]|バンク"
)  # シティバンク銀行 was another company than シティバンク、エヌ・エイ
SHORT = {"信用金庫": "信金", "信用組合": "信組", "農業協同組合": "農協"}


def the_branch(bank: Bank, typed: str) -> Branch | None:
    """Give the branch that is taken without a choice."""
    found = exact_branches(bank, typed)
    return found[0] if len(found) == 1 else None


def plain(text: str) -> str:
    """Spell a text as the rule has it: no difference of width, kana, ヶ and ケ, or of spaces."""
    folded = (
        unicodedata.normalize("NFKC", text.translate(LARGE)).translate(KATAKANA).translate(LARGE)
    )
    return folded.replace(" ", "").replace(".", "・").upper()


def spellings(entry: Bank | Branch, *endings: str) -> set[str]:
    """List all that may be taken for an entry, as plain as the rule allows."""
    names = {plain(entry.name), plain(entry.kana)}
    ends = {name.removesuffix(end) for name in names for end in endings} | names
    called = {name + end for name in ends for end in ("", *endings)}
    return {entry.code, plain(entry.text)} | called | {entry.code + name for name in called}


def parts(text: str) -> Iterator[str]:
    """Cut every piece out of a text."""
    ends = range(len(text) + 1)
    return (text[start:end] for start in ends for end in ends[start + 1 :])


def digits(codes: Iterable[str], width: int) -> Iterator[str]:
    """Give every number shorter than a code, and codes with a digit lost or added."""
    for length in range(1, width):
        yield from map("".join, product("0123456789", repeat=length))
    for code in codes:
        yield from (code[1:], code[:-1], code.lstrip("0"), f"0{code}", f"{code}0", f"-{code}")


def typed_for(entries: Mapping[str, Bank | Branch], width: int, *endings: str) -> set[str]:
    """Collect what somebody may type: every part of every name and kana, broken and mixed codes."""
    typed = set(digits(entries, width))
    for entry in entries.values():
        typed |= {*parts(entry.name), *parts(entry.kana), *parts(entry.text), entry.text}
        for end in endings:
            typed |= {entry.name[at:] + end for at in range(len(entry.name))}
            typed |= {entry.name[:at] + end for at in range(len(entry.name))}
    for one, other in pairwise(entries.values()):
        typed |= {f"{one.code} {other.name}", f"{one.code} {one.name}{other.name}"}
    return typed


def banks_from(first: str) -> list[Bank]:
    """Give the banks whose codes begin with a digit."""
    return [bank for code, bank in banks().items() if code.startswith(first)]


@pytest.mark.parametrize("first", FIRST_DIGITS)
def test_no_part_of_a_branch_is_taken_for_it(first: str) -> None:
    """Some millions of strings: each is refused, or is the name, kana or code of what is taken."""
    tried = taken = 0
    for bank in banks_from(first):
        fitting = {
            code: spellings(branch, "支店", "シテン") for code, branch in bank.branches.items()
        }
        for typed in typed_for(bank.branches, 3, "支店"):
            tried += 1
            branch = the_branch(bank, typed)
            if branch:
                taken += 1
                assert plain(typed) in fitting[branch.code], (bank.text, typed, branch.text)
    print(f"branches of banks {first}…: {tried} strings tried, {taken} taken")


def test_no_part_of_a_bank_is_taken_for_it() -> None:
    """八千代銀行 is no 八千代市農協, イーバンク銀行 no シティバンク."""
    tried = taken = 0
    shown = banks()
    fitting = {
        code: spellings(bank, "銀行", "ギンコウ")
        if (code <= "0999" or code == "9900") and not FOREIGN.search(bank.name)
        else spellings(bank)
        for code, bank in shown.items()
    }
    for typed in typed_for(shown, 4, "銀行", "信用金庫", "農業協同組合"):
        tried += 1
        bank = the_bank(typed)
        if bank:
            taken += 1
            whole = plain(typed)
            short = {whole.removesuffix(long) + end for long, end in SHORT.items() if long in whole}
            assert {whole, *short} & fitting[bank.code], (typed, bank.text)
    print(f"banks: {tried} strings tried, {taken} taken")


@pytest.mark.parametrize("first", FIRST_DIGITS)
def test_every_entry_is_taken_by_its_code_and_by_what_the_list_shows(first: str) -> None:
    """And by its name or kana, or else another one has the same."""
    for bank in banks_from(first):
        assert the_bank(bank.text) is the_bank(bank.code) is bank, bank.text
        assert the_bank(bank.name) is bank, bank.text
        called = Counter(
            name
            for branch in bank.branches.values()
            for name in {plain(branch.name), plain(branch.kana)}
        )
        for branch in bank.branches.values():
            assert the_branch(bank, branch.text) is branch, (bank.text, branch.text)
            assert the_branch(bank, branch.code) is branch, (bank.text, branch.text)
            for typed in (branch.name, branch.kana):
                meant = branch if called[plain(typed)] == 1 else None
                assert the_branch(bank, typed) is meant, (bank.text, typed)


def test_a_branch_that_closed_is_taken_for_no_other() -> None:
    """Names of older lists that are a part of one other name in today's."""
    with CLOSED.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) > 70
    for row in rows:
        bank = banks()[row["bank_code"]]
        for typed in (row["name"], f"{row['name']}支店"):
            branch = the_branch(bank, typed)
            assert branch is None or branch.name == row["name"], (bank.text, typed)
        assert row["looked_like"] in [each.text for each in find_branches(bank, row["name"])]
