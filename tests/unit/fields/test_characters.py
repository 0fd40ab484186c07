"""The quick way past the judgement of characters lets nothing through that the slow one refuses."""

import re
import sys

import pytest

from web.fields import characters
from web.fields.field import Refused


def plain_characters() -> list[str]:
    """Every character that is let pass unseen."""
    everything = map(chr, range(sys.maxunicode + 1))
    return [each for each in everything if characters._PLAIN.fullmatch(each)]


def test_every_plain_character_is_one_that_the_judgement_lets_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One by one, and all of them in one text, so that no two make an emoji together."""
    plain = plain_characters()
    assert 20_000 < len(plain) < 25_000
    monkeypatch.setattr(characters, "_PLAIN", re.compile("(?!)"))
    for text in (*plain, "".join(plain), "".join(reversed(plain))):
        characters.refuse_unusable(text)


@pytest.mark.parametrize(
    "text", ["\u200b", "軽自\u00ad", "1\u20e3", "😀", "a\nb", "\ufffd", "\ue000"]
)
def test_what_is_refused_is_not_plain(text: str) -> None:
    """Even between plain characters."""
    assert characters._PLAIN.fullmatch(text) is None
    with pytest.raises(Refused):
        characters.refuse_unusable(f"軽自{text}動車")
