"""利用者ID発行: from the portal through the mail to the first log-in."""

from http import HTTPStatus
from secrets import token_hex

from playwright.sync_api import Page, expect

from .conftest import Site
from .mail_wording import ISSUE_GUIDE, ISSUED, is_notice
from .mailbox import Mailbox
from .pages.issuance import Issued, NewConfirm, NewPasswords, NewProfile, SpentIssueLink
from .pages.my_page import MyPage
from .pages.portal import Portal
from .personas import new_password
from .plain_http import fetch
from .travel import back


def newcomer() -> str:
    """An address that nobody has used before."""
    return f"shinki-{token_hex(4)}@example.jp"


def mailed(page: Page, mailbox: Mailbox, email: str) -> str:
    """Ask for an ID, and give the URL of the mail."""
    Portal.open(page).to_issuance().agree().request(email)
    return mailbox.expect(to=email, subject=ISSUE_GUIDE).link


def fill_in_a_company(profile: NewProfile) -> None:
    profile.choose("法人の方")
    profile.company_kana.fill("あおぞら じどうしゃ")
    profile.company_name.fill("青空自動車ABC")
    profile.representative.fill("青空 一郎")


def test_a_newcomer_gets_both_ids_and_logs_in(page: Page, mailbox: Mailbox, site: Site) -> None:
    email = newcomer()
    terms = Portal.open(page).to_issuance()
    terms.button("次へ").click()
    expect(terms.problems).to_be_visible()
    accepted = terms.agree().request(email)
    assert accepted.facts()["送信先メールアドレス"] == email
    guide = mailbox.expect(to=email, subject=ISSUE_GUIDE)
    is_notice(guide, site.cast.service)
    assert guide.link.startswith(f"{site.url}/useridmg/issue/INIT?key=")
    accepted.finish()
    Portal(page)

    page.goto(guide.link)
    assert "key=" not in page.url
    profile = NewProfile(page)
    expect(profile.main).to_contain_text(email)
    fill_in_a_company(profile)
    passwords = profile.next()
    payment, bulk = new_password(), new_password()
    confirm = passwords.choose(payment, bulk)
    assert confirm.facts()["会社・団体名（フリガナ）"].startswith("アオゾラ　ジドウシャ")
    assert confirm.facts()["会社・団体名"].startswith("青空自動車ＡＢＣ")
    issued = confirm.issue()
    facts = issued.facts()
    number = facts["納付利用者ID"].removeprefix("KNCA")
    assert number.isdigit()
    assert facts["一括利用者ID"] == f"KICA{number}"
    done = mailbox.expect(to=email, subject=ISSUED)
    is_notice(done, site.cast.service)
    assert {facts["納付利用者ID"], facts["一括利用者ID"], facts["受付番号"]} <= set(done.lines)
    assert payment not in done.text + guide.text
    mailbox.expect_no_other()

    my_page = issued.to_login().log_in(facts["納付利用者ID"], payment)
    assert my_page.facts()["会社・団体名"] == "青空自動車ＡＢＣ"
    assert my_page.facts()["利用者管理用メールアドレス"] == email


def test_scanners_use_nothing_up_and_a_used_url_is_gone(page: Page, mailbox: Mailbox) -> None:
    link = mailed(page, mailbox, newcomer())
    for turn in range(20):
        scan = fetch(link, method="HEAD" if turn % 4 == 3 else "GET")
        assert scan.status == HTTPStatus.SEE_OTHER
        assert link.partition("key=")[2] not in scan.headers["location"]
    page.goto(link)
    fill_in_a_company(NewProfile(page))
    issued = NewProfile(page).next().choose(new_password(), new_password()).issue()
    ids, done = issued.facts(), page.url
    page.reload()
    assert Issued(page).facts() == ids
    back(page)
    expect(page).to_have_url(done)
    assert Issued(page).facts() == ids
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == HTTPStatus.GONE
    SpentIssueLink(page).ask_again()


def test_nothing_typed_is_lost_on_the_way(page: Page, mailbox: Mailbox) -> None:
    """A refusal, Back, a reload, the mail opened again: the answers are there."""
    link = mailed(page, mailbox, newcomer())
    page.goto(link)
    profile = NewProfile(page)
    fill_in_a_company(profile)
    profile.company_kana.fill("青空")
    profile.button("次へ").click()
    expect(profile.problems).to_be_visible()
    expect(profile.company_name).to_have_value("青空自動車ＡＢＣ")
    profile.company_kana.fill("アオゾラ")
    passwords = profile.next()
    back(page)
    expect(NewProfile(page).company_kana).to_have_value("アオゾラ")
    page.goto(link)
    expect(NewProfile(page).representative).to_have_value("青空　一郎")
    passwords = NewProfile(page).next()
    passwords.submit(new_password(), new_password(), bulk_again="something else")
    expect(passwords.problems).to_be_visible()
    expect(passwords.password("納付利用者")).to_have_value("")
    confirm = NewPasswords(page).choose(new_password(), new_password())
    profile = confirm.back()
    profile.type_notice_email("notice@example.jp")
    again = profile.mend()
    assert again.facts()["申請状況通知用メールアドレス"].startswith("notice@example.jp")
    page.reload()
    NewConfirm(page).issue()


def test_a_person_is_asked_as_a_person(page: Page, mailbox: Mailbox) -> None:
    page.goto(mailed(page, mailbox, newcomer()))
    profile = NewProfile(page)
    expect(profile.company_kana).to_be_hidden()
    profile.choose("個人の方")
    expect(profile.company_kana).to_be_hidden()
    profile.person_kana.fill("ｱｵｿﾞﾗ ﾊﾅｺ")
    profile.person_name.fill("青空 花子")
    payment = new_password()
    issued = profile.next().choose(payment, new_password()).issue()
    user_id = issued.facts()["納付利用者ID"]
    issued.to_login().log_in(user_id, payment)
    assert "代表者名" not in MyPage(page).facts()
