"""フリガナ: whatever kana are typed become full-width katakana; the rest is refused with advice."""

import re
import unicodedata
from collections.abc import Callable

from web.fields.characters import is_kanji, named, refuse_unusable
from web.fields.field import Refused
from web.fields.text import refuse_longer, single_spaced, unless_ready
from web.fields.width import DASHES, join_marks, to_full_width

_WAVES = "~\u223c\u223f\u301c\u3030\uff5e"
_KANA = "ぁ-ゖ゛゜ゝゞァ-ヺーヽヾㇰ-ㇿｦ-ﾟ\u3099\u309a"

_LONG_MARKS = re.compile(f"(?<=[{_KANA}])[{DASHES}]+")
_ANY_DASH = re.compile(f"[{DASHES}]")
_NOT_ALLOWED = re.compile("[^ァ-ヺーヽヾㇰ-ㇿ・\u3000Ａ-Ｚ０-９]")
_WORD = "[ァ-ヺー・Ａ-Ｚ０-９]+"
_READY = f"(?:{_WORD}(?:\u3000{_WORD})*)?"

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_TO_UPPER = {code: code - 0x20 for code in range(ord("ａ"), ord("ｚ") + 1)}
_TO_COMBINING = {ord("゛"): "\u3099", ord("゜"): "\u309a"}
_TO_KANA = _HIRAGANA_TO_KATAKANA | _TO_UPPER | _TO_COMBINING

_READINGS = {
    **dict.fromkeys("㈱㍿㊑㏍", "カブシキガイシャ"),
    **dict.fromkeys("㈲㊒", "ユウゲンガイシャ"),
    "㈳": "シャダンホウジン",
    **dict.fromkeys("㈶㊖", "ザイダンホウジン"),
    **dict.fromkeys("㈻㊫", "ガッコウホウジン"),
    "㈴": "ゴウメイガイシャ",
    "㈾": "ゴウシガイシャ",
    **dict(
        zip("㍾㍽㍼㍻㋿", ("メイジ", "タイショウ", "ショウワ", "ヘイセイ", "レイワ"), strict=True)
    ),
    **dict.fromkeys("&＆", "アンド"),
}


def kana(max_length: int = 60) -> Callable[[str], str]:
    """Make the conversion of a フリガナ of at most so many characters."""

    @unless_ready(_READY, max_length)
    def convert(typed: str) -> str:
        text = single_spaced(typed)
        refuse_unusable(text)
        text = _LONG_MARKS.sub(lambda dashes: "ー" * len(dashes[0]), text)
        converted = _to_kana(text)
        if wrong := _NOT_ALLOWED.search(converted):
            # The message names the character as it was typed.
            raise Refused(_advice(next((c for c in text if _to_kana(c) == wrong[0]), wrong[0])))
        refuse_longer(converted, max_length)
        return converted

    return convert


def _to_kana(text: str) -> str:
    return join_marks(to_full_width(text).translate(_TO_KANA))


def _advice(character: str) -> str:
    if _ANY_DASH.match(character):
        return (
            f"「{character}」は使えません。のばす音の「ー」にできるのは、かなのすぐ後にあるときだけです。"
            "消すか、「・」か空白に置き換えてください。"
        )
    if character in _WAVES:
        return f"「{character}」は使えません。のばす音は「ー」で入力してください。"
    if is_kanji(character) or character in "々〆〇":
        return f"「{character}」などの漢字は使えません。カタカナかひらがなで入力してください。"
    spelling = _READINGS.get(character) or _to_kana(unicodedata.normalize("NFKC", character))
    if not _NOT_ALLOWED.search(spelling):
        return f"「{character}」は使えません。「{spelling}」と入力してください。"
    if any(is_kanji(part) for part in spelling):
        return f"「{character}」は使えません。読みをカタカナかひらがなで入力してください。"
    return (
        f"{named(character)}は使えません。"
        "使えるのは、カタカナ、ひらがな、英字、数字、「ー」、「・」、空白です。"
    )
