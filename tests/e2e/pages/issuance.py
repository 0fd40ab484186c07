"""I1–I7: 利用者ID発行."""

from playwright.sync_api import Locator

from .login import Login
from .profile import ProfileFields
from .screen import Entrance, Screen


class Terms(Entrance):
    """I1."""

    heading = "利用者ID発行 利用規約の同意"
    path = "/useridmg/issue/terms"

    @property
    def consent(self) -> Locator:
        return self.main.get_by_role("checkbox", name="利用規約に同意する", exact=True)

    def agree(self) -> "Address":
        self.consent.check()
        self.button("次へ").click()
        return Address(self.page)


class Address(Screen):
    """I2."""

    heading = "利用者ID発行 メールアドレスの入力"

    @property
    def email(self) -> Locator:
        return self.field("メールアドレス")

    @property
    def email_again(self) -> Locator:
        return self.field("メールアドレス(確認用)")

    def submit(self, email: str, again: str | None = None) -> None:
        """Press 発行依頼, whatever comes of it."""
        self.email.fill(email)
        self.email_again.fill(email if again is None else again)
        self.button("発行依頼").click()

    def request(self, email: str) -> "Accepted":
        self.submit(email)
        return Accepted(self.page)


class Accepted(Screen):
    """I3."""

    heading = "利用者ID発行 依頼受付"

    def finish(self) -> None:
        self.link("終了").click()


class NewProfile(ProfileFields):
    """I4."""

    heading = "利用者ID発行 利用者情報の入力"

    def next(self) -> "NewPasswords":
        self.button("次へ").click()
        return NewPasswords(self.page)

    def mend(self) -> "NewConfirm":
        """次へ, when the passwords are chosen already."""
        self.button("次へ").click()
        return NewConfirm(self.page)


class NewPasswords(Screen):
    """I5."""

    heading = "利用者ID発行 希望パスワードの入力"

    def password(self, kind: str) -> Locator:
        return self.field(f"ご希望の{kind}パスワード")

    def password_again(self, kind: str) -> Locator:
        return self.field(f"ご希望の{kind}パスワード (確認用)")

    def submit(self, payment: str, bulk: str, bulk_again: str | None = None) -> None:
        """Press 次へ, whatever comes of it."""
        for kind, typed in (("納付利用者", payment), ("一括利用者", bulk)):
            self.password(kind).fill(typed)
            self.password_again(kind).fill(typed)
        if bulk_again is not None:
            self.password_again("一括利用者").fill(bulk_again)
        self.button("次へ").click()

    def choose(self, payment: str, bulk: str) -> "NewConfirm":
        self.submit(payment, bulk)
        return NewConfirm(self.page)


class NewConfirm(Screen):
    """I6."""

    heading = "利用者ID発行 依頼の確認"

    def issue(self) -> "Issued":
        self.button("確定").click()
        return Issued(self.page)

    def back(self) -> NewProfile:
        self.link("戻る").click()
        return NewProfile(self.page)


class Issued(Screen):
    """I7."""

    heading = "利用者ID発行 発行完了"

    def to_login(self) -> Login:
        self.link("マイページログインへ").click()
        return Login(self.page)


class SpentIssueLink(Screen):
    """What a used, old or unknown URL shows."""

    heading = "このURLは使用できません"

    def ask_again(self) -> Terms:
        self.link("もう一度依頼する").click()
        return Terms(self.page)
