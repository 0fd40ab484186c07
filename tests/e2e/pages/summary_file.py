"""まとめ納付管理ファイル."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Locator, expect

from .screen import Screen


class SummaryFile(Screen):
    heading = "まとめ納付管理ファイル"

    def choose(self, period: str) -> None:
        """One of the periods, by its name."""
        self.main.get_by_role("radio", name=period, exact=True).check()

    def choose_days(self, since: str, until: str) -> None:
        """Days as a browser's calendar gives them, 2026-11-01."""
        self.choose("日付を選ぶ")
        self.field("開始日").fill(since)
        self.field("終了日").fill(until)

    def press(self) -> None:
        self.button("ダウンロード").click()

    def show(self) -> list[str]:
        """Press 画面に表示; give what stands first in each row of the list."""
        self.button("画面に表示").click()
        table = self.main.get_by_role("table", name="まとめ納付の一覧")
        expect(table).to_be_visible()
        return table.locator("tbody tr td:first-child").all_inner_texts()

    def download(self) -> tuple[str, list[list[str]]]:
        """The name of the file, and its cells."""
        with self.page.expect_download() as waiting:
            self.press()
        file = waiting.value
        text = Path(file.path()).read_bytes().decode("utf-8-sig")
        return file.suggested_filename, list(csv.reader(io.StringIO(text, newline="")))

    @property
    def nothing(self) -> Locator:
        """The word that the period is empty."""
        return self.main.get_by_text("まとめ納付はありません")
