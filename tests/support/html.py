"""HTML as a browser reads it: parsed by html5lib, with the parse errors kept."""

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

WHITE = re.compile(r"[ \t\r\n]+")  # U+3000 is part of what people type


SCRIPTED = re.compile(
    r'<span data-scripted="([^"]*)"(?: data-script="[^"]*")?></span>|(?<=<div )data-part="([^"]*)">(?=</div>)'
)


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
    errors = tuple(f"line {place[0]}: {code} {facts}" for place, code, facts in parser.errors)
    return Parsed(root, errors)


def scripted(text: str) -> str:
    """Put into its place what only the script makes work, as the script does: also what is inside of such."""
    while (changed := SCRIPTED.sub(_in_place, text)) != text:
        text = changed
    return text


def _in_place(found: re.Match[str]) -> str:
    alone, part = found.groups()
    return html.unescape(alone) if part is None else f"data-part>{html.unescape(part)}"


def elements(root: Element, *tags: str) -> list[Element]:
    """List the elements with these tags (all without any), in document order; no comments."""
    return [each for each in root.iter() if (each.tag in tags if tags else _has_name(each.tag))]


def _has_name(tag: object) -> bool:
    return isinstance(tag, str)  # a comment has a function here


def words(element: Element) -> str:
    """Give the text inside an element, each run of white space made one space."""
    return WHITE.sub(" ", "".join(element.itertext())).strip()


def by_id(root: Element, name: str) -> Element | None:
    """Find the element with an id."""
    return next((each for each in elements(root) if each.get("id") == name), None)
