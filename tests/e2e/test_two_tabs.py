"""Two tabs, two edits or two people: nobody's values are overwritten or mixed up."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from .conftest import Site
from .mail_wording import PROFILE_CHANGED
from .mailbox import Mailbox
from .pages.my_page import MyPage
from .pages.profile import ProfileConflict
from .personas import Persona
from .shortcuts import edit_of, finishes, my_page_of
from .watch import Watch

OTHER_ACCOUNT = "別の利用者がログインしました。操作は完了していません。"
REGISTERED, TYPED = "登録されている内容：", "この画面で入力した内容："


@pytest.fixture
def context(new_context: CreateContextCallback, site: Site) -> Iterator[BrowserContext]:
    """A browser whose own words about a refused request are no complaint here."""
    context = new_context()
    watch = Watch(context, site.url)
    yield context
    watch.complaints = [each for each in watch.complaints if "a status of 403" not in each]
    watch.verdict()


@pytest.mark.parametrize("late", ["次へ", "確定"])
def test_two_tabs_with_two_edits_end_with_what_is_chosen(
    page: Page, company: Persona, mailbox: Mailbox, late: str
) -> None:
    edit = edit_of(page, company)
    tab = page.context.new_page()
    other = MyPage.open(tab).to_profile()
    for screen, name in ((edit, f"先の{late}"), (other, f"後の{late}")):
        screen.representative.fill(name)
        screen.type_notice_email("first@example.jp" if screen is edit else "second@example.jp")
    if late == "確定":
        edit.next()
    other.next().apply()
    mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    tab.close()
    edit.button(late).click()

    conflict = ProfileConflict(page)
    expect(conflict.option("代表者名", f"{REGISTERED}後の{late}")).to_be_visible()
    conflict.option("代表者名", f"{TYPED}先の{late}").check()
    expect(conflict.option("申請状況", f"{TYPED}first@example.jp")).to_be_visible()
    conflict.option("申請状況", f"{REGISTERED}second@example.jp").check()
    conflict.button("次へ").click()
    finishes(page, company, f"先の{late}", mailbox)
    assert MyPage(page).facts()["申請状況通知用メールアドレス"] == "second@example.jp"


def test_what_one_person_typed_is_never_taken_for_another_who_logged_in_meanwhile(
    page: Page, company: Persona, individual: Persona, mailbox: Mailbox, javascript: bool
) -> None:
    edit = edit_of(page, company)
    edit.representative.fill("先の人")
    tab = page.context.new_page()
    my_page_of(tab, individual)
    edit.button("次へ").click()
    expect(page.get_by_role("main")).to_contain_text(OTHER_ACCOUNT)
    before = MyPage.open(tab).facts()
    assert before["氏名"] == individual.name
    my_page_of(tab, company)
    tab.close()
    if javascript:
        expect(edit.representative).to_have_value("先の人")
    page.get_by_role(
        "button", name="次へ" if javascript else "もう一度送信する", exact=True
    ).click()
    finishes(page, company, "先の人", mailbox)
