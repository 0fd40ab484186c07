"""Playwright's Locator over WebDriver, as far as page objects and journeys use it."""

from typing import Any, Protocol

from playwright._impl.isomorphic.locator_utils import (
    get_by_label_selector,
    get_by_role_selector,
    get_by_text_selector,
)
from playwright._impl.isomorphic.string_utils import escape_for_text_selector

from tests.e2e.waiting import until

from .webdriver import ELEMENT, Session

DELETE = "\ue017"
WATCH_PRESS = (
    "window.__press = __injected.setupHitTargetInterceptor(node, 'mouse', undefined, false)"
)
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


class Window(Protocol):
    """What a locator needs of its page."""

    session: Session
    keyboard: Any

    def run(self, script: str, *arguments: Any) -> Any: ...

    def judge(self, selector: str, expression: str, options: Any) -> dict[str, Any]: ...


class Unable:
    """Stands for what WebDriver does not have: a test that asks for it belongs into limits.py."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> "Unable":
        return Unable(f"{self._name}.{name}")

    def __call__(self, *_: object, **__: object) -> None:
        raise AssertionError(f"WebKit's driver has no {self._name}")


class Locator:
    """Elements of the page, found anew each time."""

    _loop = _dispatcher_fiber = None

    def __init__(self, page: Window, selector: str) -> None:
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
        assert until(self._pressed), f"always something else there: {self._selector}"

    def _pressed(self) -> bool:
        """Press the element; what moved into its place meanwhile is not pressed, and told."""
        reference = self._element("visible", "enabled")
        self._page.run(f"{ONE} {WATCH_PRESS}", self._selector)
        self._page.session.post(f"/element/{reference}/click")
        found = self._page.run("return window.__press?.stop() ?? 'done'")
        return bool(found == "done")

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
            self._page.session.keys(*(text or DELETE))

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
        wanted = {"isNot": False}
        assert self._page.judge(self._selector, f"to.be.{state}", wanted)["matches"]

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
