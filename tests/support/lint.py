"""Checks every answer that passes through a browser of the tests: its headers and its HTML."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import httpx

from tests.support import headers, unstyled
from tests.support.html import elements, errors, parse, scripted, words
from web import paths

ERROR = "エラー："
FIELDS = ("input", "select", "textarea")
FRAGMENT = ["title", "main"]
JAVASCRIPT = re.compile(r"^\s*(javascript|js):", re.IGNORECASE)
# A page with a request id. A 422 is the form again.
OPTIONS = ("/banks", "/branches")  # the matches of a combobox
PIECES = (*OPTIONS, "/town")  # of a form
ADDRESS = re.compile(r"[/#?]|https?://|tel:|mailto:")
ADDRESSES = {"href", "action", "src", "hx-get", "hx-post"}
ERROR_NUMBER = re.compile(r"(?<=エラー番号：)\d{8}|(?<=エラー番号：<code>)\d{8}")
# Ids, numbers and moments: a page that differs in these alone was looked at before.
FLEETING = re.compile(r'\b\d{8}\b|[0-9a-f]{16,}|\d+(?=[年月日時分秒])|(?<=data-seconds=")\d+')
WITH_REQUEST_ID = {400, 401, 403, 404, 405, 408, 409, 410, 411, 413, 414, 429, 431, 500, 503}

CLASS = re.compile(r"\.([a-z][\w-]*)")
STYLES = {name: (paths.STATIC / name).read_text("utf-8") for name in ("app.css", "lists.css")}
LISTED = set(CLASS.findall(STYLES["lists.css"])) - set(CLASS.findall(STYLES["app.css"]))

_clean: set[int] = set()


async def hook(response: httpx.Response) -> None:
    """Fail the test that was given a faulty answer."""
    await response.aread()
    check(response)


def check(response: httpx.Response) -> None:
    """Raise AssertionError that names every fault of an answer."""
    request = response.request
    found = [*headers.faults(response), *_request_id(response)]
    page = (request.method, response.url.path, wants_fragment(request), response.status_code)
    key = hash((*page, FLEETING.sub("0", response.text)))
    if key not in _clean:
        faults = [*_html(response)]
        found += faults
        if not faults:
            _clean.add(key)
    assert not found, f"{request.method} {request.url} → {response.status_code}: " + "; ".join(
        found
    )


def wants_fragment(request: httpx.Request) -> bool:
    """Tell whether htmx asks for a piece; a history restore wants the whole page."""
    restores = request.headers.get("HX-History-Restore-Request") == "true"
    return request.headers.get("HX-Request") == "true" and not restores


def _request_id(response: httpx.Response) -> Iterator[str]:
    page = "text/html" in response.headers.get("Content-Type", "") and response.text
    if page and response.status_code in WITH_REQUEST_ID:
        request_id = response.headers.get("X-Request-Id", "none")
        if request_id not in response.text:
            yield "an error page without the request id"
        # of very many errors in a second the later ones have the request id for a number
        text = response.text.replace("<code>", "")
        if not ERROR_NUMBER.search(text) and f"エラー番号：{request_id}" not in text:
            yield "an error page without its number"


def _html(response: httpx.Response) -> Iterator[str]:
    if "text/html" not in response.headers.get("Content-Type", "") or not response.text:
        return
    checked = response.url.path.endswith("/check") and response.is_success
    listed = response.url.path.endswith(OPTIONS) and response.is_success
    piece = response.url.path.endswith(PIECES) and response.is_success
    fragment = checked or piece or wants_fragment(response.request)
    yield from unstyled.faults(parse(response.text, fragment=fragment))
    shown = scripted(response.text)
    yield from errors(shown, fragment=fragment)
    root = parse(shown, fragment=fragment)
    yield from _everywhere(root)
    if checked or listed:
        yield from (_live_check if checked else _options)(root)
    if checked or piece:
        return
    yield from _fragment(root) if fragment else _page(root)
    yield from _screen(root, response.status_code)


def _everywhere(root: Element) -> Iterator[str]:
    ids = [name for each in elements(root) if (name := each.get("id")) is not None]
    yield from (f"id twice: {name}" for name, times in Counter(ids).items() if times > 1)
    for element in elements(root):
        yield from _attributes(element)
        if element.tag == "td" and element.get("data-label") and _pieces(element) > 1:
            yield f"a cell of more than one piece, which telephones pull apart: {words(element)}"
        if element.tag == "style":
            yield "an inline <style>"
        if element.tag == "script" and (words(element) or not element.get("src")):
            yield "an inline <script>"


def _pieces(cell: Element) -> int:
    """Count what a cell holds beside each other: on a telephone its label and one piece share a line."""
    texts = [cell.text, *(each.tail for each in cell)]
    return len(cell) + sum(bool((text or "").strip()) for text in texts)


def _attributes(element: Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        banned = name == "style" or name.startswith(("on", "hx-on", "data-hx"))
        if banned or name in {"placeholder", "disabled"} or JAVASCRIPT.match(value):
            yield f"<{element.tag} {name}={value!r}>"
        if name in ADDRESSES and not ADDRESS.match(value):
            yield f"no address: <{element.tag} {name}={value!r}>"
        if name.startswith("hx-trigger") and "[" in value:
            yield f"a trigger filter needs eval: {value}"
        if name.startswith("hx-vals") and not value.lstrip().startswith("{"):
            yield f"hx-vals needs eval: {value}"


def _live_check(root: Element) -> Iterator[str]:
    tags = [child.tag for child in root]
    if tags not in (["hx-partial"], ["span", "hx-partial"]) or (root.text or "").strip():
        yield f"a live check answers with {tags}"


def _options(root: Element) -> Iterator[str]:
    *options, badge, count = list(root)
    others = {badge.tag, count.tag} - {"hx-partial"}
    if others or {each.get("role") for each in options} - {"option"}:
        yield f"a combobox is answered with {[child.tag for child in root]}"


def _fragment(root: Element) -> Iterator[str]:
    stray = (root.text or "") + "".join(child.tail or "" for child in root)
    if [child.tag for child in root] != FRAGMENT or stray.strip():
        yield f"a fragment of {[child.tag for child in root]} and {stray.strip()!r}"
    elif root[1].get("id") != "step":
        yield f"the fragment's main is {root[1].get('id')}"


def _page(html: Element) -> Iterator[str]:
    if html.get("lang") != "ja":
        yield f"lang={html.get('lang')}"
    listed = {name for each in elements(html) for name in each.get("class", "").split()} & LISTED
    if listed and not any("/lists." in each.get("href", "") for each in elements(html, "link")):
        yield f"without lists.css: {listed}"
    mains = elements(html, "main")
    if [main.get("id") for main in mains] != ["step"]:
        yield f"{len(mains)} <main>"


def _screen(root: Element, status: int) -> Iterator[str]:
    yield from _headings(root, status)
    yield from _labels(root)
    yield from _descriptions(root)
    yield from _forms(root)
    if "None" in words(root):
        yield "a value that is missing is shown as None"


def _headings(root: Element, status: int) -> Iterator[str]:
    headings = [words(each) for each in elements(root, "h1")]
    titles = [words(each) for each in elements(root, "title")]
    if len(headings) != 1 or not headings[0]:
        yield f"h1: {headings}"
    elif len(titles) != 1 or not titles[0].removeprefix(ERROR).startswith(headings[0]):
        yield f"title {titles} does not begin with the h1 {headings[0]}"
    elif titles[0].startswith(ERROR) != (status == httpx.codes.UNPROCESSABLE_ENTITY):
        yield f"title {titles[0]} with status {status}"


def _labels(root: Element) -> Iterator[str]:
    labelled = {each.get("for"): words(each) for each in elements(root, "label")}
    for field in elements(root, *FIELDS):
        unseen = field.get("type") == "hidden" or field.get("aria-hidden") == "true"
        if not unseen and not labelled.get(field.get("id", "")):
            yield f"no label: {field.attrib}"
    ids = {each.get("id") for each in elements(root)}
    yield from (f"a label for nothing: {name}" for name in labelled if name not in ids)


def _descriptions(root: Element) -> Iterator[str]:
    ids = {each.get("id") for each in elements(root)}
    for element in elements(root):
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f"{attribute} to nothing: {name}"
        if element.get("aria-invalid") and not element.get("aria-describedby"):
            yield f"an error without words: {element.attrib}"
    for link in elements(root, "a"):
        address = link.get("href", "")
        # the skip link of a whole page leads to main; all others to something inside it
        if address.startswith("#") and address[1:] not in ids:
            yield f"a link to nothing: {address}"


def _forms(root: Element) -> Iterator[str]:
    for form in elements(root, "form"):
        sends = [
            each
            for each in elements(form, "button", "input")
            if each.get("type", "submit" if each.tag == "button" else "text") in {"submit", "image"}
        ]
        if sends and not (form.get("method") in {"get", "post"} and form.get("action")):
            yield f"a form that needs a script: {form.attrib}"
        if form.get("hx-post") not in {None, form.get("action")}:
            yield f"two addresses: {form.get('hx-post')} and {form.get('action')}"
