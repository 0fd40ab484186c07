"""D0 to D4: ダイレクト納付口座."""

from typing import ClassVar, Literal

from playwright.sync_api import Locator, Page, expect

from .screen import Screen

Kind = Literal["国庫金", "地方税"]
Action = Literal["新規作成", "情報変更", "利用中止"]


class _Step(Screen):
    """A step of a procedure, known by its kind and action."""

    step: ClassVar[str]

    def __init__(self, page: Page, kind: Kind, action: Action) -> None:
        self.page, self.kind, self.action = page, kind, action
        expect(page.get_by_role("heading", level=1)).to_have_text(
            f"{kind}ダイレクト納付口座{action} {self.step}"
        )


class DebitEdit(_Step):
    step = "依頼の入力"

    def choose(self, label: str) -> None:
        self.main.get_by_role("radio", name=label, exact=True).check()

    def search(self, field: Literal["金融機関", "支店"], typed: str) -> Locator:
        """Press 検索; give the list of what was found."""
        self.field(field).fill(typed)
        self.button(f"{field}を検索").press("Enter")  # the list of a combobox may lie over it
        return self.main.get_by_role("group", name=f"{field}の候補")

    def next(self) -> "DebitConfirm":
        self.button("次へ").click()
        return DebitConfirm(self.page, self.kind, self.action)


class DebitConfirm(_Step):
    step = "依頼の確認"

    def back(self) -> DebitEdit:
        self.link("戻る").click()
        return DebitEdit(self.page, self.kind, self.action)

    def apply(self) -> "DebitMade":
        self.button("確定").click()
        return DebitMade(self.page, self.kind, self.action)


class DebitMade(_Step):
    step = "届出書作成"

    def to_paper(self) -> "Paper":
        self.main.get_by_role("link", name="を印刷する").first.click()
        return Paper(self.page)


class Paper(Screen):
    heading = "届出書の印刷"

    def lines(self) -> dict[str, str]:
        names = self.main.get_by_role("rowheader").all_inner_texts()
        values = self.main.get_by_role("cell").all_inner_texts()
        return dict(zip(names, values, strict=True))

    def to_show(self, kind: Kind) -> "DebitShow":
        self.link("照会へ戻る").click()
        return DebitShow(self.page, kind)


class DebitShow(Screen):
    """D0 照会."""

    def __init__(self, page: Page, kind: Kind) -> None:
        self.page, self.kind = page, kind
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{kind}ダイレクト納付口座照会")

    def withdraw(self) -> "DebitShow":
        self.link("取下げ").click()
        self.button("取り下げる").click()
        return DebitShow(self.page, self.kind)
