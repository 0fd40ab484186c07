"""A field, and the verdict on what was typed into it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from unicodedata import category


def for_html(text: str) -> str:
    """Leave out what HTML must not hold: control characters and noncharacters."""
    return "".join(
        each
        for each in text
        if category(each) not in {"Cc", "Cs"}
        and ord(each) & 0xFFFE != 0xFFFE  # noqa: PLR2004 the last two of every plane
        and not "\ufdd0" <= each <= "\ufdef"
    )


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
    inputmode: str = ""  # "email" for IDs too: telephones then offer Latin letters, not kana

    @property
    def noun(self) -> str:
        """Name the field inside a sentence."""
        return self.label.replace("(全角)", "")

    def blank(self, typed: str = "") -> "Answer":
        """Show the field before anybody judged it."""
        return Answer(self, typed)

    def value(self, typed: str) -> str:
        """Give what is registered of what was typed. Raises Refused."""
        value = self.convert(typed)
        if not value and self.required:
            raise Refused(f"{self.noun}を入力してください。")
        return value

    def check(self, typed: str) -> "Answer":
        """Judge what was typed."""
        try:
            return Answer(self, typed, value=self.value(typed), checked=True)
        except Refused as refusal:
            return Answer(self, typed, error=str(refusal), checked=True)


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

    def refused(self, error: str) -> "Answer":
        """Put a message on the field that only the whole form could know."""
        return replace(self, value="", error=error, checked=True)


class Form:
    """The answers of one screen, by field name, in the order of the screen."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = {answer.field.name: answer for answer in answers}

    def __getitem__(self, name: str) -> Answer:
        return self._answers[name]

    def with_error(self, name: str, error: str) -> "Form":
        """Put a message on one field."""
        answers = {**self._answers, name: self._answers[name].refused(error)}
        return Form(answers.values())

    @property
    def typed(self) -> Mapping[str, str]:
        """Give what was typed, by field name."""
        return {name: answer.typed for name, answer in self._answers.items()}

    @property
    def errors(self) -> list[Answer]:
        """Give the answers to be mended, in the order of the screen."""
        return [answer for answer in self._answers.values() if answer.error]

    @property
    def ok(self) -> bool:
        """Tell whether every answer is good."""
        return not self.errors
