"""What is put out is escaped by the shorter way exactly as Jinja escapes it."""

from enum import StrEnum

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

PLAIN = jinja2.Environment(autoescape=True)
SOURCE = "{{ value }}|{{ value ~ value }}|{% set kept %}{{ value }}{% endset %}{{ kept }}"


class Word(StrEnum):
    """A string that is not of type str."""

    ODD = "<&>\"'"


class Element:
    """Something that says itself what it is in HTML."""

    def __html__(self) -> str:
        """Give the element."""
        return "<b>太字</b>"


@given(st.text("<>&\"'軽a\x00\n") | st.text() | st.integers() | st.none())
def test_a_text_is_put_out_as_jinja_would(env: jinja2.Environment, value: object) -> None:
    """Text of any kind, and what is made a text."""
    ours, theirs = (each.from_string(SOURCE).render(value=value) for each in (env, PLAIN))
    assert ours == theirs


@pytest.mark.parametrize(
    "value",
    [Word.ODD, Element(), Markup("<i>斜体</i>"), b"<", ["<"]],
    ids=["enum", "element", "markup", "bytes", "list"],
)
def test_other_values_are_put_out_as_jinja_would(env: jinja2.Environment, value: object) -> None:
    """Subclasses of str, markup, and what gives markup."""
    ours, theirs = (each.from_string(SOURCE).render(value=value) for each in (env, PLAIN))
    assert ours == theirs
