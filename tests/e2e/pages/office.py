"""担当者画面: the log-in, the desk, the accounts, the 届出書."""

from playwright.sync_api import Locator, Page, expect

from .screen import Entrance, Screen


class OfficeLogin(Entrance):
    heading = "担当者ログイン"
    path = "/office/login"

    def submit(self, name: str, password: str) -> None:
        """Press ログイン, whatever comes of it."""
        self.field("担当者ID").fill(name)
        self.field("パスワード").fill(password)
        self.button("ログイン").click()

    def log_in(self, name: str, password: str) -> "Desk":
        self.submit(name, password)
        return Desk(self.page)


class Office(Screen):
    """A screen behind the office's log-in."""

    @property
    def banner(self) -> Locator:
        return self.page.get_by_role("banner")

    def to_accounts(self) -> "Accounts":
        self.banner.get_by_role("link", name="利用者", exact=True).click()
        return Accounts(self.page)

    def to_mails(self) -> "Mails":
        self.banner.get_by_role("link", name="送信できなかったメール", exact=True).click()
        return Mails(self.page)

    def to_forms(self) -> "Forms":
        self.banner.get_by_role("link", name="届出書", exact=True).click()
        return Forms(self.page)

    def to_trail(self) -> "Trail":
        self.banner.get_by_role("link", name="操作履歴", exact=True).click()
        return Trail(self.page)

    def to_password(self) -> "OfficePassword":
        self.banner.get_by_role("link", name="パスワード変更", exact=True).click()
        return OfficePassword(self.page)

    def leave(self) -> OfficeLogin:
        self.banner.get_by_role("button", name="終了", exact=True).click()
        return OfficeLogin(self.page)

    def search(self, text: str) -> "Accounts":
        self.field("利用者検索").fill(text)
        self.button("検索").click()
        return Accounts(self.page)


class Desk(Office):
    heading = "担当者画面"

    @property
    def notice(self) -> Locator:
        return self.page.locator("#notice")


class OfficePassword(Office):
    heading = "担当者パスワード変更"

    def submit(self, current: str, new: str, again: str | None = None) -> None:
        """Press 変更, whatever comes of it."""
        self.field("現在のパスワード").fill(current)
        self.field("新しいパスワード").fill(new)
        self.field("新しいパスワード(確認用)").fill(new if again is None else again)
        self.button("変更").click()

    def change(self, current: str, new: str) -> Desk:
        self.submit(current, new)
        return Desk(self.page)


class Accounts(Office):
    heading = "利用者"

    def open_account(self, payment_id: str) -> "OfficeAccount":
        self.link(payment_id).click()
        return OfficeAccount(self.page, payment_id)


class OfficeAccount(Office):
    def __init__(self, page: Page, payment_id: str) -> None:
        self.page = page
        expect(page.get_by_role("heading", level=1)).to_have_text(f"利用者 {payment_id}")

    def act(self, name: str, reason: str) -> None:
        """Choose, give a reason and press 実行."""
        self.main.get_by_role("radio", name=name, exact=True).check()
        self.field("理由").fill(reason)
        self.button("実行").click()

    @property
    def notice(self) -> Locator:
        return self.page.locator("#notice")


class Mails(Office):
    heading = "送信できなかったメール"


class Trail(Office):
    heading = "操作履歴"

    def look_up(self, payment_id: str, event: str) -> None:
        self.field("納付利用者ID").fill(payment_id)
        self.field("操作内容").select_option(event)
        self.button("検索").click()


class Forms(Office):
    heading = "届出書"

    def in_state(self, state: str) -> None:
        """Choose one of the lists."""
        self.main.get_by_role("listitem").get_by_role("link", name=state).click()

    def move(self, number: str, button: str, reason: str = "") -> "Forms":
        """Tick a form of the list that is shown, press a button, confirm."""
        self.main.get_by_role("checkbox", name=f"整理番号{number}を選ぶ").check()
        self.button(button).click()
        expect(self.title).to_have_text(f"届出書の確認：{button}")
        if reason:
            self.field("不備の内容").fill(reason)
        self.button("確定").click()
        return Forms(self.page)
