"""A line of the address label: as wide as the label, so that nothing is printed over its edge."""

from collections.abc import Callable

from web.fields.characters import visible_length
from web.fields.field import Refused
from web.fields.names import name

WIDTH = 24  # full-width characters on a line of the label


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
