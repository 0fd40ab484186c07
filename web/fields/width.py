"""Half-width and full-width: a change of width, never a normalisation of the text."""

import re
import unicodedata

# As the inside of a regular expression's brackets: whatever keyboards, PDF files and telephones have for a hyphen.
DASHES = (
    "\\-\u02d7\u2010-\u2015\u2043\u207b\u208b\u2212\u23af\u2500\u2501\u2e3a\u2e3b\ufe58\ufe63\uff0d"
)

_ASCII_TO_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_FULL_TO_ASCII = {full: half for half, full in _ASCII_TO_FULL.items()}

_SPACING_MARKS = {"ﾞ": "゛", "ﾟ": "゜"}
_KANA_TO_FULL = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF61, 0xFF9E)}
    | _SPACING_MARKS
)
_TO_FULL = _ASCII_TO_FULL | _KANA_TO_FULL

_COMBINING = {"ﾞ": "\u3099", "ﾟ": "\u309a", "\u3099": "\u3099", "\u309a": "\u309a"}
_KANA_AND_MARK = re.compile("([ぁ-ゖゝァ-ヺヽｦ-ﾝ])([ﾞﾟ\u3099\u309a])")


def to_half_width(text: str) -> str:
    """Turn full-width ASCII and the full-width space into half-width."""
    return text.translate(_FULL_TO_ASCII)


def to_full_width(text: str) -> str:
    """Turn half-width ASCII, spaces and katakana into full-width, ｶﾞ into one ガ."""
    return join_marks(text).translate(_TO_FULL)


def join_marks(text: str) -> str:
    """Put a kana and the half-width or combining 濁点, 半濁点 behind it together."""
    return _KANA_AND_MARK.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    # NFC sees these two characters alone, so that no kanji ever meets it.
    pair = match[1].translate(_KANA_TO_FULL) + _COMBINING[match[2]]
    one = unicodedata.normalize("NFC", pair)
    return one if len(one) == 1 else match[0]
