"""A form: the answers of one screen, and the list of its fields that fills, judges and shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from web.fields.field import Answer, Field

NOTHING_CHANGED = "変更された項目がありません。"

Given = Mapping[str, str]
_NOTHING: Given = {}


class Form:
    """The answers of one screen, by field name, in the order of the screen."""

    def __init__(self, answers: Iterable[Answer], trouble: str = "") -> None:
        self._answers = {answer.field.name: answer for answer in answers}
        self._trouble = trouble  # what is wrong with the whole of it

    def __getitem__(self, name: str) -> Answer:
        return self._answers[name]

    def with_error(self, name: str, error: str) -> "Form":
        """Put a message on one field."""
        return self.with_errors({name: error})

    def with_errors(self, errors: Given) -> "Form":
        """Put messages on fields, by name."""
        return Form(
            (
                answer.refused(errors[name]) if name in errors else answer
                for name, answer in self._answers.items()
            ),
            self._trouble,
        )

    def must_change(self, *, changes: bool) -> "Form":
        """Refuse the form as a whole if nothing would be registered otherwise."""
        return self if changes else Form(self._answers.values(), NOTHING_CHANGED)

    @property
    def without_passwords(self) -> "Form":
        """Give the form as it is shown again: its passwords are empty, their messages stay."""
        return Form(
            replace(answer, typed="", value="", checked=bool(answer.error))
            if answer.field.secret
            else answer
            for answer in self._answers.values()
        )

    @property
    def typed(self) -> Given:
        """Give what was typed, by field name."""
        return {name: answer.typed for name, answer in self._answers.items()}

    @property
    def values(self) -> Given:
        """Give the value to be registered of each field, else what was typed, by field name."""
        return {name: answer.value or answer.typed for name, answer in self._answers.items()}

    @property
    def errors(self) -> list[Answer]:
        """Give the answers to be mended, in the order of the screen.

        What is wrong with the whole form comes first, and is of no field.
        """
        found = [answer for answer in self._answers.values() if answer.error]
        if self._trouble:
            found.insert(0, Field("", "", str).blank().refused(self._trouble))
        return found

    @property
    def messages(self) -> Given:
        """Give the messages, by field name."""
        return {answer.field.name: answer.error for answer in self.errors}

    @property
    def ok(self) -> bool:
        """Tell whether every answer is good."""
        return not self.errors


@dataclass(frozen=True)
class FormSpec:
    """The fields of one screen, in its order; the only way from what was typed to a Form."""

    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Give the fields by their names."""
        return {field.name: field for field in self.fields}

    @property
    def names(self) -> tuple[str, ...]:
        """List the names of the fields."""
        return tuple(self.by_name)

    def blank(self, typed: Given = _NOTHING) -> Form:
        """Show the form before anybody judged it."""
        return Form(field.blank(_shown(field, typed)) for field in self.fields)

    def of(self, values: Given) -> Form:
        """Fill the form with what is registered; good values count as checked."""
        return self.parse(values)

    def parse(self, given: Given) -> Form:
        """Judge the whole form; missing fields are empty, and what is not asked is kept unjudged."""
        answers: dict[str, Answer] = {}
        for field in self.fields:
            answers[field.name] = _judged(field, given.get(field.name, ""), answers)
        return Form(answers.values())

    def with_errors(self, typed: Given, errors: Given) -> Form:
        """Show what was typed with the messages of an earlier judgement; passwords are empty."""
        judged = self.parse(typed)
        return Form(
            field.blank(_shown(field, typed)).refused(errors[field.name])
            if field.name in errors
            else _without_error(field, judged[field.name], typed)
            for field in self.fields
        )

    def check(self, given: Given) -> Answer | None:
        """Judge one field as it is left; one that is compared with another only beside that.

        None for any other set of fields. An empty second field gets no message yet: it will be typed next.
        """
        asked = [self.by_name[name] for name in given if name in self.by_name]
        if len(asked) != len(given) or not asked:
            return None
        if len(asked) == 1:
            field = asked[0]
            return None if field.beside else field.check(given[field.name])
        for field in asked:
            if set(given) == {field.name, field.beside}:
                if not given[field.name]:
                    return field.blank()
                first = self.by_name[field.beside].check(given[field.beside])
                return _compared(field, given[field.name], first)
        return None


def _judged(field: Field, typed: str, before: Mapping[str, Answer]) -> Answer:
    if field.only_for and before[field.only_for[0]].value != field.only_for[1]:
        return field.blank(typed)
    return _compared(field, typed, before[field.beside]) if field.beside else field.check(typed)


def _compared(field: Field, typed: str, first: Answer) -> Answer:
    answer = field.check(typed)
    # What is too long is compared with nothing: only its beginning is left.
    return answer if len(typed) > field.longest else field.compare(first, answer)


def _shown(field: Field, typed: Given) -> str:
    return "" if field.secret else typed.get(field.name, "")


def _without_error(field: Field, judged: Answer, typed: Given) -> Answer:
    shown = _shown(field, typed)
    return field.blank(shown) if judged.error or not shown else judged
