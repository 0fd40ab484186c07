"""The documents: what is written from the code is fresh, and what they link to is there."""

import re
from pathlib import Path

import pytest

from tests.unit import parts
from tools import reference

DOCUMENTS = [*parts.ROOT.glob("*.md"), *(parts.ROOT / "docs").rglob("*.md")]


def test_the_reference_says_what_the_code_says() -> None:
    """Every command, setting and address; `make reference` writes it anew."""
    assert reference.FILE.read_text(encoding="utf-8") == reference.text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_to_is_there(document: Path) -> None:
    """Files and folders of the repository."""
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    assert [each for each in targets if not (document.parent / each).exists()] == []


def test_every_test_that_a_document_names_is_there() -> None:
    """A promise that nothing holds is found here."""
    tests = "\n".join(path.read_text("utf-8") for path in (parts.ROOT / "tests").rglob("test_*.py"))
    said = (parts.ROOT / "docs" / "complaints.md").read_text("utf-8")
    named = re.findall(r"`(test_(?!docs)\w+)`", said)
    assert len(named) > 50
    assert [each for each in named if f"def {each}(" not in tests] == []
