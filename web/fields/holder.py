"""口座名義カナ: what is typed is converted to what the banks' systems accept (全銀協 format)."""

import re

from web.fields.bank_kana import to_bank
from web.fields.characters import is_kanji, named, refuse_unusable
from web.fields.field import Refused
from web.fields.legal_forms import abbreviated
from web.fields.text import single_spaced
from web.fields.width import to_half_width

LONGEST = 30  # half-width units; a 濁点 is one
_NOT_ALLOWED = re.compile("[^ｱ-ﾝﾞﾟ0-9A-Z()./ -]")
_OFFERED = {
    **dict.fromkeys("&", "アンド"),
}


def holder_kana(typed: str) -> str:
    """Give the 口座名義カナ in half-width, small kana made large, the 法人格 short, at most 30 units."""
    text = single_spaced(typed)
    refuse_unusable(text)
    converted = abbreviated(to_bank(text))
    if wrong := _NOT_ALLOWED.search(converted):
        raise Refused(_advice(next((c for c in text if to_bank(c) == wrong[0]), wrong[0])))
    if len(converted) > LONGEST:
        raise Refused(
            f"半角{LONGEST}文字以内で入力してください。現在は{len(converted)}文字です。"
            "濁点と半濁点も1文字に数えます。"
        )
    return converted


def _advice(character: str) -> str:
    if offered := _OFFERED.get(to_half_width(character)):
        return f"「{character}」は使えません。「{offered}」と入力してください。"
    if is_kanji(character) or character in "々〆〇":
        return f"「{character}」などの漢字は使えません。カタカナかひらがなで入力してください。"
    return (
        f"{named(character)}は使えません。"
        "使えるのは、カタカナ、ひらがな、英字、数字、空白、「(」「)」「-」「.」「/」です。"
    )
