"""The on-screen keyboard beside password fields."""

from playwright.sync_api import Locator, expect

NAMES_OF_SIGNS = {"@": "@ アットマーク", "-": "- ハイフン"}


class OnScreenKeyboard:
    def __init__(self, main: Locator) -> None:
        self.opener = main.get_by_role("button", name="画面キーボード", exact=True)
        self.keys = main.get_by_role("group", name="画面キーボードのキー", exact=True)

    def key(self, name: str) -> Locator:
        label = NAMES_OF_SIGNS.get(name, name)
        return self.keys.get_by_role("button", name=label, exact=True)

    def open(self) -> None:
        self.opener.click()
        expect(self.keys).to_be_visible()

    def type(self, *texts: str) -> None:
        """Press keys: each text is one key's name, or else one key a letter."""
        for text in texts:
            for name in [text] if self.key(text).count() else text:
                self.key(name).click()

    def close(self) -> None:
        self.key("閉じる").click()
