"""Rows of the package's list that are out of date, put right here until the package does so itself.

Each line names where it was read; what could not be read anywhere is not here. A test says so when the package
has caught up, and the line goes.
"""

from dataclasses import dataclass

# Merged into 仙台農協 (3636), whose branches the package has already: `merged.py` explains them.
# 2025-04-01, newsdig.tbs.co.jp/articles/tbc/1818483, github.com/zengin-code/source-data/issues/34
GONE = frozenset({"3647", "3652", "3653"})


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a branch is called, in place of the name that the package has for it."""

    listed: str
    name: str
    kana: str


BRANCHES = {
    # www.mizuhobank.co.jp/tenpoinfo/senyou.html, by github.com/zengin-code/source-data/issues/28
    ("0001", "649"): Renamed("ＰａｙＰａｙカード", "ナンテン", "ナンテン"),
    ("0001", "692"): Renamed("ＰａｙＰａｙカード第二", "アケビ", "アケビ"),
    # the bank's own site and the list of the 全銀 system, by github.com/zengin-code/source-data/issues/33
    ("0543", "239"): Renamed("豊田", "豊田営業部", "トヨタエイギヨウブ"),
}


def branch(bank_code: str, code: str, listed: str, kana: str) -> tuple[str, str]:
    """Give name and kana of a branch; a name that the package has changed meanwhile stands."""
    known = BRANCHES.get((bank_code, code))
    return (known.name, known.kana) if known and known.listed == listed else (listed, kana)
