"""Kana as the banks' systems write them: half-width, large, a 濁点 by itself (全銀協 format)."""

import re
import unicodedata

from web.fields.width import DASHES, to_full_width, to_half_width

_SMALL = dict(zip("ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
                  "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ", strict=True))  # fmt: skip
_LARGE = str.maketrans(
    {**_SMALL, "ヲ": "オ", "ヰ": "イ", "ヱ": "エ", "・": ".", "゛": "\u3099", "゜": "\u309a"}
)
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_LONG_MARKS = re.compile(f"[ー{DASHES}]")
_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF71, 0xFF9E)}
_HALF |= {"\u3099": "ﾞ", "\u309a": "ﾟ", "ﾞ": "ﾞ", "ﾟ": "ﾟ"}
_TO_HALF = str.maketrans(_HALF)


def to_bank(text: str) -> str:
    """Write kana, letters and digits as the banks do; what they lack stays as it is."""
    kana = to_full_width(text).translate(_HIRAGANA).translate(_LARGE)
    # Only kana are taken apart into letter and mark; NFD over kanji would change some of them.
    apart = "".join(
        unicodedata.normalize("NFD", each) if "\u30a1" <= each <= "\u30fa" else each
        for each in kana
    )
    plain = _LONG_MARKS.sub("-", apart).translate(_TO_HALF)
    return to_half_width(plain).upper()
