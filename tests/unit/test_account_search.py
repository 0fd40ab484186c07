"""What the desk finds people by: keys without what callers leave out, and indexes for all of them."""

import sqlite3
from contextlib import closing

import pytest

from web import paths
from web.fields.search_key import search_key
from web.store.account_search import SEARCH


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("株式会社高橋商店", "高橋商店"),
        ("高橋商店　株式会社", "高橋商店"),
        ("軽自　太郎", "軽自太郎"),
        ("カブシキガイシャチョウシャ", "チヨウシヤ"),
        ("一般社団法人軽自", "軽自"),
        ("（株）高橋商店", "高橋商店"),
        ("高橋商店（株）", "高橋商店"),
        ("高橋㈱商店", "高橋商店"),
        ("㈲みどり", "みどり"),
        ("（医社）はるかぜ会", "はるかぜ会"),
        ("医療法人社団はるかぜ会", "はるかぜ会"),
        ("特定非営利活動法人ほし", "ほし"),
        ("ＮＰＯ法人ほし", "ほし"),
        ("ほし合同会社", "ほし"),
        ("カブシキカイシャホシ", "ホシ"),
        ("エヌピーオーホウジンホシ", "ホシ"),
        ("株式会社", "株式会社"),
        ("", ""),
    ],
)
def test_a_name_is_looked_for_by_what_callers_say(name: str, key: str) -> None:
    """No 法人格, no spaces, no small kana."""
    assert search_key(name) == key
    assert search_key(key) == key


def test_the_search_reads_no_table_from_end_to_end() -> None:
    """Every way to find an account goes through an index; what was found is read by its key."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(paths.SCHEMA.read_text(encoding="utf-8"))
        names = ("id", "digits", "kana", "name", "email")
        given = dict.fromkeys(
            (*names, *(f"after_{name}" for name in names), "receipt", "paper", "error", "last"), ""
        )
        plan = [
            row[3]
            for row in connection.execute(f"EXPLAIN QUERY PLAN {SEARCH}", {**given, "most": 1})
        ]
    ways = [line for line in plan if line.startswith("SEARCH")]
    assert len(ways) >= 10
    tables = {"accounts", "kana_parts", "receipts", "reports", "direct_debit_forms", "shown_errors"}
    assert [line for line in plan if line.startswith("SCAN") and line.split()[1] in tables] == []
