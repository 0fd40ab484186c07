"""Radio buttons: one of the values that the screen offers."""

from collections.abc import Callable, Mapping

from web.fields.field import Refused

_PAIR = 2


def choice(allowed: Mapping[str, str]) -> Callable[[str], str]:
    """Make the conversion of a choice between values, given with their labels."""
    one = "どちらか" if len(allowed) == _PAIR else "いずれか1つ"
    labels = "、".join(f"「{label}」" for label in allowed.values())

    def convert(typed: str) -> str:
        if typed not in allowed:
            raise Refused(f"{labels}の{one}を選んでください。")
        return typed

    return convert
