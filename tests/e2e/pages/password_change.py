"""C1, C2: パスワード変更."""

from playwright.sync_api import Locator

from .screen import Entrance, Screen


class PasswordChange(Entrance):
    heading = "パスワード変更"
    path = "/useridmg/password/change"

    @property
    def payment_id(self) -> Locator:
        return self.field("納付利用者ID")

    @property
    def current(self) -> Locator:
        return self.field("現在のパスワード")

    @property
    def new(self) -> Locator:
        return self.field("新しいパスワード")

    @property
    def new_again(self) -> Locator:
        return self.field("新しいパスワード(確認用)")

    def submit(self, current: str, new: str, again: str | None = None) -> None:
        """Press 変更, whatever comes of it."""
        self.current.fill(current)
        self.new.fill(new)
        self.new_again.fill(new if again is None else again)
        self.button("変更").click()

    def change(self, current: str, new: str) -> "PasswordChanged":
        self.submit(current, new)
        return PasswordChanged(self.page)


class PasswordChanged(Screen):
    heading = "パスワード変更結果通知"

    def to_login(self) -> None:
        self.link("ログインへ戻る").click()
