"""A new 利用者管理用メールアドレス is in force at once, and confirmed behind the URL in its mail."""

from playwright.sync_api import Page, expect

from .mail_wording import PROFILE_CHANGED
from .mailbox import Mailbox
from .pages.address_confirmation import AddressConfirm, AddressConfirmed
from .pages.my_page import MyPage
from .personas import Persona
from .shortcuts import my_page_of

ASKED_AGAIN = "【軽自動車OSS】利用者管理用メールアドレス確認のお願い"
UNCONFIRMED = "まだ確認されていません"
SPENT = "このURLは使用できません"


def move(my_page: MyPage, persona: Persona, address: str) -> MyPage:
    """Register another address."""
    edit = my_page.to_profile()
    edit.type_email(address)
    confirm = edit.next()
    confirm.current_password.fill(persona.password)
    confirm.apply().to_my_page()
    return MyPage(my_page.page)


def confirm(page: Page, link: str) -> MyPage:
    """Open the mailed URL and press 確認する."""
    page.goto(link)
    return AddressConfirm(page).confirm().to_my_page()


def test_a_new_address_is_confirmed_behind_the_url_in_its_mail(
    page: Page, individual: Persona, mailbox: Mailbox
) -> None:
    """My Page says まだ確認されていません and sends the URL again, after which only the newest opens."""
    moved = individual.email.replace("@", "+moved@")
    my_page = move(my_page_of(page, individual), individual, moved)
    assert my_page.facts()["利用者管理用メールアドレス"] == moved
    expect(my_page.main).to_contain_text(UNCONFIRMED)
    first = mailbox.expect(to=moved, subject=PROFILE_CHANGED).link
    mailbox.expect(to=individual.email, subject=PROFILE_CHANGED)

    my_page.button("確認用のメールを再送").click()
    expect(page.get_by_role("main")).to_contain_text("確認用のメールを送信しました。")
    link = mailbox.expect(to=moved, subject=ASKED_AGAIN).link
    page.goto(first)
    expect(page.get_by_role("heading", level=1)).to_have_text(SPENT)
    page.goto(link)
    AddressConfirm(page)
    assert UNCONFIRMED in MyPage.open(page).main.inner_text()

    my_page = confirm(page, link)
    expect(my_page.main).not_to_contain_text(UNCONFIRMED)
    page.goto(link)
    AddressConfirmed(page)

    my_page = move(MyPage.open(page), individual, individual.email)
    mailbox.expect(to=moved, subject=PROFILE_CHANGED)
    back = mailbox.expect(to=individual.email, subject=PROFILE_CHANGED).link
    expect(confirm(page, back).main).not_to_contain_text(UNCONFIRMED)
    mailbox.expect_no_other()
