"""What a name is looked for by: without its 法人格, its spaces, and the size of its kana."""

import re

from web.fields import legal_forms

SMALL, LARGE = (
    "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ", "アイウエオツヤユヨワカケあいうえおつやゆよわ",
)  # fmt: skip
FORMS = "|".join(sorted(legal_forms.NAMES, key=len, reverse=True))  # as a regular expression
_AS_LARGE = str.maketrans(SMALL, LARGE)
_FORMS = re.compile(FORMS)
_ANY_SMALL = re.compile(f"[{SMALL}]")  # looking first is faster: most names have none


def search_key(name: str) -> str:
    """Give the key of a name or of its フリガナ; a name that is a 法人格 alone keeps it.

    Whoever changes this writes a migration: accounts and kana_parts hold what it gave.
    """
    text = name.replace("\u3000", "")
    text = _FORMS.sub("", text) or text
    return text.translate(_AS_LARGE) if _ANY_SMALL.search(text) else text
