"""The part of Playwright's Page and Locator that page objects and journeys use, over WebKit's own driver.

Locators, states and expectations are judged by Playwright's own injected script, so they mean the same. What WebDriver
cannot do is no part of it: limits.py names the tests that ask for it.
"""

import base64
import inspect
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from playwright._impl._driver import compute_driver_executable
from playwright._impl.assertions import LocatorAssertions, PageAssertions

from tests.e2e.waiting import PATIENCE, until

from .locator import FIND, Locator, Unable
from .webdriver import Session, WebDriverError

KEYS = {
    "Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Space": " ", "Backspace": "\ue003", "Delete": "\ue017",
    "ArrowDown": "\ue015", "ArrowUp": "\ue013", "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Home": "\ue011",
    "End": "\ue010",
}  # fmt: skip
SHIFT = "\ue008"
# What the driver says of a script whose page goes away under it.
LEFT = re.compile(
    "stale|javascript error|unknown error|TypeError|ReferenceError|no such frame|script timeout"
)
LEAVING = "window.left = true; addEventListener('pageshow', () => { window.left = false; })"
ARRIVED = "return !window.left && document.readyState === 'complete'"
INSTALL = """
  const module = {{}};
  {source}
  window.__injected = new (module.exports.InjectedScript())(globalThis, {{isUnderTest: false, sdkLanguage: "python",
    testIdAttributeName: "data-testid", stableRafCount: 1, browserName: "webkit", customEngines: [], isUtilityWorld: true}});
"""
EXPECT = (
    FIND
    + """
  const [, options] = arguments;
  if (options.expression === "to.have.count" || options.expression.endsWith(".array")) return __injected.expectArray(found, options);
  if (found.length > 1) throw new Error(`${found.length} elements: ${arguments[0]}`);
  if (found.length) return __injected.expectSingleElement(found[0], options, true);
  return {matches: options.expression === "to.be.hidden" ? true : options.expression === "to.be.visible" ? false : options.isNot};
"""
)
# What stands on the screen is as high as the window is now.
PAINTED = """
  scrollTo(0, 0);
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
"""


@cache
def injected_source() -> str:
    """Playwright's injected script, out of its own bundle."""
    node, cli = compute_driver_executable()
    bundle = Path(cli).parent / "lib" / "coreBundle.js"
    found = re.search(
        r'injectedScriptSource\.ts"\(\) {\n.*\n *\w+ = (.*);\n', bundle.read_text("utf-8")
    )
    assert found, "this Playwright has no injected script where the last one had it"
    command = [node, "-e", "process.stdout.write(eval(require('fs').readFileSync(0, 'utf8')))"]
    return subprocess.run(
        command, input=found[1], text=True, capture_output=True, check=True
    ).stdout


class Keyboard:
    """Keys by Playwright's names."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def press(self, name: str) -> None:
        *held, key = name.split("+") if len(name) > 1 else [name]
        self._session.keys(
            "".join([SHIFT for each in held if each == "Shift"]) + KEYS.get(key, key)
        )

    def type(self, text: str) -> None:
        self._session.keys(*text)


class Requests:
    """Requests without the browser and its cookies."""

    def __init__(self, base: str) -> None:
        self._host = urlsplit(base).netloc

    def post(
        self, path: str, form: dict[str, str], headers: dict[str, str], **_: object
    ) -> HTTPResponse:
        connection = HTTPConnection(self._host, timeout=PATIENCE)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(form), {**kind, **headers})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@dataclass(frozen=True)
class Download:
    """A file that the browser has put where it puts files."""

    file: Path

    @property
    def suggested_filename(self) -> str:
        return self.file.name

    def path(self) -> Path:
        return self.file


def _whole(folder: Path) -> Path | None:
    found = list(folder.iterdir())  # one that is not whole yet has another name, or is empty
    whole = len(found) == 1 and found[0].suffix == ".csv" and found[0].stat().st_size
    return found[0] if whole else None


class Context:
    """The browser's cookies, and its further windows."""

    def __init__(self, page: "Page", base: str) -> None:
        self._page, self._base = page, base
        self.request = Requests(base)

    def new_page(self) -> "Page":
        return Page(self._page.session.another_window(), self._base)

    def clear_cookies(self, name: str | None = None) -> None:
        try:
            self._page.session.delete(f"/cookie/{name}" if name else "/cookie")
        except WebDriverError:  # no page was opened yet
            assert self._page.url == "about:blank"

    def __getattr__(self, name: str) -> Unable:
        return Unable(f"context.{name}")


class Page:
    """A window of a session."""

    def __init__(self, session: Session, base: str) -> None:
        self.session = session
        self._base = base
        self.keyboard = Keyboard(session)
        self.context = Context(self, base)
        self.main_frame = self

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script that may use `__injected`; once more where the page changed under it."""

        def answered() -> list[Any] | None:
            try:
                if not self.session.run("return Boolean(window.__injected)"):
                    self.session.run(INSTALL.format(source=injected_source()))
                return [self.session.run(script, *arguments)]
            except WebDriverError as error:
                if LEFT.match(str(error)):
                    return None
                raise

        found = until(answered)
        assert found, f"no answer from the page: {script}"
        return found[0]

    def locator(self, selector: str, **_: Any) -> Locator:
        return Locator(self, selector)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("get_by_"):
            return getattr(Locator(self, ":root"), name)
        if name.startswith("__"):
            raise AttributeError(name)
        return Unable(f"page.{name}")

    def goto(self, address: str) -> None:
        self.session.post("/url", url=urljoin(self._base, address))

    def close(self) -> None:
        self.session.close_window()

    @contextmanager
    def expect_download(self) -> Iterator[SimpleNamespace]:
        """Wait for a file under its own name, with something in it, and nothing beside it."""
        coming, folder = SimpleNamespace(), self.session.downloads
        for each in folder.iterdir():
            each.unlink()  # or a second file of a name would have another one
        yield coming
        file = until(lambda: _whole(folder))
        assert file, f"no file in {folder}"
        coming.value = Download(file)

    @contextmanager
    def expect_event(self, event: str) -> Iterator[None]:
        """Wait until another document than this one has loaded."""
        assert event == "load", event
        self.run(LEAVING)
        yield
        assert until(lambda: self.run(ARRIVED)), "no other document has loaded"

    def go_back(self) -> None:
        self.session.post("/back")

    def go_forward(self) -> None:
        self.session.post("/forward")

    def reload(self) -> None:
        self.session.post("/refresh")

    @property
    def url(self) -> str:
        return str(self.session.get("/url"))

    def title(self) -> str:
        return str(self.session.get("/title"))

    def content(self) -> str:
        return str(self.session.get("/source"))

    def wait_for_load_state(self) -> None:
        assert until(lambda: self.session.run("return document.readyState === 'complete'"))

    def evaluate(self, source: str, argument: Any = None) -> Any:
        called = re.match(r"\s*(async\s*)?(\(|\w+\s*=>|function)", source)
        return self.session.run(
            f"return ({source})" + ("(arguments[0])" if called else ""), argument
        )

    def screenshot(self, path: Path, full_page: bool, caret: str) -> None:
        """Take a picture of all of it: the window is made as high as the page meanwhile."""
        assert (full_page, caret) == (True, "initial")
        width, height, whole = self.session.run(
            "return [innerWidth, innerHeight, document.documentElement.scrollHeight]"
        )
        self.session.resize(width, whole)
        until(lambda: self.session.run("return innerHeight >= arguments[0]", whole), seconds=5)
        self.session.run(PAINTED)
        path.write_bytes(base64.b64decode(self.session.get("/screenshot")))
        self.session.resize(width, height)

    def set_viewport_size(self, size: dict[str, int]) -> None:
        self.session.resize(size["width"], size["height"])

    async def _expect(self, _: Any, expression: str, options: Any, __: str | None) -> Any:
        return self.judge(":root", expression, options)

    def judge(self, selector: str, expression: str, options: Any) -> dict[str, Any]:
        """Ask until it is as expected, or the time is up."""
        wanted = {**options, "expression": expression}
        last = monotonic() + PATIENCE
        while True:
            answer = self.run(EXPECT, selector, wanted)
            if answer["matches"] != options["isNot"] or monotonic() > last:
                return {"matches": answer["matches"], "received": answer.get("received"), "log": []}


class Expectation:
    """Playwright's own assertions, whose coroutines wait for nothing here."""

    def __init__(self, assertions: Any) -> None:
        self._assertions = assertions

    def __getattr__(self, name: str) -> Callable[..., None]:
        method = getattr(self._assertions, name)

        def judge(*given: Any, **named: Any) -> None:
            bound = inspect.signature(method).bind_partial(*given, **named).arguments
            every = inspect.signature(method).parameters
            steps: Iterator[Any] = method(**{each: bound.get(each) for each in every}).__await__()
            for _ in steps:
                raise AssertionError("an expectation that waits")

        return judge


def expect(actual: Page | Locator) -> Expectation:
    """What `playwright.sync_api.expect` is to Playwright's own."""
    kind: Any = PageAssertions if isinstance(actual, Page) else LocatorAssertions
    return Expectation(kind(actual, PATIENCE * 1000))
