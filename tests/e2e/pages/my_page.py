"""M1, My Page itself."""

from playwright.sync_api import Locator

from .activity import Activity, OwnData
from .password_reset import BulkConfirm
from .profile import ProfileEdit
from .screen import Entrance
from .sessions import Sessions
from .summary_file import SummaryFile


class MyPage(Entrance):
    heading = "マイページ"
    path = "/useridmg/mypage"

    def to_profile(self) -> ProfileEdit:
        self.link("利用者情報変更").click()
        return ProfileEdit(self.page)

    def to_bulk_reset(self) -> BulkConfirm:
        self.link("一括利用者パスワード初期化").click()
        return BulkConfirm(self.page)

    def to_sessions(self) -> Sessions:
        self.link("ログイン中の端末").click()
        return Sessions(self.page)

    def to_activity(self) -> Activity:
        self.link("操作履歴").click()
        return Activity(self.page)

    def to_own_data(self) -> OwnData:
        self.link("自分の登録データ").click()
        return OwnData(self.page)

    def to_summary_file(self) -> SummaryFile:
        self.link("まとめ納付管理ファイル").click()
        return SummaryFile(self.page)

    def facts(self) -> dict[str, str]:
        names = self.main.get_by_role("rowheader").all_inner_texts()
        values = self.main.get_by_role("cell").all_inner_texts()
        return dict(zip(names, values, strict=True))

    def part(self, name: str) -> Locator:
        """メニュー, ダウンロード or 利用者情報."""
        return self.main.get_by_role("heading", level=2, name=name, exact=True)

    def help_on(self, name: str) -> Locator:
        """The ? beside a heading."""
        return self.main.get_by_role("group").filter(has_text=f"{name}の説明")

    def refresh(self) -> None:
        self.button("最新の情報に更新").click()

    def finish(self) -> None:
        """Log out."""
        self.button("終了").click()
