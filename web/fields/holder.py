"""口座名義カナ: what is typed is converted to what the banks' systems accept (全銀協 format)."""

import re
import unicodedata

from web.fields.characters import is_kanji, named, refuse_unusable
from web.fields.field import Refused
from web.fields.text import single_spaced
from web.fields.width import to_full_width, to_half_width

LONGEST = 30  # half-width units; a 濁点 is one
_SMALL = dict(zip("ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
                  "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ", strict=True))  # fmt: skip
_LARGE = str.maketrans(
    {**_SMALL, "ヲ": "オ", "ヰ": "イ", "ヱ": "エ", "・": ".", "゛": "\u3099", "゜": "\u309a"}
)
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_DASHES = re.compile("[ー\u02d7\u2010-\u2015\u2212\u2500\u2501]")
_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF71, 0xFF9E)}
_HALF |= {"\u3099": "ﾞ", "\u309a": "ﾟ", "ﾞ": "ﾞ", "ﾟ": "ﾟ"}
_TO_HALF = str.maketrans(_HALF)
_NOT_ALLOWED = re.compile("[^ｱ-ﾝﾞﾟ0-9A-Z()./ -]")
_OFFERED = {
    **dict.fromkeys("㈱㍿", "カ)"),
    **dict.fromkeys("㈲", "ユ)"),
    **dict.fromkeys("&", "アンド"),
}


def holder_kana(typed: str) -> str:
    """Give the 口座名義カナ in half-width, small kana made large, at most 30 units."""
    text = single_spaced(typed)
    refuse_unusable(text)
    converted = _to_bank(text)
    if wrong := _NOT_ALLOWED.search(converted):
        raise Refused(_advice(next((c for c in text if _to_bank(c) == wrong[0]), wrong[0])))
    if len(converted) > LONGEST:
        raise Refused(
            f"半角{LONGEST}文字以内で入力してください。いまは{len(converted)}文字です。"
            "濁点と半濁点も1文字に数えます。"
        )
    return converted


def _to_bank(text: str) -> str:
    kana = to_full_width(text).translate(_HIRAGANA).translate(_LARGE)
    # Only kana are taken apart into letter and mark; NFD over kanji would change some of them.
    apart = "".join(
        unicodedata.normalize("NFD", each) if "\u30a1" <= each <= "\u30fa" else each
        for each in kana
    )
    plain = _DASHES.sub("-", apart).translate(_TO_HALF)
    return to_half_width(plain).upper()


def _advice(character: str) -> str:
    if offered := _OFFERED.get(to_half_width(character)):
        return f"「{character}」は使えません。「{offered}」と入力してください。"
    if is_kanji(character) or character in "々〆〇":
        return f"「{character}」などの漢字は使えません。カタカナかひらがなで入力してください。"
    return (
        f"{named(character)}は使えません。"
        "使えるのは、カタカナ、ひらがな、英字、数字、空白、「(」「)」「-」「.」「/」です。"
    )
