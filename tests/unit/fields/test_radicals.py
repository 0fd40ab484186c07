"""Radicals from PDF files become the kanji they stand for; no kanji is touched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.banks.directory import the_bank
from web.fields.characters import is_kanji
from web.fields.field import Field
from web.fields.names import label_text, name
from web.fields.radicals import radicals_as_kanji

KANGXI = [chr(code) for code in range(0x2F00, 0x2FD6)]
# U+2E80 and a few more stand for no kanji; U+2E9A is not assigned.
SUPPLEMENT = [chr(code) for code in (*range(0x2E81, 0x2E9A), *range(0x2E9B, 0x2EF4))]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("⾼橋⼀郎", "高橋一郎"),
        ("⺠間⾞検", "民間車検"),
        ("⻄⽇本⾃動⾞", "西日本自動車"),
        ("⻘⽊　⻯⼆", "青木　竜二"),
        ("⻑⾕川⾷品", "長谷川食品"),
        ("髙﨑　濵⽥", "髙﨑　濵田"),
    ],
)
def test_a_name_from_a_pdf_is_the_name(typed: str, value: str) -> None:
    """In a name and in an address, shown as converted."""
    answer = Field("name", "氏名", name(60)).check(typed)
    assert (answer.value, answer.converted) == (value, value)
    assert label_text("")(typed) == value


@pytest.mark.parametrize("radical", KANGXI)
def test_every_kangxi_radical_is_its_compatibility_kanji(radical: str) -> None:
    """The standard's own decomposition agrees, for all 214."""
    assert radicals_as_kanji(radical) == unicodedata.normalize("NFKC", radical)


@pytest.mark.parametrize("radical", SUPPLEMENT)
def test_every_radical_of_the_supplement_becomes_a_kanji(radical: str) -> None:
    """Those that have a decomposition have this one."""
    kanji = radicals_as_kanji(radical)
    assert is_kanji(kanji)
    assert name(60)(radical) == kanji
    normal = unicodedata.normalize("NFKC", radical)
    if normal != radical:
        assert kanji == normal


def test_a_bank_from_a_pdf_is_the_bank() -> None:
    """千葉銀⾏ is 千葉銀行, exactly."""
    bank = the_bank("⻄⽇本シティ銀⾏")
    assert bank == the_bank("西日本シティ銀行")
    assert bank is not None


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_nothing_else_changes(text: str) -> None:
    """What is no radical stays where it is; a second time changes nothing."""
    value = radicals_as_kanji(text)
    assert len(value) == len(text)
    for before, after in zip(text, value, strict=True):
        assert before == after or "\u2e80" <= before <= "\u2fdf"
    assert radicals_as_kanji(value) == value
