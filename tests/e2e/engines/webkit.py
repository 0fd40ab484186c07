"""The part of Playwright's Page and Locator that page objects and journeys use, over WebKit's own driver.

Locators, states and expectations are judged by Playwright's own injected script, so they mean the same. What WebDriver
cannot do is no part of it: a test that asks for it is not run, and says for want of what.
"""

import inspect
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright._impl.assertions import LocatorAssertions, PageAssertions
from playwright._impl.isomorphic.locator_utils import (
    get_by_label_selector,
    get_by_role_selector,
    get_by_text_selector,
)
from playwright._impl.isomorphic.string_utils import escape_for_text_selector

from ..waiting import PATIENCE, until
from .webdriver import ELEMENT, Session, WebDriverError

KEYS = {
    "Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Space": " ", "Backspace": "\ue003", "Delete": "\ue017",
    "ArrowDown": "\ue015", "ArrowUp": "\ue013", "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Home": "\ue011",
    "End": "\ue010",
}  # fmt: skip
SHIFT = "\ue008"
INSTALL = """
  const module = {{}};
  {source}
  window.__injected = new (module.exports.InjectedScript())(globalThis, {{isUnderTest: false, sdkLanguage: "python",
    testIdAttributeName: "data-testid", stableRafCount: 1, browserName: "webkit", customEngines: [], isUtilityWorld: true}});
"""
FIND = (
    "const found = __injected.querySelectorAll(__injected.parseSelector(arguments[0]), document);"
)
ONE = (
    FIND
    + """
  if (found.length > 1) throw new Error(`${found.length} elements: ${arguments[0]}`);
  const node = found[0];
"""
)
READ = {
    "inner_text": "node.innerText",
    "text_content": "node.textContent",
    "input_value": "node.value",
    "is_checked": "node.checked",
}
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


class Unable:
    """Stands for what WebDriver does not have."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> "Unable":
        return Unable(f"{self._name}.{name}")

    def __call__(self, *_: object, **__: object) -> None:
        pytest.skip(f"WebKit's driver has no {self._name}")


class Locator:
    """Elements of the page, found anew each time."""

    _loop = _dispatcher_fiber = None

    def __init__(self, page: "Page", selector: str) -> None:
        self._page, self._selector = page, selector

    def _sub(self, selector: str) -> "Locator":
        return Locator(self._page, f"{self._selector} >> {selector}")

    def locator(self, selector: str) -> "Locator":
        return self._sub(selector)

    def get_by_role(self, role: Any, **properties: Any) -> "Locator":
        return self._sub(get_by_role_selector(role, **properties))

    def get_by_label(self, text: Any, exact: bool = False) -> "Locator":
        return self._sub(get_by_label_selector(text, exact))

    def get_by_text(self, text: Any, exact: bool = False) -> "Locator":
        return self._sub(get_by_text_selector(text, exact))

    def filter(self, has_text: Any = None, has: "Locator | None" = None) -> "Locator":
        if has is not None:
            return self._sub(
                f"internal:has={has._selector.partition(' >> ')[2]!r}".replace("'", '"')
            )
        return self._sub(f"internal:has-text={escape_for_text_selector(has_text, False)}")

    def nth(self, index: int) -> "Locator":
        return self._sub(f"nth={index}")

    @property
    def first(self) -> "Locator":
        return self.nth(0)

    @property
    def last(self) -> "Locator":
        return self.nth(-1)

    def all(self) -> list["Locator"]:
        return [self.nth(index) for index in range(self.count())]

    def count(self) -> int:
        return int(self._page.run(FIND + "return found.length", self._selector))

    def all_inner_texts(self) -> list[str]:
        return list(
            self._page.run(FIND + "return found.map((each) => each.innerText)", self._selector)
        )

    def is_visible(self) -> bool:
        script = (
            "return found.some((each) => __injected.elementState(each, 'visible', true).matches)"
        )
        return bool(self._page.run(FIND + script, self._selector))

    def get_attribute(self, name: str) -> str | None:
        value: str | None = self._read("node.getAttribute(arguments[1])", name)
        return value

    def evaluate(self, source: str, argument: Any = None) -> Any:
        return self._read(f"({source})(node, arguments[1])", argument)

    def focus(self) -> None:
        self._read("__injected.focusNode(node)")

    def blur(self) -> None:
        self._read("node.blur()")

    def click(self) -> None:
        reference = self._element("visible", "enabled")
        self._page.session.post(f"/element/{reference}/click")

    def check(self) -> None:
        self._tick(wanted=True)

    def uncheck(self) -> None:
        self._tick(wanted=False)

    def _tick(self, *, wanted: bool) -> None:
        if self._read("node.checked") != wanted:
            self.click()
        assert self._read("node.checked") == wanted

    def fill(self, text: str) -> None:
        self._element("visible", "enabled", "editable")
        if self._read("__injected.fill(node, arguments[1])", text) == "done":
            return
        if max(text, default="") > "\uffff":  # WebDriver drops it
            self._read(
                "node.setRangeText(arguments[1]), node.dispatchEvent(new Event('input', {bubbles: true})), node.dispatchEvent(new Event('change', {bubbles: true}))",
                text,
            )
        else:
            self._page.session.keys(*(text or KEYS["Delete"]))

    def press(self, key: str) -> None:
        self._element("visible")
        self.focus()
        self._page.keyboard.press(key)

    def press_sequentially(self, text: str) -> None:
        self._element("visible")
        self.focus()
        self._page.session.keys(*text)

    def select_option(self, value: str) -> None:
        script = "__injected.selectOptions(node, [{valueOrLabel: arguments[1]}])"
        self._read(script, value)

    def wait_for(self, state: str = "visible") -> None:
        expect(self).to_be_visible(visible=state == "visible")

    def _read(self, expression: str, *arguments: Any) -> Any:
        self._element()
        return self._page.run(f"{ONE} return {expression}", self._selector, *arguments)

    def _element(self, *states: str) -> str:
        """The reference to the one element, as soon as it is in these states."""
        script = (
            ONE
            + """
          if (!node) return "no such element";
          return __injected.checkElementStates(node, arguments[1], true).then((missing) => {
            node.scrollIntoViewIfNeeded?.();
            return missing ? JSON.stringify(missing) : {node};
          });"""
        )
        said: Any = None

        def there() -> Any:
            nonlocal said
            said = self._page.run(script, self._selector, list(states))
            return said if isinstance(said, dict) else None

        found = until(there)
        assert found, f"{said}: {self._selector}"
        return str(found["node"][ELEMENT])

    async def _expect(self, expression: str, options: Any, _: str | None) -> Any:
        return self._page.judge(self._selector, expression, options)

    def __getattr__(self, name: str) -> Any:
        if name in READ:
            return lambda: self._read(READ[name])
        if name.startswith("__"):
            raise AttributeError(name)
        return Unable(f"locator.{name}")


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
        self._base = base

    def post(
        self, path: str, form: dict[str, str], headers: dict[str, str], max_redirects: int = 0
    ) -> Any:
        class Stay(HTTPRedirectHandler):
            def http_error_303(self, _: Any, answer: Any, *__: Any) -> Any:
                return answer

        request = Request(
            urljoin(self._base, path), urlencode(form).encode(), headers, method="POST"
        )
        with build_opener(Stay).open(request, timeout=PATIENCE) as answer:
            return answer


class Context:
    """The browser's cookies; further windows it has none."""

    def __init__(self, page: "Page", base: str) -> None:
        self._page = page
        self.request = Requests(base)

    def clear_cookies(self, name: str | None = None) -> None:
        try:
            self._page.session.delete(f"/cookie/{name}" if name else "/cookie")
        except WebDriverError:  # no page was opened yet
            assert self._page.url == "about:blank"

    def __getattr__(self, name: str) -> Unable:
        return Unable(f"context.{name}")


class Page:
    """The one window of a session."""

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
                if re.match(
                    "stale|javascript error|unknown error|TypeError|ReferenceError", str(error)
                ):
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
