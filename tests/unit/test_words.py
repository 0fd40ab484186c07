"""The words of screens, messages and mails: plain, and one for each thing; docs/words.md lists them."""

import re

import pytest

from tests.unit.parts import ROOT, WEB

SAID = [
    *(path for path in (ROOT / "templates").rglob("*") if path.is_file()),
    # what people say is no word of ours
    *(path for path in WEB.rglob("*.py") if path != WEB / "features" / "help" / "synonyms.py"),
    *(ROOT / "static").glob("*.js"),
]
ROW = re.compile(r"^\| (?P<said>.+?) \| .+? \| (?P<never>`.+`) \|$", re.MULTILINE)
LIST = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
# What is not said, and what is said instead.
NEVER = {
    word.replace(r"\|", "|"): row["said"]
    for row in ROW.finditer(LIST)
    for word in re.findall("`([^`]+)`", row["never"])
}


def said(text: str, word: str) -> list[str]:
    """Find the places where a word stands, each with its neighbours."""
    return [text[max(found.start() - 8, 0) : found.end() + 8] for found in re.finditer(word, text)]


@pytest.mark.parametrize("word", NEVER)
def test_each_thing_has_one_word(word: str) -> None:
    """Plain words (Digital Agency's guide), the same on every screen."""
    found = {str(path): said(path.read_text(encoding="utf-8"), word) for path in SAID}
    assert {name: places for name, places in found.items() if places} == {}, NEVER[word]


def test_every_row_of_the_list_is_read() -> None:
    """A row that the pattern does not know would forbid nothing."""
    rows = [line for line in LIST.splitlines() if line.startswith("| ")]
    heads = [line for line in rows if line.endswith("| never |")]
    assert len(ROW.findall(LIST)) == len(rows) - len(heads)


def test_the_list_contradicts_itself_nowhere() -> None:
    """What a row tells to say, no row forbids."""
    told = {row["said"] for row in ROW.finditer(LIST)}
    assert {(each, word) for each in told for word in NEVER if re.search(word, each)} == set()


# Whole phrases that stood on screens once; each has something in it that the list forbids.
ONCE = [
    "このあとのこと",
    "操作がないままの場合",
    "受付用の番号",
    "次のどれかのためです",
    "お探しのページはないか",
    "パスワードは安全のため画面に残していません",
    "いまは、この手続を始められません",
    "期間にあるものを載せます",
    "操作の記録に残ります",
    "メールで手続して新しくします",
    "届出書を再印刷",
    "押印は要りません",
    "心がけていること",
    "さがす利用者",
    "できごと",
    "くわしい内容",
    "いまの",
    "送信をあきらめたメール",
    "予備コードを作り直す",
    "名前を変える",
    "スマートフォンをなくしたとき",
]


@pytest.mark.parametrize("phrase", ONCE)
def test_no_phrase_comes_back(phrase: str) -> None:
    """The list would notice it."""
    assert [word for word in NEVER if re.search(word, phrase)]
