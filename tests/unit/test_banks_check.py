"""mypage banks check: what a newer list would change, line by line."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.unit.conftest import Run
from web.banks.directory import banks
from web.cli.banks import COLUMNS

pytestmark = pytest.mark.slow

Row = tuple[str, str, str, str, str, str]
CHIBA = ("0134", "千葉", "チバ")


@pytest.fixture(scope="module")
def ours() -> list[Row]:
    """Give our own list as another program may write it: 銀行 off, or in half width."""
    return [
        (
            bank.code,
            bank.name.removesuffix("銀行"),
            bank.kana,
            branch.code,
            branch.name,
            branch.kana,
        )
        for bank in banks().values()
        for branch in bank.branches.values()
    ]


def write(path: Path, content: Iterable[Iterable[str]]) -> str:
    """Write a CSV with its header."""
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([COLUMNS, *content])
    return str(path)


def test_the_same_list_is_no_difference(run: Run, tmp_path: Path, ours: list[Row]) -> None:
    """Exit code 0; width and the word 支店 are no difference."""
    ours = [(*row[:4], f"{row[4]}支店", row[5].replace("－", "ー")) for row in ours]
    outcome = run("banks", "check", write(tmp_path / "list.csv", ours))
    assert (outcome.code, outcome.out, outcome.err) == (0, "none\n", "")


def test_what_is_new_gone_or_renamed_is_printed(run: Run, tmp_path: Path, ours: list[Row]) -> None:
    """A bank once, not each of its branches; exit code 1."""
    newer = [row for row in ours if row[0] != "0117" and (row[0], row[3]) != ("0134", "004")]
    newer = [
        (*row[:4], "なにわ", "ナニワ") if (row[0], row[3]) == ("0134", "401") else row
        for row in newer
    ]
    newer += [
        (*CHIBA, "999", "あたらしい", "アタラシイ"),
        ("9998", "新", "シン", "001", "本店", "ホンテン"),
    ]
    file = write(tmp_path / "list.csv", newer)
    outcome = run("banks", "check", file, "--json")
    assert outcome.code == 1
    assert "5 differences from the list of 20" in outcome.err
    told = [
        (row["change"], row["code"], row["ours"], row["theirs"]) for row in json.loads(outcome.out)
    ]
    assert told == [
        ("gone", "0117", "青森みちのく銀行 アオモリミチノク", ""),
        ("gone", "0134-004", "県庁 ケンチヨウ", ""),
        ("renamed", "0134-401", "大阪 オオサカ", "なにわ ナニワ"),
        ("new", "0134-999", "", "あたらしい アタラシイ"),
        ("new", "9998", "", "新 シン"),
    ]
    assert "renamed  0134-401" in run("banks", "check", file).out


def test_a_name_that_became_kana_is_renamed(run: Run, tmp_path: Path, ours: list[Row]) -> None:
    """Though the kana, typed, mean the branch still."""
    newer = [
        (*row[:4], "けんちょう", row[5]) if (row[0], row[3]) == ("0134", "004") else row
        for row in ours
    ]
    outcome = run("banks", "check", write(tmp_path / "list.csv", newer))
    assert "renamed  0134-004" in outcome.out


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            ("134", *CHIBA[1:], "004", "県庁", "ケンチヨウ"),
            "line 2: bank_code: 4 digits are needed",
        ),
        ((*CHIBA, "4", "県庁", "ケンチヨウ"), "line 2: branch_code: 3 digits are needed"),
        ((*CHIBA, "004", " ", "ケンチヨウ"), "line 2: branch_name: must not be empty"),
        ((*CHIBA, "004"), "line 2: "),
        (None, "no branches in it"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    run: Run, tmp_path: Path, row: tuple[str, ...] | None, words: str
) -> None:
    """A spreadsheet that dropped zeros would report every code as gone."""
    outcome = run("banks", "check", write(tmp_path / "list.csv", [row] if row else []))
    assert words in outcome.one_line
    assert outcome.one_line.endswith("; nothing was compared")
