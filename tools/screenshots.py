"""Takes a picture of every screen in its states, at 1280 and 320 pixels, into var/screenshots."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

TARGET = Path("var/screenshots")
WIDTHS = (1280, 320)
NEW_PASSWORD = "kuroi-neko-no-yume-88"
TRIES = 100


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo on fresh data; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "web", "demo", "--port", str(port), "--data", data]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=15)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(TRIES):
        try:
            urllib.request.urlopen(url, timeout=1)
        except (urllib.error.URLError, OSError):
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            raise SystemExit("the demo did not start") from None
        else:
            return
    raise SystemExit("the demo did not answer")


class Camera:
    """Photographs the page it holds, numbered in order."""

    def __init__(self, page: Page, width: int) -> None:
        self.page = page
        self._width = width
        self._number = 0

    def take(self, name: str) -> None:
        """Take the whole page."""
        self._number += 1
        self.page.mouse.move(0, 0)
        file = TARGET / f"{self._number:02d}-{name}-{self._width}.png"
        self.page.screenshot(path=file, full_page=True)

    def heading(self, words: str) -> None:
        """Wait until a screen is there."""
        expect(self.page.get_by_role("heading", level=1, name=words, exact=True)).to_be_visible()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def type(self, label: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label, exact=True).fill(text)


def around_log_in(camera: Camera, base: str) -> None:
    """P1, help, L1, L2, C1, C2."""
    page = camera.page
    for name, path in (
        ("P1-portal", "/"),
        ("P1-outside", "/outside"),
        ("help-contact", "/help/contact"),
        ("help-faq", "/help/faq"),
        ("help-sitemap", "/help/sitemap"),
        ("error-404", "/nothing-here"),
        ("link-spent", "/useridmg/pwdInitPay/INIT?key=00"),
        ("L1-login", "/useridmg/login"),
    ):
        page.goto(base + path)
        camera.take(name)
    camera.press("ログイン")
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    camera.take("L1-empty")
    camera.type("納付利用者ID", "KNCA6290")
    camera.type("納付利用者パスワード", "aki-no-sora-6290")
    camera.press("ログイン")
    camera.heading("パスワード変更")
    camera.take("L2-C1-expired")
    camera.press("変更")
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    camera.type("新しいパスワード", "short")
    camera.take("C1-errors")
    page.get_by_label("パスワード表示").check()
    camera.press("画面キーボード")
    camera.take("C1-keyboard")
    page.keyboard.press("Escape")
    camera.type("現在のパスワード", "aki-no-sora-6290")
    camera.type("新しいパスワード", NEW_PASSWORD)
    camera.type("新しいパスワード(確認用)", NEW_PASSWORD)
    camera.press("変更")
    camera.heading("パスワード変更結果通知")
    camera.take("C2-changed")


def log_in(camera: Camera, base: str, user_id: str, password: str) -> None:
    """L1 to M1."""
    camera.page.goto(base + "/useridmg/login")
    camera.type("納付利用者ID", user_id)
    camera.type("納付利用者パスワード", password)
    camera.press("ログイン")
    camera.heading("マイページ")


def my_page(camera: Camera, base: str) -> None:
    """M1, U1, U2, U3, B1, B2."""
    page = camera.page
    log_in(camera, base, "KNCA6289", "haru-no-umi-6289")
    camera.take("M1-individual")
    log_in(camera, base, "KNCA6288", "midori-no-kaze-6288")
    camera.take("M1-corporate")
    camera.follow("国庫金ダイレクト納付口座新規作成")
    camera.take("M1-not-open")
    page.go_back()
    camera.follow("利用者情報変更")
    camera.heading("利用者情報変更 依頼の入力")
    camera.take("U1-prefilled")
    kana = page.get_by_label("会社・団体名(フリガナ)(全角)", exact=True)
    kana.fill("ｹｲｼﾞ ｼﾞﾑｼｮ")
    camera.type("会社・団体名(全角)", "けいじ😀")
    kana.focus()
    expect(page.get_by_text("として登録します")).to_be_visible()
    expect(page.get_by_text("😀")).to_be_visible()
    camera.take("U1-live")
    camera.press("次へ")
    camera.heading("利用者情報変更 依頼の入力")
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(1)
    camera.take("U1-errors")
    camera.type("会社・団体名(全角)", "軽自行政書士事務所")
    camera.press("次へ")
    camera.heading("利用者情報変更 依頼の確認")
    camera.take("U2-confirm")
    camera.press("確定")
    camera.heading("利用者情報変更 登録完了")
    camera.take("U3-complete")
    camera.follow("マイページへ戻る")
    camera.follow("一括利用者パスワード初期化")
    camera.take("B1-confirm")
    camera.press("パスワード初期化依頼")
    camera.heading("一括利用者パスワード初期化 依頼受付")
    camera.take("B2-asked")


def resets(camera: Camera, base: str) -> None:
    """R1, R2, the mail, R4, R5."""
    page = camera.page
    page.goto(base + "/useridmg/pwdInitPay/request")
    camera.take("R1-request")
    camera.press("パスワード初期化依頼")
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    camera.take("R1-empty")
    camera.type("納付利用者ID", "ｋｎｃａ６２８９")
    camera.type("利用者管理用メールアドレス", "hanako@example.jp")
    camera.press("パスワード初期化依頼")
    camera.heading("納付利用者パスワード初期化 依頼受付")
    camera.take("R2-asked")
    guide = page.get_by_role("link", name="【軽自動車OSS】納付利用者パスワード初期化ご案内")
    for _ in range(TRIES):
        page.goto(base + "/demo/mail")
        if guide.count():
            break
    camera.take("demo-inbox")
    guide.first.click()
    camera.take("demo-mail")
    page.get_by_role("link", name=re.compile("INIT")).click()
    camera.heading("納付利用者パスワード初期化 希望パスワードの入力")
    camera.take("R4-choose")
    camera.type("ご希望のパスワード", NEW_PASSWORD)
    camera.type("ご希望のパスワード (確認用)", NEW_PASSWORD)
    camera.press("パスワード初期化")
    camera.heading("納付利用者パスワード初期化 登録完了")
    camera.take("R5-complete")


def photograph(browser: Browser, width: int) -> None:
    """Walk through the product at one width."""
    with demo() as base:
        size = {"width": width, "height": 900}
        page = browser.new_context(viewport=size, locale="ja-JP").new_page()  # type: ignore[arg-type]
        camera = Camera(page, width)
        around_log_in(camera, base)
        my_page(camera, base)
        resets(camera, base)


def main() -> None:
    """Take all pictures."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=arguments)
        for width in WIDTHS:
            photograph(browser, width)
    print(f"{len(list(TARGET.iterdir()))} pictures in {TARGET}")


if __name__ == "__main__":
    main()
