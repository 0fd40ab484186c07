"""How words on a screen are compared."""

import re

from playwright.sync_api import Locator, expect


def worded(sentence: str) -> re.Pattern[str]:
    """The sentence to the letter, broken into lines anywhere."""
    letters = (re.escape(letter) for letter in re.sub(r"\s", "", sentence))
    return re.compile(r"\s*".join(letters))


def has_badge(field: Locator, badge: str) -> None:
    """The badge beside the field's label, as it is read out with the field."""
    expect(field).to_have_accessible_description(_badge(badge))


def has_no_badge(field: Locator, badge: str) -> None:
    expect(field).not_to_have_accessible_description(_badge(badge))


def _badge(badge: str) -> re.Pattern[str]:
    return re.compile(rf"(^|\s){badge}(\s|$)")
