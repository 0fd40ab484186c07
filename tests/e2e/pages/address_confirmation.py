"""E1, E2: 確認 of a new 利用者管理用メールアドレス behind the mailed URL."""

from .my_page import MyPage
from .screen import Screen


class AddressConfirm(Screen):
    heading = "利用者管理用メールアドレスの確認"

    def confirm(self) -> "AddressConfirmed":
        self.button("確認する").click()
        return AddressConfirmed(self.page)


class AddressConfirmed(Screen):
    heading = "利用者管理用メールアドレスの確認 完了"

    def to_my_page(self) -> MyPage:
        self.link("マイページへ").click()
        return MyPage(self.page)
