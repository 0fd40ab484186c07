"""What all screens share: they are known by their h1, and found by role and exact name."""

from typing import ClassVar, Self

from playwright.sync_api import Locator, Page, expect

from .keyboard import OnScreenKeyboard


class Screen:
    """Made only when the browser is on it."""

    heading: ClassVar[str]

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", level=1)).to_have_text(self.heading)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def problems(self) -> Locator:
        """The box that lists what is wrong with the input."""
        return self.page.get_by_role("group", name="入力内容に問題があります", exact=True)

    @property
    def show_passwords(self) -> Locator:
        return self.main.get_by_role("checkbox", name="パスワード表示", exact=True)

    @property
    def keyboard(self) -> OnScreenKeyboard:
        return OnScreenKeyboard(self.main)

    def field(self, label: str) -> Locator:
        return self.main.get_by_label(label, exact=True)

    def button(self, name: str) -> Locator:
        return self.main.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.main.get_by_role("link", name=name, exact=True)

    def facts(self) -> dict[str, str]:
        """What stands in the screen's list of terms."""
        terms = self.main.get_by_role("term").all_inner_texts()
        values = self.main.get_by_role("definition").all_inner_texts()
        return dict(zip(terms, values, strict=True))


class Entrance(Screen):
    """A screen where a visit may begin."""

    path: ClassVar[str]

    @classmethod
    def open(cls, page: Page) -> Self:
        page.goto(cls.path)
        return cls(page)
