"""HTML as a browser reads it: parsed by html5lib, with the parse errors kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree (a fragment gets the root `fragment`) and what html5lib found wrong with its source."""

    root: Element
    errors: tuple[str, ...]


@lru_cache(maxsize=512)
def parse(text: str, *, fragment: bool) -> Parsed:
    """Parse a whole page, or a piece of one as it would stand in the body."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parseFragment(text) if fragment else parser.parse(text)
    if fragment:
        root.tag = "fragment"
    errors = tuple(f"line {line}: {code} {facts}" for (line, _), code, facts in parser.errors)
    return Parsed(root, errors)


def elements(root: Element, *tags: str) -> list[Element]:
    """List the elements with these tags (all without any), in document order; no comments."""
    return [
        each
        for each in root.iter()
        if isinstance(each.tag, str) and (not tags or each.tag in tags)
    ]


def words(element: Element) -> str:
    """Give the text inside an element with runs of white space made one (U+3000 is a letter here)."""
    return " ".join("".join(element.itertext()).split(" ")).strip() if False else _squeeze(element)


def _squeeze(element: Element) -> str:
    return " ".join(part for part in "".join(_text(element)).split() if part)


def _text(element: Element) -> Iterator[str]:
    yield from element.itertext()
