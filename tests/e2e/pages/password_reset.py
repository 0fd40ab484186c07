"""B1, B2, B4, B5 and R1, R2, R4, R5: パスワード初期化 of both kinds."""

from playwright.sync_api import Locator

from .screen import Entrance, Screen


class BulkConfirm(Screen):
    """B1."""

    heading = "一括利用者パスワード初期化 依頼の確認"

    def request(self) -> "BulkAccepted":
        self.button("パスワード初期化依頼").click()
        return BulkAccepted(self.page)


class BulkAccepted(Screen):
    """B2."""

    heading = "一括利用者パスワード初期化 依頼受付"


class PaymentRequest(Entrance):
    """R1."""

    heading = "納付利用者パスワード初期化 依頼の入力"
    path = "/useridmg/pwdInitPay/request"

    @property
    def payment_id(self) -> Locator:
        return self.field("納付利用者ID")

    @property
    def email(self) -> Locator:
        return self.field("利用者管理用メールアドレス")

    def submit(self, payment_id: str, email: str) -> None:
        """Press パスワード初期化依頼, whatever comes of it."""
        self.payment_id.fill(payment_id)
        self.email.fill(email)
        self.button("パスワード初期化依頼").click()

    def request(self, payment_id: str, email: str) -> "PaymentAccepted":
        self.submit(payment_id, email)
        return PaymentAccepted(self.page)


class PaymentAccepted(Screen):
    """R2."""

    heading = "納付利用者パスワード初期化 依頼受付"

    def finish(self) -> None:
        self.link("終了").click()


class NewPassword(Screen):
    """What B4 and R4 share."""

    @property
    def password(self) -> Locator:
        return self.field("ご希望のパスワード")

    @property
    def password_again(self) -> Locator:
        return self.field("ご希望のパスワード (確認用)")

    def submit(self, password: str, again: str | None = None) -> None:
        """Press パスワード初期化, whatever comes of it."""
        self.password.fill(password)
        self.password_again.fill(password if again is None else again)
        self.button("パスワード初期化").click()


class BulkNewPassword(NewPassword):
    """B4."""

    heading = "一括利用者パスワード初期化 希望パスワードの入力"

    def set(self, password: str) -> "BulkComplete":
        self.submit(password)
        return BulkComplete(self.page)


class BulkComplete(Screen):
    """B5."""

    heading = "一括利用者パスワード初期化 登録完了"

    def finish(self) -> None:
        self.link("終了").click()


class PaymentNewPassword(NewPassword):
    """R4."""

    heading = "納付利用者パスワード初期化 希望パスワードの入力"

    def set(self, password: str) -> "PaymentComplete":
        self.submit(password)
        return PaymentComplete(self.page)


class PaymentComplete(Screen):
    """R5."""

    heading = "納付利用者パスワード初期化 登録完了"

    def finish(self) -> None:
        self.link("終了").click()


class SpentLink(Screen):
    """What a used, old or unknown link shows."""

    heading = "このURLは使用できません"

    def ask_again(self) -> PaymentRequest:
        self.link("もう一度依頼する").click()
        return PaymentRequest(self.page)
