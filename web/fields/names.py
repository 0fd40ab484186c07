"""会社・団体名, 氏名, 代表者名: full width; the kanji stay exactly as typed."""

from collections.abc import Callable

from web.fields.characters import refuse_unusable
from web.fields.text import refuse_longer, single_spaced
from web.fields.width import to_full_width


def name(max_length: int) -> Callable[[str], str]:
    """Make the conversion of a name of at most so many characters."""

    def convert(typed: str) -> str:
        text = single_spaced(typed)
        refuse_unusable(text)
        text = to_full_width(text)
        refuse_longer(text, max_length)
        return text

    return convert
