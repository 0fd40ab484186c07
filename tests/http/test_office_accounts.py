"""The support desk: find an account, see what is the matter, act with a reason."""

import ast
import json
from typing import Any

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.journeys import change_profile
from tests.support.lint import ERROR_NUMBER
from tests.support.office import bounce, hand_in, id_of, look
from tests.support.page import Page
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.press import Pressed, natively, visit
from tests.support.product import Product
from tests.unit.parts import WEB
from web.clock import MINUTE, mypage_style
from web.mail.messages import NAMES
from web.office.support import mails
from web.office.support.accounts import Act

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SEARCH = "/office/accounts"
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
REASON = "ご本人から電話があり、登録内容を確認した。"
HOLDS = {
    "payment ID": "KNCA6288",
    "lower case, full width": " ｋｎｃａ6288 ",
    "bulk ID": "KICA6288",
    "beginning of the ID": "KNCA62",
    "kana": "ケイジギョウセイ",
    "hiragana": "けいじぎょうせい",
    "half-width kana": "ｹｲｼﾞｷﾞｮｳｾｲ",
    "kana in any size": "ケイジギヨウセイシヨシ",
    "kana from the middle": "ギョウセイショシ",
    "kana from any letter": "ヨウセイ",
    "the end of the kana in hiragana": "じむしょ",
    "with a legal form that is not registered": "かぶしきがいしゃ けいじ",
    "as banks write a company": "ｶ)ｹｲｼﾞｷﾞﾖｳｾｲ",
    "as banks write it behind": "ギョウセイショシジムショ（カ",
    "with the sign of a company": "㈱軽自行政",
    "with the sign in brackets": "(株)軽自行政",
    "digits of the ID": "6288",
    "digits in full width": "６２８８",
    "name": "軽自行政",
    "name with a legal form": "株式会社軽自行政",
    "representative": "軽自太郎",
    "address": "K-OSS@example",
    "ID with a hyphen": "KNCA-6288",
    "ID with blanks": "knca 62 88",
    "ID behind its name": "納付利用者ID：KNCA6288",
    "digits behind the name": "ID 6288",
    "ID with what nobody sees": "\u200bKICA6288\ufeff",
}


async def sought(browser: httpx.AsyncClient, text: str) -> Page:
    """Search, and give the page with the answer."""
    return (await natively(browser, SEARCH, {"sought": text})).page


@pytest.mark.parametrize("typed", HOLDS.values(), ids=HOLDS)
async def test_an_account_is_found_by_whatever_its_owner_says(
    reader: httpx.AsyncClient, typed: str
) -> None:
    """In any width, case and size, kana from any letter on; the answer leads to the account."""
    page = await sought(reader, typed)
    assert (page.status, page.value("sought")) == (200, typed)
    assert "軽自行政書士事務所" in page.text
    assert "茶理自動車" not in page.text
    assert (await visit(reader, page.link("KNCA6288"))).h1 == "利用者 KNCA6288"


async def test_an_account_is_found_by_the_number_of_its_paper(
    product: Product, reader: httpx.AsyncClient
) -> None:
    """Who holds a 届出書 in the hand types its 整理番号, with hyphens or without."""
    number = (await hand_in(product, CHARLIE)).number
    grouped = f"{number[:4]}-{number[4:7]}-{number[7:]}"
    for typed in (number, grouped, f"整理番号 {grouped}", f"整理番号：{number}"):
        assert "KNCA7001" in (await sought(reader, typed)).text


async def test_a_receipt_leads_to_its_owner(
    product: Product, reader: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """受付番号, with its hyphen or without, in any width."""
    await change_profile(alice, representative="軽自　三郎")
    number = product.rows("SELECT number FROM receipts")[0]["number"]
    for typed in (
        number,
        number.replace("-", ""),
        number.translate(FULL_WIDTH),
        number.replace("-", " "),
        number.replace("-", "－"),
        f"受付番号：{number}",
    ):
        page = await sought(reader, typed)
        assert "KNCA6288" in page.text
        assert "KNCA6289" not in page.text


async def test_an_account_is_found_by_what_it_is_called_now(
    reader: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """A change of 利用者情報 changes what it is found by, from any letter on."""
    await change_profile(
        alice,
        corporate_name="有限会社宇宙商会",
        corporate_kana="ユウゲンガイシャウチュウショウカイ",
    )
    for typed in ("宇宙", "うちゅう", "ｳﾁﾕｳ", "ショウカイ", "チュウ"):
        assert "KNCA6288" in (await sought(reader, typed)).text
    assert "該当する利用者はいません。" in (await sought(reader, "ギョウセイ")).text


async def test_an_error_number_leads_to_the_account_and_the_moment(
    reader: httpx.AsyncClient, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The caller reads eight digits out, at once or the day after; nobody else is found by them."""
    found = ERROR_NUMBER.search((await visit(alice, "/useridmg/no-such-page")).response.text)
    assert found
    shown_at = mypage_style(frozen.at)
    frozen.advance(MINUTE)
    spoken = f"{found[0][:4]} {found[0][4:]}", f"エラー番号：{found[0]}", f"エラー番号 {found[0]}"
    for typed in (found[0], found[0].translate(FULL_WIDTH), *spoken):
        page = await sought(reader, typed)
        assert f"エラー番号の場合、{shown_at}に、KNCA6288の画面に表示されたものです。" in page.text
        assert page.link("KNCA6288").startswith(SEARCH)
        assert "day=2026-09-21" in page.link("この日の操作履歴")
        assert page.text.count("KNCA62") == 2


async def test_an_error_number_of_a_stranger_tells_when_it_was_shown(
    reader: httpx.AsyncClient, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Before log-in nobody knows whose page it is."""
    found = ERROR_NUMBER.search((await visit(visitor, "/useridmg/no-such-page")).response.text)
    assert found
    page = await sought(reader, found[0])
    assert f"エラー番号の場合、{mypage_style(frozen.at)}に表示されたものです。" in page.text
    assert "day=2026-09-21" in page.link("この日の操作履歴")


@pytest.mark.parametrize("typed", ["KNCA9999", "%", "_", "'", "ンンン"])
async def test_who_is_not_there_is_not_found(reader: httpx.AsyncClient, typed: str) -> None:
    """A pattern of SQL is a text like any other."""
    page = await sought(reader, typed)
    assert "該当する利用者はいません。" in page.text


async def test_nothing_typed_is_asked_for_again(reader: httpx.AsyncClient) -> None:
    """And lists nobody."""
    assert (await sought(reader, "")).error(
        "sought"
    ) == "検索する利用者のID、名称、フリガナ、番号などを入力してください。"


async def test_a_name_that_was_typed_is_in_no_address(reader: httpx.AsyncClient) -> None:
    """db/schema.sql marks it as sensitive: neither logs nor addresses."""
    answer = await reader.post(SEARCH, data={"sought": "ケイジ"})
    assert answer.headers["Location"] == f"{SEARCH}?again=1"


async def test_many_hits_are_cut_and_said_so(product: Product, reader: httpx.AsyncClient) -> None:
    """Ten at most."""
    await product.meddle(
        """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
           INSERT INTO accounts (id, payment_user_id, bulk_user_id, kind, name, name_kana,
                  representative, admin_email, notice_email, profile_updated_at, created_at, kana_key)
           SELECT 'x' || i, 'KNCB' || i, 'KICB' || i, 'individual', '多', 'オオイ', '', 'a@b.jp', '', 0, 0, 'オオイ'
             FROM n"""
    )
    page = await sought(reader, "おおい")
    assert "10件より多く見つかりました。" in page.text
    assert page.text.count("KNCB") == 10


async def test_the_view_shows_what_the_desk_is_asked_about(
    product: Product, reader: httpx.AsyncClient, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """State, log-ins, mails, failures; the password's end."""
    await visitor.post("/useridmg/login", data={"user_id": "KNCA6288", "password": "wrong"})
    frozen.advance(10 * MINUTE)
    async with product.browser(
        "192.0.2.7", **{"User-Agent": "Firefox/140.0 (Windows NT 10.0)"}
    ) as browser:
        await log_in(browser, ALICE)
    await hand_in(product, ALICE)
    await product.settle()
    page = await look(reader, f"/office/accounts/{await id_of(product, ALICE)}")
    assert "k-oss@example.jp" in page.text
    for words in ("Firefox（Windows）", "192.0.2.7", "ダイレクト納付口座のご連絡", "送信済"):
        assert words in page.text
    assert page.rows()["ログイン停止"] == "なし"
    assert page.rows()["利用"] == "利用中"
    assert page.link("この利用者の操作履歴") == "/office/audit?user_id=KNCA6288"


async def act(browser: httpx.AsyncClient, account_id: str, what: str, reason: str) -> Pressed:
    """Press 実行 on the view."""
    data = {"act": what, "reason": reason}
    return await natively(browser, f"{SEARCH}/{account_id}/act", data)


def last_event(product: Product) -> tuple[str, dict[str, Any]]:
    """Give the newest event with its details."""
    row = product.rows("SELECT event, detail FROM audit ORDER BY seq DESC LIMIT 1")[0]
    return row["event"], json.loads(row["detail"])


async def test_a_locked_account_is_opened(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """After a hundred failures from everywhere; with the reason in the audit trail."""
    async with product.browser() as stranger:
        for _ in range(100):
            await stranger.post("/useridmg/login", data={"user_id": "KNCA6289", "password": "x"})
            frozen.advance(301)
    async with product.browser() as browser:
        data = {"user_id": "KNCA6289", "password": BOB.payment_password}
        assert (await browser.post("/useridmg/login", data=data)).status_code == 429
        account_id = await id_of(product, BOB)
        await _back(clerk)
        page = await look(clerk, f"{SEARCH}/{account_id}")
        assert "初めての端末からはログインできません。" in page.text
        page = (await act(clerk, account_id, "unlock", REASON)).page
        assert page.notice == "ログイン停止を解除しました。"
        assert page.rows()["ログイン停止"] == "なし"
        assert last_event(product) == ("account.unlocked", {"who": "madoguchi", "reason": REASON})
        await log_in(browser, BOB)


async def _back(clerk: httpx.AsyncClient) -> None:
    """Log the 担当者 in again, whose log-in ended meanwhile."""
    data = {"staff_name": "madoguchi", "password": "hiru-no-ame-wo-matsu"}
    assert (await clerk.post("/office/login", data=data)).headers["Location"] == "/office/"


async def test_log_ins_are_ended(
    product: Product, clerk: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """At once; the view no longer lists them."""
    account_id = await id_of(product, ALICE)
    page = (await act(clerk, account_id, "end-sessions", REASON)).page
    assert page.notice == "ログイン中の端末をすべてログアウトしました。"
    assert (await visit(alice, "/useridmg/mypage")).h1 == "マイページログイン"
    event, detail = last_event(product)
    assert (event, detail["who"], detail["reason"]) == ("sessions.ended", "madoguchi", REASON)


async def test_an_account_is_shut_and_opened_by_an_admin(
    product: Product, admin: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """Shut: out at once and no log-in; opened: in again."""
    account_id = await id_of(product, ALICE)
    page = (await act(admin, account_id, "disable", REASON)).page
    assert "から利用を停止しています。" in page.text
    assert (await visit(alice, "/useridmg/mypage")).h1 == "マイページログイン"
    data = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    assert "again" in (await alice.post("/useridmg/login", data=data)).headers["Location"]
    page = (await act(admin, account_id, "enable", REASON)).page
    assert page.notice == "利用を再開しました。"
    await log_in(alice, ALICE)


async def test_the_same_act_twice_is_a_409_page(product: Product, admin: httpx.AsyncClient) -> None:
    """The second of two admins learns that it was done, and nothing is written again."""
    account_id = await id_of(product, ALICE)
    await act(admin, account_id, "disable", REASON)
    await product.settle()
    before = product.content()
    pressed = await admin.post(
        f"{SEARCH}/{account_id}/act", data={"act": "disable", "reason": REASON}
    )
    assert (pressed.status_code, Page(pressed).h1) == (409, "この操作は、すでに行われています")
    assert product.content() == before


async def test_an_act_without_a_reason_is_not_done(
    product: Product, clerk: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """Both mistakes are named; what was typed and chosen stays."""
    account_id = await id_of(product, ALICE)
    page = (await act(clerk, account_id, "end-sessions", " ")).page
    assert (page.status, page.error("reason")) == (422, "理由を入力してください。")
    assert page.value("act") == "end-sessions"
    page = (await act(clerk, account_id, "", "長い" * 101)).page
    assert page.error("act") == "どの操作をするかを選んでください。"
    assert "200文字以内" in page.error("reason")
    assert (await visit(alice, "/useridmg/mypage")).h1 == "マイページ"


async def test_only_what_fits_state_and_role_is_offered(
    product: Product, reader: httpx.AsyncClient, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """A reader is offered nothing, a clerk no shutting, and nobody the opening of what is open."""
    path = f"{SEARCH}/{await id_of(product, BOB)}"
    offered = {}
    for name, browser in (("reader", reader), ("clerk", clerk), ("admin", admin)):
        text = (await look(browser, path)).text
        offered[name] = [label for label in ("利用を停止する", "利用を再開する") if label in text]
    assert offered == {"reader": [], "clerk": [], "admin": ["利用を停止する"]}


async def test_a_mail_that_bounced_is_sent_again(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """The list says why; 再送 sends it once, by whoever presses first."""
    product.post.answer = lambda _: "550 no such user"
    await hand_in(product, ALICE)
    mail = await bounce(product)
    page = await visit(clerk, "/office/mails")
    for words in (
        "KNCA6288",
        "k***@example.jp",
        "受信を拒否されました（SMTP 550）",
        "ダイレクト納付口座のご連絡",
    ):
        assert words in page.text
    assert page.link("KNCA6288") == f"{SEARCH}/{await id_of(product, ALICE)}"
    page = (await natively(clerk, f"/office/mails/{mail}/resend", {})).page
    assert "再送の手続を行いました。" in page.notice
    event, detail = last_event(product)
    assert (event, detail) == ("mail.retried", {"who": "madoguchi", "mail": mail})
    await product.settle()
    assert len(product.post.mails) == 1
    assert "送信できなかったメールはありません。" in (await visit(clerk, "/office/mails")).text


async def test_a_mail_is_resent_once_by_two_clerks(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """The second press finds it waiting, or sent."""
    product.post.answer = lambda _: "550 no such user"
    await hand_in(product, ALICE)
    mail = await bounce(product)
    product.post.answer = lambda _: "451 later"
    await clerk.post(f"/office/mails/{mail}/resend")
    again = await clerk.post(f"/office/mails/{mail}/resend")
    assert again.status_code == 409
    assert len(product.rows("SELECT seq FROM audit WHERE event = 'mail.retried'")) == 1


@pytest.mark.parametrize("erased", [False, True])
async def test_a_mail_that_is_done_with_is_not_resent(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock, *, erased: bool
) -> None:
    """It went out, or the operator dropped it, while the list was open: told so, not a 404."""
    product.post.answer = lambda _: "550 no such user"
    await hand_in(product, ALICE)
    mail = await bounce(product)
    if erased:
        act = Act("cli")
        await product.services.write(mails.drop, act, mail)
    else:
        await clerk.post(f"/office/mails/{mail}/resend")
        await product.settle()
    page = Page(await clerk.post(f"/office/mails/{mail}/resend"))
    assert (page.status, page.h1) == (409, "この操作は、すでに行われています")


async def test_the_trail_is_searched_by_account_event_and_day(
    product: Product, reader: httpx.AsyncClient, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Newest first, in words; another account's events are left out."""
    await alice.post("/useridmg/login", data={"user_id": "KNCA6289", "password": "wrong"})
    page = await visit(reader, "/office/audit?user_id=knca6288&event=login.done")
    assert (page.status, "ログイン" in page.text) == (200, True)
    assert page.link("KNCA6288") == f"/office/accounts/{await id_of(product, ALICE)}"
    assert "KNCA6289" not in page.text
    page = await visit(reader, "/office/audit?event=login.failed")
    assert page.link("KNCA6289")
    assert "端末：初めての端末" in page.text
    page = await visit(reader, "/office/audit?day=2026-09-20")
    assert "該当する記録はありません。" in page.text


async def test_the_trail_says_what_it_cannot_look_for(reader: httpx.AsyncClient) -> None:
    """An ID that nobody has, a day that is none, an event of one's own making."""
    page = await visit(reader, "/office/audit?user_id=KNCA9999&event=x&day=2026-02-30")
    assert page.status == 422
    assert "暦にない日です。" in page.error("day")
    assert page.error("event")
    assert "の利用者はいません。" in page.error("user_id")


def test_every_mail_that_is_put_has_a_name() -> None:
    """Its once_key begins with the mail's name in web/mail/messages.py, which 再送 shows in words."""
    trees = (ast.parse(path.read_text("utf-8")) for path in WEB.rglob("*.py"))
    put = {
        str(key.values[0].value).partition(":")[0]  # type: ignore[attr-defined]
        for tree in trees
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "tx.mail"
        for key in call.args[1:]
        if isinstance(key, ast.JoinedStr)
    }
    assert len(put) > 5
    assert put - NAMES.keys() == set()


async def retire(browser: httpx.AsyncClient, account_id: str, typed_id: str = "KNCA6288") -> Page:
    """Type the ID on the page of 廃止 and press 廃止する."""
    address = f"{SEARCH}/{account_id}/retire"
    await look(browser, address)
    return (await natively(browser, address, {"typed_id": typed_id, "reason": REASON})).page


@pytest.mark.parametrize("typed_id", ["", "KNCA6289", "KICA6288", "はい"])
async def test_an_id_that_is_not_typed_is_not_retired(
    product: Product, admin: httpx.AsyncClient, typed_id: str
) -> None:
    """廃止 has a page of its own; neither a slip of the mouse nor the wrong account does it."""
    account_id = await id_of(product, ALICE)
    offered = await look(admin, f"{SEARCH}/{account_id}")
    assert offered.link("利用者IDの廃止") == f"{SEARCH}/{account_id}/retire"
    data = {"act": "retire", "reason": REASON}
    old_way = (await natively(admin, f"{SEARCH}/{account_id}/act", data)).page
    assert (old_way.status, old_way.error("act")) == (422, "どの操作をするかを選んでください。")
    page = await retire(admin, account_id, typed_id)
    assert page.status == 422
    assert page.error("typed_id")
    assert not product.rows("SELECT 1 FROM retirements")
    assert (await retire(admin, account_id, "ｋｎｃａ6288")).h1 == "利用者 KNCA6288"


async def test_an_id_is_retired_for_good(
    product: Product, admin: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """Out at once, one mail, no way back; the row stays, so that nobody is given the ID again."""
    account_id = await id_of(product, ALICE)
    page = await retire(admin, account_id)
    assert "に利用者IDを廃止しました。" in page.text
    assert "利用を再開する" not in page.text
    assert (await visit(alice, "/useridmg/mypage")).h1 == "マイページログイン"
    await product.settle()
    assert product.post.only("利用者ID廃止のご連絡").to == "k-oss@example.jp"
    data = {"act": "enable", "reason": REASON}
    assert (await admin.post(f"{SEARCH}/{account_id}/act", data=data)).status_code == 409
    again = {"typed_id": "KNCA6288", "reason": REASON}
    assert (await admin.post(f"{SEARCH}/{account_id}/retire", data=again)).status_code == 409
    assert product.rows("SELECT 1 FROM accounts WHERE payment_user_id = 'KNCA6288'")


async def test_an_id_with_a_form_on_its_way_is_not_retired(
    product: Product, admin: httpx.AsyncClient
) -> None:
    """The page says what has to be finished first."""
    await hand_in(product, ALICE)
    await product.settle()
    account_id = await id_of(product, ALICE)
    await look(admin, f"{SEARCH}/{account_id}")
    before = product.content()
    data = {"typed_id": "KNCA6288", "reason": REASON}
    answer = await admin.post(f"{SEARCH}/{account_id}/retire", data=data)
    assert (answer.status_code, Page(answer).h1) == (409, "ダイレクト納付口座の手続が残っています")
    assert product.content() == before
