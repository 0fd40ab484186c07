"""One spelling for what people type and what the list holds: small kana, width and marks alike."""

import re
import unicodedata

from web.fields.radicals import radicals_as_kanji

LONGEST = 100  # characters: no name in the list is that long
_SMALL = str.maketrans(
    "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ", "アイウエオツヤユヨワカケアイウエオツヤユヨワ"
)
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_SPACES = re.compile("[\\s\u3000]")
_DASHES = re.compile("[\\-\u2010-\u2015\u2212]")
_MARKS = re.compile("[・.()\u30fc]")
_BANK = re.compile("(銀行|ギンコウ)$")
# The list shortens what stands on the passbook; the kana are large already.
_SHORT = {
    "信用金庫": "信金",
    "シンヨウキンコ": "シンキン",
    "信用組合": "信組",
    "シンヨウクミアイ": "シンクミ",
    "労働金庫": "労金",
    "ロウドウキンコ": "ロウキン",
    "信用農業協同組合連合会": "信連",
    "シンヨウノウギヨウキヨウドウクミアイレンゴウカイ": "シンレン",
    "信用漁業協同組合連合会": "信漁連",
    "シンヨウギヨギヨウキヨウドウクミアイレンゴウカイ": "シンギヨレン",
    "農業協同組合": "農協",
    "ノウギヨウキヨウドウクミアイ": "ノウキヨウ",
    "漁業協同組合": "漁協",
    "ギヨギヨウキヨウドウクミアイ": "ギヨキヨウ",
    "商工組合中央金庫": "商工中金",
    "シヨウコウクミアイチユウオウキンコ": "シヨウコウチユウキン",
    "農林中央金庫": "農林中金",
    "ノウリンチユウオウキンコ": "ノウリンチユウキン",
}
_LONG = re.compile(f"({'|'.join(_SHORT)})$")
_BRANCH = re.compile("(支店|シテン)$")
# What people write beside a name; whoever types it is offered what is left.
_CODE_BEHIND = re.compile(r"\([0-9]+\)$")
_BESIDE_BANK = re.compile(
    r"^(?:[0-9]+|\(株\)|株式会社|カブシキガイシヤ|JA)|(?:\(株\)|株式会社)$"
    "|(?<=銀行|信金|農協|信組|労金).+$|(?<=信用金庫|信用組合|労働金庫|ギンコウ).+$|銀$"
)
_BESIDE_BRANCH = re.compile(
    "^.*(?:銀行|ギンコウ|信金|信用金庫|農協|信組)|^[0-9]+|(?:特別出張所|出張所|支所|営業部|営業所|営業|代理店|(?<!支)店"
    "|シユツチヨウジヨ|シシヨ|エイギヨウブ)$"
)
_IN_KANA = (
    ("ロウキン", "労金"),
    ("シンキン", "信金"),
    ("シンクミ", "信組"),
    ("ノウキヨウ", "農協"),
)


def spelled(text: str) -> str:
    """Spell a name in one way: large katakana, half-width capitals, no spaces; every letter stays.

    What is too long is no name, and nothing is like it: to normalise 60 KB of marks takes seconds.
    """
    if len(text) > LONGEST:
        return ""
    # NFKC is for comparing only; nothing that it made is ever shown or kept.
    plain = (
        unicodedata.normalize("NFKC", radicals_as_kanji(text))
        .translate(_HIRAGANA)
        .translate(_SMALL)
    )
    one = _DASHES.sub("\u30fc", _SPACES.sub("", plain))  # the list has no long mark in its kana
    return one.replace(".", "・").upper()


def spelled_bank(text: str, *, ordinary: bool) -> str:
    """Spell a bank as the list does, 信用金庫 and the like in short; an ordinary bank without 銀行."""
    whole = spelled(text)
    short = _BANK.sub("", whole) or whole if ordinary else whole
    return _LONG.sub(lambda found: _SHORT[found[1]], short)


def spelled_branch(text: str) -> str:
    """Spell a branch as the list does, without 支店."""
    whole = spelled(text)
    return _BRANCH.sub("", whole) or whole


def folded(text: str) -> str:
    """Fold a name for the search: as spelled, without marks."""
    return _MARKS.sub("", spelled(text))


def folded_bank(text: str) -> str:
    """Fold what was typed for a bank: the list has no 銀行, and shortens 信用金庫 and the like."""
    whole = folded(text)
    return _LONG.sub(lambda found: _SHORT[found[1]], _BANK.sub("", whole)) or whole


def folded_branch(text: str) -> str:
    """Fold what was typed for a branch; the word 支店 is not in the list."""
    whole = folded(text)
    return _BRANCH.sub("", whole) or whole


def loosened_bank(text: str) -> str:
    """Fold what was typed for a bank without what people write beside its name."""
    plain = _BESIDE_BANK.sub("", _CODE_BEHIND.sub("", spelled(text)))
    for kana, kanji in _IN_KANA:  # 多摩しんきん
        plain = re.sub(f"{kana}$", kanji, plain)
    return folded_bank(plain)


def loosened_branch(text: str) -> str:
    """Fold what was typed for a branch without what people write beside its name."""
    return folded_branch(_BESIDE_BRANCH.sub("", _CODE_BEHIND.sub("", spelled(text))))
