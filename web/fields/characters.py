"""Characters that no field takes: hidden ones, broken ones, emoji. Each is named in the message."""

import re
import unicodedata
from itertools import pairwise

from web.fields.field import Refused

_PICTURES = (
    "\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25aa\u25ab\u25b6\u25c0"
    "\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f000-\U0001fbff"
)
# The repeats are bounded because the message quotes the whole emoji.
_PICTURE = f"[{_PICTURES}][\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]{{0,9}}"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_KEYCAP = "[\\w#*]\ufe0f?\u20e3"
_SYMBOL = "[‼⁉©®™ℹⓂ〰〽㊗㊙]\ufe0f"
_EMOJI = re.compile(f"{_FLAG}|{_KEYCAP}|{_SYMBOL}|{_PICTURE}(?:\u200d{_PICTURE}){{0,9}}")
_JAPANESE_CODES = ("cp932", "euc_jis_2004")
# What almost everybody types: such a text needs none of the checks below.
_PLAIN = re.compile("[ -~\u3000ぁ-ゖァ-ヺ・ー\u4e00-\u9fa5！-～｡-ﾟ]*")

_KANJI = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9]"
    "|[\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)
_KANJI_VARIANT = re.compile("[\ufe00-\ufe02\U000e0100-\U000e01ef]")
_VISIBLE = re.compile(f".{_KANJI_VARIANT.pattern}*", re.DOTALL)
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u20e3\u2800\u3164\uffa0\ufe00-\ufe0f]"
    "|[\U000e0100-\U000e01ef]"
)
_LINE_BREAKS = "\n\v\f\r\x85\u2028\u2029"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_UNSEEN = "目に見えない文字", "この欄をいったん空にして、入力し直してください。"
_GARBLED = "文字化けした文字", "もとの文字に直してください。"
_BY_CATEGORY = {
    "Cc": ("制御文字", "この欄をいったん空にして、入力し直してください。"),
    "Cf": _UNSEEN,
    "Cs": _GARBLED,
    "Co": ("外字", "ふつうの漢字か、かなに置き換えてください。"),
    "Cn": ("割り当てのない文字", "ほかの文字に置き換えてください。"),
}


def refuse_unusable(text: str) -> None:
    """Refuse hidden and broken characters and emoji, by name."""
    if _PLAIN.fullmatch(text):
        return
    for match in _EMOJI.finditer(text):
        if len(match[0]) > 1 or not _is_japanese_text(match[0]):
            raise Refused(f"「{match[0]}」は使えません。絵文字を消してください。")
    refuse_hidden(text)


def refuse_hidden(text: str) -> None:
    """Refuse control, invisible, broken, unassigned and private-use characters, by name."""
    if _PLAIN.fullmatch(text):
        return
    for before, character in pairwise(f" {text}"):
        if _KANJI_VARIANT.match(character) and is_kanji(before):
            continue
        if _is_mark(character) and _is_mark(before) and not _BLANK.match(character):
            raise Refused(
                f"重なった記号{named(character)}は使えません。記号を1つだけにしてください。"
            )
        word, remedy = _hidden(character)
        if word:
            raise Refused(f"{word}は使えません。{remedy}")


def named(character: str) -> str:
    """Name a character inside a sentence, with its code if it cannot be seen alone."""
    if _is_mark(character):
        return f"「\u25cc{character}」({code(character)})"
    return f"「{character}」"


def code(character: str) -> str:
    """Write a character's code as U+0041."""
    return f"U+{ord(character):04X}"


def is_kanji(character: str) -> bool:
    """Tell kanji; planes 2 and 3 hold nothing else, whatever this Python knows of them."""
    return bool(_KANJI.match(character))


def visible_length(text: str) -> int:
    """Count the characters as the reader does: a kanji and its variation selector are one."""
    return len(_KANJI_VARIANT.sub("", text))


def has_unseen(text: str) -> bool:
    """Tell whether a text holds a character that nobody can see, blanks aside."""
    return any(
        unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp"} or _BLANK.match(each)
        for each in text
    )


def visible_characters(text: str) -> list[str]:
    """Take a text apart as the reader does: a kanji stays with its variation selector."""
    return _VISIBLE.findall(text)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _hidden(character: str) -> tuple[str, str]:
    if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT and character.isprintable():
        # They reorder what stands beside them in a list; the hidden ones are named below.
        return f"右から左に書く文字{named(character)}", "かな、漢字、英字などに直してください。"
    if character in _LINE_BREAKS:
        return "改行", "1行で入力してください。"
    if character == "\t":
        return "タブ", "空白に置き換えてください。"
    if character in "\ufffc\ufffd":
        word, remedy = _GARBLED
    elif _BLANK.match(character):
        word, remedy = _UNSEEN
    elif is_kanji(character):
        return "", ""
    else:
        word, remedy = _BY_CATEGORY.get(unicodedata.category(character), ("", ""))
    return (f"{word}({code(character)})", remedy) if word else ("", "")


def _is_japanese_text(symbol: str) -> bool:
    """Tell ☎ ♨ ☆, which Japanese character sets have, from ❤ and 😀."""
    if symbol > "\uffff":
        return False
    if unicodedata.category(symbol) != "So":
        return True
    for encoding in _JAPANESE_CODES:
        try:
            symbol.encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return False
