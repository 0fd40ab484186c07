"""HTML as a browser reads it: the tree, and what is wrong with its source.

Two parsers, for a page is read far more often than its markup changes: turbohtml (in C) makes the trees;
html5lib, which knows every parse error and takes a hundred times as long, judges each markup once.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

import html5lib
import turbohtml

WHITE = re.compile(r"[ \t\r\n]+")  # U+3000 is part of what people type


SCRIPTED = re.compile(
    r'<span data-scripted="([^"]*)"(?: data-script="[^"]*")?></span>|(?<=<div )data-part="([^"]*)">(?=</div>)'
)
# Letters, digits and marks that no parser minds: what is left when they are one is the markup.
WORDS = re.compile(
    r"(?<=>)\s*[\w、。・「」（）：，．！？〜～,.:;()/+-][\w\s、。・「」（）：，．！？〜～,.:;()/+-]*(?=<)"
)
VALUES = re.compile(r'(?<! type)="(?:[\w\s、。・「」（）：，．！？〜～,.:;()/+#?=-]|&amp;)+"')


@lru_cache(maxsize=512)
def parse(text: str, *, fragment: bool) -> Element:
    """Give the tree of a whole page, or of a piece of one as it would stand in the body."""
    if fragment:
        return _copied(turbohtml.parse_fragment(text, positions=False), "fragment")
    root = turbohtml.parse(text, positions=False).root
    assert root is not None
    return _copied(root, root.tag)


def _copied(found: turbohtml.Element, tag: str) -> Element:
    return _filled(Element(tag, _attributes(found)), found)


def _filled(element: Element, found: turbohtml.Node) -> Element:
    last: Element | None = None
    for node in found.children:
        if isinstance(node, turbohtml.Element):
            last = _filled(SubElement(element, node.tag, _attributes(node)), node)
        elif isinstance(node, turbohtml.Text):
            if last is None:
                element.text = (element.text or "") + node.data
            else:
                last.tail = (last.tail or "") + node.data
        elif isinstance(node, turbohtml.DocumentFragment):  # of a <template>
            _filled(element, node)
    return element


def _attributes(element: turbohtml.Element) -> dict[str, str]:
    """Give them as they are written; those of several words come as lists."""
    pairs: Iterator[tuple[str, object]] = iter(element.attrs.items())
    return {
        name: " ".join(value) if isinstance(value, list) else str(value or "")
        for name, value in pairs
    }


def errors(text: str, *, fragment: bool) -> tuple[str, ...]:
    """List the parse errors of a source, by line."""
    markup = VALUES.sub('="x"', WORDS.sub("x", text))
    return _errors(text, fragment=fragment) if _errors(markup, fragment=fragment) else ()


@lru_cache(maxsize=4096)
def _errors(text: str, *, fragment: bool) -> tuple[str, ...]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    (parser.parseFragment if fragment else parser.parse)(text)
    return tuple(f"line {place[0]}: {code} {facts}" for place, code, facts in parser.errors)


def scripted(text: str) -> str:
    """Put into its place what only the script makes work, as the script does: also what is inside of such."""
    while (changed := SCRIPTED.sub(_in_place, text)) != text:
        text = changed
    return text


def _in_place(found: re.Match[str]) -> str:
    alone, part = found.groups()
    return html.unescape(alone) if part is None else f"data-part>{html.unescape(part)}"


def elements(root: Element, *tags: str) -> list[Element]:
    """List the elements with these tags (all without any), in document order."""
    return [each for each in root.iter() if not tags or each.tag in tags]


def words(element: Element) -> str:
    """Give the text inside an element, each run of white space made one space."""
    return WHITE.sub(" ", "".join(element.itertext())).strip()


def by_id(root: Element, name: str) -> Element | None:
    """Find the element with an id."""
    return next((each for each in root.iter() if each.get("id") == name), None)
