"""2. 利用者情報マイページログイン."""

import re

from playwright.sync_api import Page, expect

from .mail_wording import PASSWORD_CHANGED, is_notice
from .mailbox import Mailbox
from .manual import as_in_the_manual
from .pages.login import Login
from .pages.password_change import PasswordChange
from .pages.portal import Portal
from .personas import Cast, Persona, new_password
from .wording import has_badge

REGISTERED_AT = re.compile(r"\d{4}年 \d\d月 \d\d日 \d\d時 \d\d分")
EXPIRED_SINCE = re.compile(r"\d{4}年 ?\d\d月 ?\d\d日")
UNKNOWN_ID = "KNCA9999"


def test_a_company_logs_in_from_the_portal_and_sees_what_is_registered(
    page: Page, company: Persona
) -> None:
    login = Portal.open(page).to_login()
    as_in_the_manual(login)
    has_badge(login.payment_id, "必須")
    has_badge(login.password, "必須")
    my_page = login.log_in(company.payment_id, company.password)
    as_in_the_manual(my_page)
    for part in ("メニュー", "ダウンロード", "利用者情報"):
        expect(my_page.part(part)).to_be_visible()
    facts = my_page.facts()
    assert REGISTERED_AT.fullmatch(facts.pop("利用者情報更新日時"))
    assert facts == {
        "納付利用者ID": company.payment_id,
        "一括利用者ID": company.bulk_id,
        "会社・団体名（フリガナ）": company.kana,
        "会社・団体名": company.name,
        "代表者名": company.representative,
        "利用者管理用メールアドレス": company.email,
        "申請状況通知用メールアドレス": facts["申請状況通知用メールアドレス"],
    }


def test_an_expired_password_leads_to_its_change_and_then_to_my_page(
    page: Page, expired: Persona, cast: Cast, mailbox: Mailbox
) -> None:
    Login.open(page).submit(expired.payment_id, expired.password)
    change = PasswordChange(page)
    expect(change.payment_id).to_have_value(expired.payment_id)
    expect(change.main).to_contain_text("納付利用者パスワードの有効期限が切れています。")
    expect(change.main).to_contain_text(EXPIRED_SINCE)
    expect(change.main).to_contain_text("新しいパスワードで再度ログイン")
    page.goto("/useridmg/mypage")
    Login(page).submit(expired.payment_id, expired.password)

    password = new_password()
    changed = PasswordChange(page).change(expired.password, password)
    cast.password_changed(expired, password)
    changed.to_login()
    my_page = Login(page).log_in(expired.payment_id, expired.password)
    assert my_page.facts()["納付利用者ID"] == expired.payment_id
    mail = mailbox.expect(to=expired.email, subject=PASSWORD_CHANGED)
    is_notice(mail, cast.service)
    assert password not in mail.text
    mailbox.expect_no_other()
