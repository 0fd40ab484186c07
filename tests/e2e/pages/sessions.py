"""ログイン中の端末."""

import re

from playwright.sync_api import Locator

from .screen import Entrance


class Sessions(Entrance):
    heading = "ログイン中の端末"
    path = "/useridmg/sessions"

    @property
    def devices(self) -> Locator:
        return self.main.get_by_role("listitem").filter(has=self.page.get_by_role("heading"))

    @property
    def this_one(self) -> Locator:
        return self.devices.filter(has_text="この端末")

    def device(self, name: str) -> Locator:
        """Those that call themselves so."""
        return self.devices.filter(has_text=name)

    def end(self, name: str) -> "Sessions":
        """Log the first device of this name out."""
        button = self.device(name).first.get_by_role("button", name=re.compile("ログアウトさせる$"))
        button.click()
        return Sessions(self.page)

    def end_others(self) -> "Sessions":
        self.button("ほかの端末をすべてログアウトさせる").click()
        return Sessions(self.page)

    def back(self) -> None:
        self.link("マイページへ戻る").click()
