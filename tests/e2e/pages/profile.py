"""U1, U2, U3: 利用者情報変更; the fields of 利用者情報, which 利用者ID発行 asks too."""

import re
from typing import Literal

from playwright.sync_api import Locator

from .screen import Screen


class ProfileFields(Screen):
    """What both forms ask."""

    def choose(self, kind: Literal["個人の方", "法人の方"]) -> None:
        self.page.get_by_role("radio", name=kind, exact=True).check()

    def chosen(self, kind: Literal["個人の方", "法人の方"]) -> Locator:
        return self.page.get_by_role("radio", name=kind, exact=True, checked=True)

    @property
    def company_kana(self) -> Locator:
        return self.field("会社・団体名(フリガナ)(全角)")

    @property
    def company_name(self) -> Locator:
        return self.field("会社・団体名(全角)")

    @property
    def representative(self) -> Locator:
        return self.field("代表者名(全角)")

    @property
    def person_kana(self) -> Locator:
        return self.field("氏名(フリガナ)(全角)")

    @property
    def person_name(self) -> Locator:
        return self.field("氏名(全角)")

    @property
    def notice_email(self) -> Locator:
        return self.field("申請状況通知用メールアドレス")

    @property
    def notice_email_again(self) -> Locator:
        return self.field("申請状況通知用メールアドレス(確認用)")

    def words_below(self, words: str) -> Locator:
        """What is said below a field; Playwright leaves an output out of descriptions."""
        return self.main.get_by_role("status").filter(has_text=words)

    def type_notice_email(self, address: str) -> None:
        self.notice_email.fill(address)
        self.notice_email_again.fill(address)


class ProfileEdit(ProfileFields):
    """U1."""

    heading = "利用者情報変更 依頼の入力"

    @property
    def email(self) -> Locator:
        return self.field("利用者管理用メールアドレス")

    @property
    def email_again(self) -> Locator:
        return self.field("利用者管理用メールアドレス(確認用)")

    def type_email(self, address: str) -> None:
        self.email.fill(address)
        self.email_again.fill(address)

    def next(self) -> "ProfileConfirm":
        self.button("次へ").click()
        return ProfileConfirm(self.page)


class ProfileConfirm(Screen):
    heading = "利用者情報変更 依頼の確認"

    @property
    def current_password(self) -> Locator:
        """Asked only when the 利用者管理用メールアドレス changes."""
        return self.field("現在のパスワード")

    def apply(self) -> "ProfileComplete":
        self.button("確定").click()
        return ProfileComplete(self.page)

    def back(self) -> ProfileEdit:
        self.link("戻る").click()
        return ProfileEdit(self.page)


class ProfileComplete(Screen):
    heading = "利用者情報変更 登録完了"

    def to_my_page(self) -> None:
        self.link("マイページへ戻る").click()


class ProfileConflict(Screen):
    """Two editors' values side by side."""

    heading = "ほかの画面で先に変更されています"

    def option(self, item: str, value: str) -> Locator:
        group = self.main.get_by_role("group", name=re.compile(f"^{item}"))
        return group.get_by_role("radio", name=value, exact=True)
