"""操作履歴, 心当たりがない操作の届出, 自分の登録データ."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from .password_change import PasswordChange
from .screen import Entrance, Screen


class Activity(Entrance):
    heading = "操作履歴"
    path = "/useridmg/activity"

    @property
    def happened(self) -> Locator:
        """What happened, the newest first."""
        return self.main.get_by_role("definition")

    def events(self) -> list[str]:
        """The words of what happened."""
        return self.happened.all_inner_texts()

    def disowning(self) -> Locator:
        """The links 心当たりがない, in the order of the events."""
        return self.main.get_by_role("link").filter(has_text="心当たりがない")

    def disown(self, number: int) -> "Disown":
        self.disowning().nth(number).click()
        return Disown(self.page)

    def disowned(self) -> Locator:
        """The links of events that were disowned already."""
        return self.main.get_by_role("link").filter(has_text="届出済")


class Disown(Screen):
    heading = "心当たりがない操作の届出"

    @property
    def current_password(self) -> Locator:
        return self.field("現在のパスワード")

    def submit(self, password: str) -> None:
        """Press 届け出る, whatever comes of it."""
        self.current_password.fill(password)
        self.button("届け出る").click()

    def confirm(self, password: str) -> "Disowned":
        self.submit(password)
        return Disowned(self.page)


class Disowned(Screen):
    heading = "心当たりがない操作の届出 完了"

    def to_password_change(self) -> PasswordChange:
        self.link("パスワード変更").click()
        return PasswordChange(self.page)

    def to_activity(self) -> Activity:
        self.link("操作履歴へ戻る").click()
        return Activity(self.page)


class OwnData(Entrance):
    heading = "自分の登録データ"
    path = "/useridmg/activity/data"

    @property
    def current_password(self) -> Locator:
        return self.field("現在のパスワード")

    def submit(self, password: str) -> None:
        """Press 保存, whatever comes of it."""
        self.current_password.fill(password)
        self.button("保存").click()

    def show(self, password: str) -> "OwnDataPage":
        self.current_password.fill(password)
        self.button("画面に表示").click()
        return OwnDataPage(self.page)

    def save(self, password: str) -> tuple[str, dict[str, Any]]:
        """Save the file; give its name and what it holds."""
        with self.page.expect_download() as download:
            self.submit(password)
        content: dict[str, Any] = json.loads(Path(download.value.path()).read_text("utf-8"))
        return download.value.suggested_filename, content


class OwnDataPage(Screen):
    heading = "自分の登録データの表示"
