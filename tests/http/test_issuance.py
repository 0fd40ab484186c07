"""I1–I7 利用者ID発行, as it goes well: the screens, the mails, the account, log-in with it."""

from pathlib import Path

import httpx
import pytest

from tests.support.issuing import (
    CHOSEN,
    EMAIL,
    GUIDE,
    ISSUED,
    PAYMENT_PASSWORD,
    PERSON,
    PROFILE,
    TERMS,
    agree,
    ask,
    choose,
    fill_in,
    issue,
    mailed,
    prepared,
)
from tests.support.people import ALICE, BOB
from tests.support.post import PostOffice
from tests.support.press import Press, visit
from tests.support.product import Product, running

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

IDS = ("KNCA7002", "KICA7002")  # the people of the tests end at 7001
DONE = "利用者ID発行 発行完了"
LENGTH = "12文字以上128文字以内。文字の種類に制限はありません。"


async def test_the_way_in_is_where_people_look_for_it(visitor: httpx.AsyncClient) -> None:
    """From the portal, from log-in, from the help; each leads to 利用規約の同意."""
    for place, text in (
        ("/", "利用者IDの発行"),
        ("/useridmg/login", "利用者IDをお持ちでない方"),
        ("/help/sitemap", "利用者ID発行"),
        ("/help/faq", "利用者ID発行"),
    ):
        page = await visit(visitor, (await visit(visitor, place)).link(text))
        assert page.h1 == "利用者ID発行 利用規約の同意"
        assert "第三者に知られないように管理してください。" in page.text


async def test_a_pair_of_ids_is_issued_and_logs_in(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """All seven screens; both IDs with one number on screen and by mail; then log-in."""
    asked = (await ask(visitor, f" {EMAIL.replace('@', '＠')}　", press)).page
    assert asked.h1 == "利用者ID発行 依頼受付"
    assert asked.rows()["送信先メールアドレス"] == EMAIL
    await product.settle()
    guide = product.post.only(GUIDE)
    assert (guide.to, "KNCA" in guide.body) == (EMAIL, False)
    passwords = (await fill_in(visitor, guide.link, press)).page
    assert passwords.h1 == "利用者ID発行 希望パスワードの入力"
    assert f"{LENGTH}推測されやすいものは使えません。" in passwords.text
    confirm = (await choose(visitor, passwords, press)).page
    assert confirm.h1 == "利用者ID発行 依頼の確認"
    assert confirm.rows() == {
        "個人・法人の別": "法人の方",
        "会社・団体名（フリガナ）": "アタラシイ　ジドウシャ",
        "会社・団体名": "新しい自動車　ＡＢＣ",
        "代表者名": "新井　一",
        "利用者管理用メールアドレス": EMAIL,
        "申請状況通知用メールアドレス": "未登録",
    }
    done = (await issue(visitor, confirm, press)).page
    assert done.h1 == DONE
    assert (done.rows()["納付利用者ID"], done.rows()["一括利用者ID"]) == IDS
    await product.settle()
    mail = product.post.only(ISSUED)
    assert mail.to == EMAIL
    assert all(word in mail.body for word in (*IDS, done.rows()["受付番号"]))
    assert not any(password in mail.body + guide.body for password in CHOSEN.values())
    login = {"user_id": IDS[0], "password": PAYMENT_PASSWORD}
    assert (await press(visitor, "/useridmg/login", login)).page.h1 == "マイページ"


async def test_a_person_is_asked_for_a_persons_names(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """個人の方: no 代表者名; what was typed for a company is not taken."""
    link = await mailed(product, visitor)
    passwords = (await fill_in(visitor, link, press, **PERSON)).page
    confirm = (await choose(visitor, passwords, press)).page
    assert "代表者名" not in confirm.rows()
    await issue(visitor, confirm, press)
    stored = product.rows("SELECT * FROM accounts WHERE payment_user_id = ?", IDS[0])[0]
    assert (stored["kind"], stored["name"], stored["name_kana"], stored["representative"]) == (
        "individual", "新井　一", "アライ　ハジメ", "",
    )  # fmt: skip


async def test_both_passwords_are_those_that_were_typed(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Each credential has its own; the receipt, the audit row and the mail are one each."""
    await issue(visitor, await prepared(product, visitor))
    rows = product.rows(
        """SELECT c.kind, password_hash FROM credentials AS c JOIN accounts ON id = account_id
            WHERE payment_user_id = ?""",
        IDS[0],
    )
    for row in rows:
        typed = CHOSEN[f"{row['kind']}_password"]
        assert await product.services.passwords.verify(row["password_hash"], typed)
    assert len(rows) == 2
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'issuance.issued'")) == 1
    assert len(product.rows("SELECT 1 FROM receipts WHERE flow = 'issuance'")) == 1


async def test_password_managers_file_each_password_under_its_own_id(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The number is kept free before the passwords are asked, and it is the one that is issued."""
    page = (await fill_in(visitor, await mailed(product, visitor))).page
    assert (page.value("payment_username"), page.value("bulk_username")) == IDS
    named = {
        field.get("name"): field.get("autocomplete")
        for field in page.root.iter("input")
        if "section-" in field.get("autocomplete", "")
    }
    assert named == {
        "payment_username": "section-payment username",
        "payment_password": "section-payment new-password",
        "payment_password_again": "section-payment new-password",
        "bulk_username": "section-bulk username",
        "bulk_password": "section-bulk new-password",
        "bulk_password_again": "section-bulk new-password",
    }
    async with product.browser() as other:
        second = (await fill_in(other, await mailed(product, other, "other@example.jp"))).page
        assert second.value("payment_username") == "KNCA7003"
    confirm = (await choose(visitor, page)).page
    assert (await issue(visitor, confirm)).page.rows()["納付利用者ID"] == IDS[0]


async def test_an_operator_who_takes_a_kept_number_does_not_stop_the_issue(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The next number is issued instead, and 発行完了 says which."""
    confirm = await prepared(product, visitor)
    await product.meddle(
        "UPDATE accounts SET payment_user_id = :id WHERE payment_user_id = 'KNCA6288'", id=IDS[0]
    )
    assert (await issue(visitor, confirm)).page.rows()["納付利用者ID"] == "KNCA7003"


async def test_an_address_in_use_gets_its_ids_and_the_url(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """One address may hold several accounts; only its owner's mail lists them."""
    await ask(visitor, ALICE.account.profile.admin_email, press)
    await product.settle()
    body = product.post.only(GUIDE).body
    assert ALICE.account.payment_user_id in body
    assert ALICE.account.bulk_user_id in body
    assert BOB.account.payment_user_id not in body
    assert "INIT?key=" in body


async def test_the_operators_own_terms_are_shown(
    post: PostOffice, frozen: object, tmp_path: Path
) -> None:
    """MYPAGE_TEXTS_DIR replaces our 利用規約 here as on its own page."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "terms.txt").write_text("# 第1条\n\n当協会の規約です。", encoding="utf-8")
    async with (
        running(tmp_path, post, MYPAGE_TEXTS_DIR=str(folder)) as product,
        product.browser() as browser,
    ):
        assert "当協会の規約です。" in (await visit(browser, TERMS)).text


async def test_the_screen_of_the_address_comes_after_the_terms(
    visitor: httpx.AsyncClient,
) -> None:
    """Opened without consent, it leads to the terms with a word; a made-up run is no consent."""
    for run in ("", "?run=" + "0" * 32, "?run=x"):
        page = await visit(visitor, f"/useridmg/issue/address{run}")
        assert page.h1 == "利用者ID発行 利用規約の同意"
        assert page.notice.startswith("はじめに利用規約をお読みになり")
    assert (await agree(visitor)).h1 == "利用者ID発行 メールアドレスの入力"


async def test_the_proven_address_is_not_asked_again(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """WCAG 3.3.7: it is shown; one that is posted all the same is not taken."""
    link = await mailed(product, visitor)
    page = await visit(visitor, link)
    assert page.rows()["利用者管理用メールアドレス"] == EMAIL
    assert "admin_email" not in page.fields(PROFILE)
    forged = {"admin_email": "evil@example.jp", "admin_email_again": "evil@example.jp"}
    passwords = (await fill_in(visitor, link, **forged)).page
    confirm = (await choose(visitor, passwords)).page
    assert confirm.rows()["利用者管理用メールアドレス"] == EMAIL
