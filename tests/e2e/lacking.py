"""Chromium without what a browser may lack: the style's :has(), and each thing that start.js asks for."""

import re
from pathlib import Path

from playwright.sync_api import Page, Route

START = Path(__file__).parents[2] / "static" / "start.js"
# What start.js asks for, as it stands there, and how it is taken away; Playwright's own script lives in a world of its own.
TAKEN = {
    'document.querySelector("title:not(svg title)")': """
      for (const { prototype } of [Document, DocumentFragment, Element]) {
        const ask = prototype.querySelector;
        prototype.querySelector = function (words) {
          if (/:not\\([^)]* /.test(words)) throw new DOMException(words, "SyntaxError");
          return ask.call(this, words);
        };
      }""",
    "[].at": "delete Array.prototype.at",
    "here.replaceChildren": "delete Element.prototype.replaceChildren",
    "window.HTMLDialogElement": "delete window.HTMLDialogElement",
    "window.SubmitEvent": "delete window.SubmitEvent",
    '"submitter" in SubmitEvent.prototype': "delete SubmitEvent.prototype.submitter",
    '(!window.navigation || "canIntercept" in NavigateEvent.prototype)': "delete NavigateEvent.prototype.canIntercept",
}
HAS = ":has()"


def asked_for() -> list[str]:
    """What start.js asks for, each term by itself: read out of it, so that a new one has to be taken away, too."""
    source = re.sub(r"//.*", "", START.read_text("utf-8"))
    body = re.search(r"function able\(\) \{(.*?)\n  \}", source, re.DOTALL)
    assert body
    statements = body[1].replace("return ", "").split(";")
    terms = [term for each in statements for term in re.split(r"&&(?![^(]*\))", each)]
    return [words for term in terms if (words := " ".join(term.split()))]


def name_of(lack: str) -> str:
    """Name it so that it can stand in the name of a test."""
    quoted = re.search('"(.+?)"', lack)
    return f"without {quoted[1] if quoted else re.split('[.]', lack)[-1]}"


def take_away(page: Page, lack: str) -> None:
    """Let a page be as in a browser that lacks it, from its next load on."""
    if lack != HAS:
        page.add_init_script(TAKEN[lack])
        return

    def answer(route: Route) -> None:
        sheet = route.fetch()
        route.fulfill(response=sheet, body=sheet.text().replace(":has(", ":unknown("))

    page.route("**/*.css", answer)  # a browser drops every rule with what it does not know
