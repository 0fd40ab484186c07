"""A newcomer and the office: an ID is issued, a bank account registered, changed and stopped."""

import re

import pytest
from playwright.sync_api import Page

from .mail_wording import ISSUED
from .mailbox import Mailbox
from .pages.direct_debit import Action, DebitEdit, DebitMade, Kind
from .pages.issuance import NewProfile
from .pages.my_page import MyPage
from .pages.office import Forms, OfficeLogin
from .personas import Officer, new_password
from .test_direct_debit import CONTACT, SUBJECT, fill_in, state
from .test_issuance import fill_in_a_company, mailed, newcomer

KIND: Kind = "国庫金"
NUMBER = re.compile(r"\d{4}-\d{3}-\d{3}")
ON_THE_WAY = (  # the list, the button, the mail of the step
    ("届出書作成済", "受付", "届出書受付"),
    ("受付", "金融機関へ送付", "金融機関審査"),
)


class Story:
    """One person and one clerk, who take turns at a browser."""

    def __init__(self, page: Page, mailbox: Mailbox, clerk: Officer) -> None:
        self.page, self.mailbox, self.clerk = page, mailbox, clerk
        self.email, self.password = newcomer(), new_password()
        self.payment_id = ""

    def is_told(self, step: str) -> None:
        """A mail, which never has the account number."""
        mail = self.mailbox.expect(to=self.email, subject=SUBJECT.format(KIND, step))
        assert "0012345" not in mail.text

    def gets_an_id(self) -> None:
        self.page.goto(mailed(self.page, self.mailbox, self.email))
        profile = NewProfile(self.page)
        fill_in_a_company(profile)
        issued = profile.next().choose(self.password, new_password()).issue()
        self.payment_id = issued.facts()["納付利用者ID"]
        self.mailbox.expect(to=self.email, subject=ISSUED)
        issued.to_login().log_in(self.payment_id, self.password)

    def starts(self, action: Action) -> DebitEdit:
        MyPage.open(self.page).link(f"{KIND}ダイレクト納付口座{action}").click()
        return DebitEdit(self.page, KIND, action)

    def posts(self, edit: DebitEdit) -> str:
        """Confirm, and give the 整理番号 of the paper that is posted."""
        made: DebitMade = edit.next().apply()
        number = NUMBER.search(made.main.inner_text())
        assert number is not None
        self.is_told("届出書作成")
        return number[0]

    def is_taken_through(self, number: str, approved: str) -> None:
        """The office moves the form on, list by list, to 承認."""
        forms: Forms = OfficeLogin.open(self.page).log_in(*self.clerk_says).to_forms()
        for listed, button, step in (
            *ON_THE_WAY,
            ("金融機関審査中", "承認", approved),
        ):
            forms.in_state(listed)
            forms = forms.move(number, button)
            self.is_told(step)
        forms.leave()

    @property
    def clerk_says(self) -> tuple[str, str]:
        return self.clerk.name, self.clerk.password

    def sees(self, words: str) -> None:
        MyPage.open(self.page)
        assert words in state(self.page, KIND)


@pytest.fixture
def story(page: Page, mailbox: Mailbox, clerk: Officer) -> Story:
    return Story(page, mailbox, clerk)


def test_from_a_new_id_to_an_account_that_is_used_changed_and_stopped(story: Story) -> None:
    story.gets_an_id()
    edit = story.starts("新規作成")
    edit.search("金融機関", "みつびし").get_by_label("0005 三菱ＵＦＪ銀行", exact=True).check()
    edit.search("支店", "まるのうち").get_by_label("002 丸の内", exact=True).check()
    edit.choose("普通")
    fill_in(edit, {**CONTACT, "口座番号": "12345"})
    story.is_taken_through(story.posts(edit), "利用開始")
    story.sees("利用可能")

    edit = story.starts("情報変更")
    fill_in(edit, {"電話番号": "03-0000-0000"})
    number = story.posts(edit)
    story.sees("変更手続中")
    story.is_taken_through(number, "情報変更完了")
    story.sees("利用可能")

    number = story.posts(story.starts("利用中止"))
    story.sees("利用中止手続中")
    story.is_taken_through(number, "利用中止完了")
    story.sees("利用中止")
    story.mailbox.expect_no_other()
