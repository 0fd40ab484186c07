"""Pressing a button, with and without htmx: two ways to the same page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx

from tests.support.page import Page

HTMX = {"HX-Request": "true"}
SEE_OTHER = 303
# Where a native POST may answer with a page by itself (decision 3).
PAGES_AT_ONCE = {400, 403, 410, 413, 429, 500, 503}
MOST_REDIRECTS = 4

Data = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What the POST itself answered, and the page that the person sees after it."""

    answer: httpx.Response
    page: Page


Press = Callable[[httpx.AsyncClient, str, Data], Awaitable[Pressed]]


async def visit(browser: httpx.AsyncClient, address: str) -> Page:
    """Open an address, following redirects as a browser does."""
    for _ in range(MOST_REDIRECTS):
        answer = await browser.get(address)
        if answer.status_code != SEE_OTHER:
            return Page(answer)
        address = answer.headers["Location"]
    raise AssertionError(f"redirected without end to {address}")


async def natively(browser: httpx.AsyncClient, address: str, data: Data) -> Pressed:
    """Post as a browser without scripts: a 303, and the page behind it."""
    answer = await browser.post(address, data=data)
    if answer.status_code == SEE_OTHER:
        return Pressed(answer, await visit(browser, answer.headers["Location"]))
    assert answer.status_code in PAGES_AT_ONCE, f"a native POST answered {answer.status_code}"
    return Pressed(answer, Page(answer))


async def by_htmx(browser: httpx.AsyncClient, address: str, data: Data) -> Pressed:
    """Post as htmx does: the next step, the same step with its errors, or word to leave."""
    answer = await browser.post(address, data=data, headers=HTMX)
    leaves = answer.headers.get("HX-Redirect")
    if leaves:
        assert answer.status_code in {204, 401}, f"leaves with {answer.status_code}"
        return Pressed(answer, await visit(browser, leaves))
    pushed = answer.headers.get("HX-Push-Url", "")
    assert answer.status_code >= 400 or answer.status_code == 200, answer.status_code
    if answer.status_code in {200, 422}:
        assert bool(pushed) == (answer.status_code == 200), f"pushes {pushed!r}"
    return Pressed(answer, Page(answer, pushed))


WAYS: dict[str, Press] = {"native": natively, "htmx": by_htmx}
