"""The words of screens, messages and mails: plain, and one for each thing."""

import re

import pytest

from tests.unit.parts import ROOT, WEB

SAID = [
    *(path for path in (ROOT / "templates").rglob("*") if path.is_file()),
    *WEB.rglob("*.py"),
    *(ROOT / "static").glob("*.js"),
]
# What is not said, and what is said instead.
NEVER = {
    "不正": "what is wrong and how to mend it",
    "無効": "使用できません",
    "ブラウザ(?!ー)": "ブラウザー",
    "ログオン|サインイン": "ログイン",
    "リンク先": "URL",
    "下さい": "ください",
    "出来(?=ま|る|な)": "できます",
    "ユーザー?(?!エージェント)": "利用者",
    '未入力(?!")': "未登録",
    "Eメール|電子メール|ｅメール": "メール",
}


def said(text: str, word: str) -> list[str]:
    """Find the places where a word stands, each with its neighbours."""
    return [text[max(found.start() - 8, 0) : found.end() + 8] for found in re.finditer(word, text)]


@pytest.mark.parametrize("word", NEVER)
def test_each_thing_has_one_word(word: str) -> None:
    """Plain words (Digital Agency's guide), the same on every screen."""
    found = {str(path): said(path.read_text(encoding="utf-8"), word) for path in SAID}
    assert {name: places for name, places in found.items() if places} == {}, NEVER[word]


def test_a_word_that_frightens_would_be_found() -> None:
    """The sweep can fail."""
    assert said("<p>このURLは無効です。</p>", "無効")
    assert said("お使いのブラウザで", "ブラウザ(?!ー)")
    assert not said("お使いのブラウザーで", "ブラウザ(?!ー)")
