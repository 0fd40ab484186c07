"""P1, the top of the portal."""

from .issuance import Terms
from .login import Login
from .screen import Entrance


class Portal(Entrance):
    heading = "軽自動車OSS申請"
    path = "/"

    def to_login(self, kind: str = "一括申請の方") -> Login:
        """事前の準備が整った方 → 利用者情報の確認・変更を行う."""
        ready = self.main.get_by_role("region", name="事前の準備が整った方", exact=True)
        menu = ready.get_by_role("region", name=kind, exact=True)
        menu.get_by_role("link", name="利用者情報の確認・変更を行う", exact=True).click()
        return Login(self.page)

    def to_issuance(self) -> Terms:
        """はじめての方 → 利用者IDの発行."""
        self.main.get_by_role("link", name="利用者IDの発行", exact=True).click()
        return Terms(self.page)
