"""L1, the log-in."""

from playwright.sync_api import Locator

from .my_page import MyPage
from .password_change import PasswordChange
from .password_reset import PaymentRequest
from .screen import Entrance


class Login(Entrance):
    heading = "マイページログイン"
    path = "/useridmg/login"

    @property
    def payment_id(self) -> Locator:
        return self.field("納付利用者ID")

    @property
    def password(self) -> Locator:
        return self.field("納付利用者パスワード")

    def submit(self, payment_id: str, password: str) -> None:
        """Press ログイン, whatever comes of it."""
        self.payment_id.fill(payment_id)
        self.password.fill(password)
        self.button("ログイン").click()

    def log_in(self, payment_id: str, password: str) -> MyPage:
        self.submit(payment_id, password)
        return MyPage(self.page)

    def to_password_change(self) -> PasswordChange:
        self.link("パスワード変更").click()
        return PasswordChange(self.page)

    def to_password_reset(self) -> PaymentRequest:
        self.link("パスワード初期化").click()
        return PaymentRequest(self.page)

    def finish(self) -> None:
        self.link("終了").click()
