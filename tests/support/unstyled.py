"""What a page shows where neither script nor style runs: all that was sent. Whatever does nothing there is a fault."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.support.html import elements, words

FIELDS = ("input", "select", "textarea")
OF_THE_STYLE = "text_size"  # the style itself changes it, with :has()
# What only a script can know to be so.
UNTRUE = ("送信しています", "通信できませんでした", "まもなく自動的にログアウトします")


def faults(root: Element) -> Iterator[str]:
    """Name what is shown and does nothing, or is not so."""
    yield from (f"a button that needs a script: {words(each)}" for each in _dead_buttons(root))
    yield from (f"a field that nothing sends: {each.attrib}" for each in _unsent(root))
    for element in elements(root):
        does = element.tag == "button"  # it presses as the others do
        if "hidden" in element.attrib and not does and _says(element):
            yield f"hidden, and shown all the same: {words(element)}"
        if element.tag in {"template", "dialog"}:
            yield f"<{element.tag}>, which text browsers show: {words(element)}"
    text = words(root)
    yield from (f"untrue: {each}" for each in UNTRUE if each in text)


def _dead_buttons(root: Element) -> list[Element]:
    return [each for each in elements(root, "button") if each.get("type", "submit") != "submit"]


def _unsent(root: Element) -> Iterator[Element]:
    sent = {field for form in elements(root, "form") for field in elements(form, *FIELDS)}
    for field in elements(root, *FIELDS):
        name = field.get("name")
        if name != OF_THE_STYLE and not (name and field in sent):
            yield field


def _says(element: Element) -> bool:
    return bool(words(element) or elements(element, "a", "button", *FIELDS))
