"""A field, the verdict on what was typed into it, and the same thing typed once more (確認用)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

KEPT = 2_000  # characters that are shown again and kept, so that somebody who pasted too much can mend it
LONGEST = 400  # characters as typed: a reason of 200, each with a variation selector; all else fits


# Control characters, halves of characters, and noncharacters: the last two of every plane, and U+FDD0 to U+FDEF.
_NOT_IN_HTML = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)


def for_html(text: str) -> str:
    """Leave out what HTML must not hold: control characters and noncharacters."""
    return _NOT_IN_HTML.sub("", text)


class Refused(ValueError):
    """What was typed cannot be used; the message says in Japanese how to mend it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A question on a screen, with the one conversion that submit and live check share."""

    name: str
    label: str
    convert: Callable[[str], str]
    required: bool = True
    hint: str = ""
    type: str = "text"
    autocomplete: str = "off"
    longest: int = LONGEST  # characters that are looked at; more are refused unread
    inputmode: str = ""  # "email" for IDs too: telephones then offer Latin letters, not kana
    only_for: tuple[str, str] | None = None  # asked only when an earlier field has this value
    badge: bool = True  # whether OK is shown beside a good answer
    once: bool = False  # a code that is good once
    beside: str = ""  # an earlier field that it is compared with, by `compare`
    compare: Callable[["Answer", "Answer"], "Answer"] = lambda _, answer: answer

    @property
    def secret(self) -> bool:
        """Tell whether what was typed is never shown again."""
        return self.type == "password" or self.once

    @property
    def noun(self) -> str:
        """Name the field inside a sentence."""
        return self.label.replace("(全角)", "")

    @property
    def missing(self) -> str:
        """Say that nothing was typed."""
        return f"{self.noun}を入力してください。"

    def blank(self, typed: str = "") -> "Answer":
        """Show the field before anybody judged it."""
        return Answer(self, self.cut(typed))

    def cut(self, typed: str) -> str:
        """Give what is shown again and kept: more than is looked at, so that it stays refused."""
        return typed[: max(KEPT, self.longest + 1)]

    def value(self, typed: str) -> str:
        """Give what is registered of what was typed. Raises Refused.

        The length comes first: to normalise 60 KB of combining marks takes seconds, in which
        nobody is answered.
        """
        if len(typed) > self.longest:
            raise Refused(
                f"長すぎます。{self.longest}文字以内で入力してください。現在は{len(typed)}文字です。"
            )
        value = self.convert(typed)
        if not value and self.required:
            raise Refused(self.missing)
        return value

    def check(self, typed: str) -> "Answer":
        """Judge what was typed."""
        try:
            return Answer(self, typed, value=self.value(typed), checked=self.badge)
        except Refused as refusal:
            return Answer(self, self.cut(typed), error=str(refusal), checked=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed into a field and what the server makes of it."""

    field: Field
    typed: str = ""
    value: str = ""
    error: str = ""
    checked: bool = False

    @property
    def shown(self) -> str:
        """Give what was typed as HTML can carry it: control characters have no place there."""
        return for_html(self.typed)

    @property
    def good(self) -> bool:
        """Tell whether the badge OK belongs beside the field."""
        return self.checked and not self.error and bool(self.value)

    @property
    def converted(self) -> str:
        """Give the value to be registered when it is not what was typed."""
        return self.value if self.good and self.value != self.typed else ""

    @property
    def missing(self) -> bool:
        """Tell whether the error is that nothing was typed."""
        return self.error == self.field.missing

    def refused(self, error: str) -> "Answer":
        """Put a message on the field that only the whole form could know."""
        return replace(self, value="", error=error, checked=True)


def same_again(first: Answer, again: Answer) -> Answer:
    """Judge the second typing against the first, as registered; give a message at one field only."""
    if first.error:
        return again.field.blank(again.typed)
    if again.error or first.value == again.value:
        return again
    noun = first.field.noun
    if not first.value:
        return again.refused(
            f"{noun}が空です。両方に同じものを入力するか、両方とも空にしてください。"
        )
    return again.refused(f"{noun}と(確認用)が一致しません。同じものをもう一度入力してください。")
