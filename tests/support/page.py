"""A page as a person reads it: heading, words at the fields, rows, links, forms."""

from functools import cached_property
from xml.etree.ElementTree import Element

import httpx

from tests.support import lint
from tests.support.html import by_id, elements, parse, scripted, words

NOTHING = Element("nothing")


class Page:
    """An answer with HTML in it, whole or a fragment."""

    def __init__(self, response: httpx.Response, address: str = "") -> None:
        checked = response.url.path.endswith("/check") and response.is_success
        listed = response.url.path.endswith(lint.PIECES) and response.is_success
        fragment = checked or listed or lint.wants_fragment(response.request)
        self.response = response
        self.status = response.status_code
        self.address = address or response.url.raw_path.decode()
        self._fragment = fragment

    @cached_property
    def root(self) -> Element:
        """Give the tree."""
        return parse(scripted(self.response.text), fragment=self._fragment)

    @cached_property
    def text(self) -> str:
        """Give all words."""
        return words(self.root)

    @property
    def h1(self) -> str:
        """Give the heading."""
        return words(next(self.root.iter("h1")))

    @property
    def title(self) -> str:
        """Give the title of the window."""
        return words(next(self.root.iter("title")))

    @property
    def notice(self) -> str:
        """Give the word why this page came instead of the one asked for."""
        return self._words_of("notice")

    @property
    def summary(self) -> list[str]:
        """List the messages of the error summary."""
        box = by_id(self.root, "error-summary")
        lines = elements(box, "li") if box is not None else []
        return [words(_first(line, "a")) for line in lines]

    def error(self, name: str) -> str:
        """Give the message at a field."""
        for place in (f"{name}-check", f"{name}-error"):
            box = by_id(self.root, place)
            for span in elements(box, "span") if box is not None else []:
                if span.get("class") == "error":
                    return words(span).removeprefix(lint.ERROR)
        return ""

    def converted(self, name: str) -> str:
        """Give the words under a field that show what will be registered."""
        text = self._words_of(f"{name}-check")
        return text if text.startswith("「") else ""

    def badge(self, name: str) -> str:
        """Give the badges beside a label."""
        return self._words_of(f"{name}-badge")

    def value(self, name: str) -> str:
        """Give what stands in a field; of radio buttons the one that is chosen."""
        for field in elements(self.root, "input"):
            if field.get("name") != name:
                continue
            if field.get("type") != "radio" or "checked" in field.attrib:
                return field.get("value", "")
        return ""

    def fields(self, action: str) -> dict[str, str]:
        """Give what a browser would post with the form of an address, as it stands."""
        path = action.partition("?")[0]
        for form in elements(self.root, "form"):
            if form.get("action", "").partition("?")[0] == path:
                names = [field.get("name", "") for field in elements(form, "input")]
                return {name: self.value(name) for name in names if name}
        raise AssertionError(f"no form for {action} on {self.address}")

    def action(self, button: str) -> str:
        """Give the address that a button posts to."""
        for form in elements(self.root, "form"):
            if any(words(each) == button for each in elements(form, "button")):
                return form.get("action", "")
        raise AssertionError(f"no button {button} on {self.address}")

    def link(self, text: str) -> str:
        """Give where a link leads."""
        found = [each for each in elements(self.root, "a") if words(each) == text]
        assert found, f"no link {text} on {self.address}"
        return found[0].get("href", "")

    def rows(self) -> dict[str, str]:
        """Give the lines of a list of terms and values, without marks and links."""
        return {term: words(_first(value, "span")) for term, value in self._lines()}

    def changes(self) -> dict[str, str]:
        """Give what was registered before, for the lines that are marked as changed."""
        marked = {}
        for term, value in self._lines():
            was = [each for each in elements(value, "span") if each.get("class") == "was"]
            assert bool(was) == ("変更あり" in words(value)), term
            if was:
                marked[term] = words(was[0]).removeprefix("変更前：")
        return marked

    def _lines(self) -> list[tuple[str, Element]]:
        terms = [words(each) for each in elements(self.root, "dt")]
        return list(zip(terms, elements(self.root, "dd"), strict=True))

    def table(self) -> dict[str, str]:
        """Give the lines of the table of My Page."""
        lines = [elements(row, "th", "td") for row in elements(self.root, "tr")]
        return {words(head): words(cell) for head, cell in lines}

    def _words_of(self, name: str) -> str:
        box = by_id(self.root, name)
        return words(NOTHING if box is None else box)


def _first(element: Element, tag: str) -> Element:
    """Give the first such element inside, or the element itself."""
    return next(element.iter(tag), element)
