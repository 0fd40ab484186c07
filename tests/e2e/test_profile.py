"""3. 利用者情報変更."""

import pytest
from playwright.sync_api import Page, expect

from .mail_wording import PROFILE_CHANGED, is_notice
from .mailbox import Mailbox
from .manual import as_in_the_manual
from .pages.my_page import MyPage
from .pages.portal import Portal
from .pages.profile import ProfileEdit
from .personas import Persona, Service
from .shortcuts import edit_of
from .travel import back
from .wording import has_badge, has_no_badge


def put_back(edit: ProfileEdit, persona: Persona) -> None:
    """Make the company what it was, so that the journeys stand in any order."""
    edit.company_kana.fill(persona.kana)
    edit.company_name.fill(persona.name)
    edit.representative.fill(persona.representative)
    edit.type_email(persona.email)
    edit.type_notice_email("")
    edit.next().apply()


def is_filled_in(edit: ProfileEdit, persona: Persona) -> None:
    """What is registered stands in the fields, and counts as checked."""
    for field, value in (
        (edit.company_kana, persona.kana),
        (edit.company_name, persona.name),
        (edit.representative, persona.representative),
        (edit.email, persona.email),
        (edit.email_again, persona.email),
    ):
        expect(field).to_have_value(value)
        has_badge(field, "OK")
    has_badge(edit.notice_email, "任意")
    has_badge(edit.notice_email_again, "任意")


def test_a_company_changes_what_is_registered_as_in_the_manual(
    page: Page, company: Persona, mailbox: Mailbox, service: Service
) -> None:
    my_page = Portal.open(page).to_login().log_in(company.payment_id, company.password)
    edit = my_page.to_profile()
    as_in_the_manual(edit)
    expect(edit.chosen("法人の方")).to_be_visible()
    is_filled_in(edit, company)

    edit.company_kana.fill("ｹｲｼﾞ ﾖｯﾂぎょうせい")
    edit.company_name.fill("ABC㈱髙橋 4288")
    edit.representative.fill("軽自  次郎")
    edit.type_notice_email(" Ｋｅｉ-oss@Ｅｘａｍｐｌｅ．ＪＰ ")
    confirm = edit.next()
    as_in_the_manual(confirm)
    wanted = {
        "会社・団体名（フリガナ）": "ケイジ　ヨッツギョウセイ",
        "会社・団体名": "ＡＢＣ㈱髙橋　４２８８",
        "代表者名": "軽自　次郎",
        "利用者管理用メールアドレス": company.email,
        "申請状況通知用メールアドレス": "Kei-oss@example.jp",
    }
    for term, fact in confirm.facts().items():
        assert fact.startswith(wanted[term])
        assert ("変更あり" in fact) == (term != "利用者管理用メールアドレス")

    complete = confirm.apply()
    as_in_the_manual(complete)
    mail = mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    is_notice(mail, service)
    mailbox.expect_no_other()

    complete.to_my_page()
    facts = MyPage(page).facts()
    assert {term: facts[term] for term in wanted} == wanted
    put_back(MyPage(page).to_profile(), company)


def test_an_individual_changes_what_is_registered(
    page: Page, individual: Persona, mailbox: Mailbox, service: Service
) -> None:
    edit = edit_of(page, individual)
    expect(edit.chosen("個人の方")).to_be_visible()
    expect(edit.company_name).to_be_hidden()
    expect(edit.representative).to_be_hidden()
    has_badge(edit.person_kana, "OK")
    edit.person_kana.fill("けいじ はなえ")
    edit.person_name.fill("軽自 花枝")
    confirm = edit.next()
    assert list(confirm.facts())[:2] == ["氏名（フリガナ）", "氏名"]
    assert confirm.facts()["氏名"].startswith("軽自　花枝")
    confirm.apply().to_my_page()
    facts = MyPage(page).facts()
    assert facts["氏名（フリガナ）"] == "ケイジ　ハナエ"
    assert facts["氏名"] == "軽自　花枝"
    is_notice(mailbox.expect(to=individual.email, subject=PROFILE_CHANGED), service)

    edit = MyPage(page).to_profile()
    edit.person_kana.fill(individual.kana)
    edit.person_name.fill(individual.name)
    edit.next().apply()
    mailbox.expect(to=individual.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


def test_a_new_address_needs_the_password_and_both_addresses_hear_of_it(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    moved = company.email.replace("@", "+moved@")
    edit = edit_of(page, company)
    for old, new in ((company.email, moved), (moved, company.email)):
        edit.type_email(new)
        confirm = edit.next()
        assert confirm.facts()["利用者管理用メールアドレス"].startswith(new)
        confirm.current_password.fill(company.password)
        confirm.apply().to_my_page()
        assert MyPage(page).facts()["利用者管理用メールアドレス"] == new
        for address in (old, new):
            mailbox.expect(to=address, subject=PROFILE_CHANGED)
        edit = MyPage(page).to_profile()
    mailbox.expect_no_other()


def test_changing_between_person_and_company_keeps_what_was_typed(
    page: Page, company: Persona
) -> None:
    edit = edit_of(page, company)
    edit.company_name.fill("試しの会社")
    edit.representative.fill("試しの代表")
    edit.choose("個人の方")
    expect(edit.company_name).to_be_hidden()
    edit.person_name.fill("試しの人")
    edit.choose("法人の方")
    expect(edit.person_name).to_be_hidden()
    expect(edit.company_name).to_have_value("試しの会社")
    expect(edit.representative).to_have_value("試しの代表")
    edit.choose("個人の方")
    expect(edit.person_name).to_have_value("試しの人")


@pytest.mark.parametrize(
    "typed", ["", "漢字のふりがな", "ケイジ😀"], ids=["empty", "kanji", "emoji"]
)
def test_a_mistake_is_named_at_its_field_and_nothing_typed_is_lost(
    page: Page, company: Persona, typed: str, mailbox: Mailbox
) -> None:
    edit = edit_of(page, company)
    edit.company_name.fill("試しの会社")
    edit.company_kana.fill(typed)
    edit.button("次へ").click()
    expect(edit.problems).to_be_visible()
    reason = edit.problems.get_by_role("link").inner_text()
    expect(edit.words_below(reason)).to_be_visible()
    has_no_badge(edit.company_kana, "OK")
    expect(edit.company_kana).to_have_attribute("aria-invalid", "true")
    expect(edit.company_kana).to_have_value(typed)
    expect(edit.company_name).to_have_value("試しの会社")
    edit.problems.get_by_role("link").click()
    expect(edit.company_kana).to_be_focused()

    edit.company_kana.fill(company.kana)
    assert edit.next().facts()["会社・団体名"].startswith("試しの会社")
    mailbox.expect_no_other()


def test_going_back_from_the_confirmation_finds_what_was_typed(
    page: Page, company: Persona
) -> None:
    edit = edit_of(page, company)
    edit.representative.fill("試しの代表")
    edit = edit.next().back()
    expect(edit.representative).to_have_value("試しの代表")
    edit.representative.fill("別の代表")
    edit.next()
    back(page)
    expect(ProfileEdit(page).representative).to_have_value("別の代表")
