"""会社・団体名, 氏名, 代表者名, lines of an address: full width; the kanji stay exactly as typed."""

from collections.abc import Callable

from web.fields.characters import refuse_unusable, visible_length
from web.fields.field import Refused
from web.fields.text import refuse_longer, single_spaced, unless_ready
from web.fields.width import to_full_width

WIDTH = 24  # full-width characters on a line of the address label, or it is printed over its edge
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


def label_line(advice: str) -> Callable[[str], str]:
    """Make the conversion of a line; the advice says where the rest may go."""
    convert_name = name(200)

    def convert(typed: str) -> str:
        text = convert_name(typed)
        if (length := visible_length(text)) > WIDTH:
            raise Refused(
                f"宛名ラベルの1行（{WIDTH}文字）に入りません。いまは{length}文字です。{advice}"
            )
        return text

    return convert
