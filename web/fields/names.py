"""会社・団体名, 氏名, 代表者名, lines of an address: full width; the kanji stay exactly as typed.

Only radicals, which are no kanji, become the kanji that was meant.
"""

from collections.abc import Callable, Sequence

from web.fields.characters import refuse_unusable, visible_characters, visible_length
from web.fields.field import Refused
from web.fields.radicals import radicals_as_kanji
from web.fields.text import refuse_longer, single_spaced, unless_ready
from web.fields.width import to_full_width

WIDTH = 24  # full-width characters on a line of the address label, or it is printed over its edge
LINES = 2
_ENDS_A_PLACE = frozenset("\u3000市区町村郡る")
_IN_NUMBERS = frozenset("０１２３４５６７８９－ー")
_WORD = "[ぁ-ゖァ-ヺ・ー\u4e00-\u9fa5！-～]+"
_READY = f"(?:{_WORD}(?:\u3000{_WORD})*)?"


def name(max_length: int) -> Callable[[str], str]:
    """Make the conversion of a name of at most so many characters."""

    @unless_ready(_READY, max_length)
    def convert(typed: str) -> str:
        text = single_spaced(radicals_as_kanji(typed))
        refuse_unusable(text)
        text = to_full_width(text)
        refuse_longer(text, max_length)
        return text

    return convert


def label_text(advice: str) -> Callable[[str], str]:
    """Make the conversion of what takes two lines of the label; the advice says what may be shorter."""
    convert_name = name(200)

    def convert(typed: str) -> str:
        text = convert_name(typed)
        if (length := visible_length(text)) > LINES * WIDTH:
            raise Refused(
                f"宛名ラベルの{LINES}行（{LINES * WIDTH}文字）に入りません。現在は{length}文字です。{advice}"
            )
        return text

    return convert


def label_lines(text: str) -> list[str]:
    """Break what label_text() took into lines, behind a place name rather than inside a number."""
    characters = visible_characters(text)
    if len(characters) <= WIDTH:
        return [text] if text else []
    longest_first = range(WIDTH, len(characters) - WIDTH - 1, -1)
    cut = next((each for each in longest_first if characters[each - 1] in _ENDS_A_PLACE), 0)
    cut = cut or next((each for each in longest_first if _may_part(characters, each)), WIDTH)
    lines = "".join(characters[:cut]), "".join(characters[cut:])
    return [line.strip("\u3000") for line in lines]


def _may_part(characters: Sequence[str], place: int) -> bool:
    before, after = characters[place - 1], characters[place]
    return before not in _IN_NUMBERS or after not in _IN_NUMBERS
