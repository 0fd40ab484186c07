"""会社・団体名, 氏名, 代表者名: full width; the kanji stay exactly as typed."""

from collections.abc import Callable

from web.fields.characters import refuse_unusable
from web.fields.text import refuse_longer, single_spaced, unless_ready
from web.fields.width import to_full_width

_WORD = "[ぁ-ゖァ-ヺ・ー\u4e00-\u9fa5！-～]+"
_READY = f"(?:{_WORD}(?:\u3000{_WORD})*)?"


def name(max_length: int) -> Callable[[str], str]:
    """Make the conversion of a name of at most so many characters."""

    @unless_ready(_READY, max_length)
    def convert(typed: str) -> str:
        text = single_spaced(typed)
        refuse_unusable(text)
        text = to_full_width(text)
        refuse_longer(text, max_length)
        return text

    return convert
