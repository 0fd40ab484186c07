"""One spelling for what people type and what the list holds: small kana, width and marks alike."""

import re
import unicodedata

_SMALL = str.maketrans(
    "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ", "アイウエオツヤユヨワカケアイウエオツヤユヨワ"
)
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_NOTHING = re.compile("[\\s\u3000・.()（）\\-\u2010-\u2015\u2212\u30fc]")
_BANK = re.compile("(銀行|ギンコウ)$")
_BRANCH = re.compile("(支店|シテン)$")


def folded(text: str) -> str:
    """Fold a name: kana to large katakana, letters to half-width capitals, spaces and marks off."""
    # NFKC is for comparing only; nothing that it made is ever shown or kept.
    plain = unicodedata.normalize("NFKC", text).translate(_HIRAGANA).translate(_SMALL)
    return _NOTHING.sub("", plain).upper()


def folded_bank(text: str) -> str:
    """Fold what was typed for a bank; the word 銀行 is not in the list."""
    whole = folded(text)
    return _BANK.sub("", whole) or whole


def folded_branch(text: str) -> str:
    """Fold what was typed for a branch; the word 支店 is not in the list."""
    whole = folded(text)
    return _BRANCH.sub("", whole) or whole
