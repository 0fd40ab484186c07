"""まとめ納付管理ファイル."""

import csv
import io
from pathlib import Path

from playwright.sync_api import expect

from .screen import Screen


class SummaryFile(Screen):
    heading = "まとめ納付管理ファイル"

    def choose(self, period: str) -> None:
        """One of the periods, by its name."""
        self.main.get_by_role("radio", name=period, exact=True).check()

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
