"""操作履歴: the account's own events in plain Japanese, newest first, a page at a time."""

from xml.etree.ElementTree import Element

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.html import elements, words
from tests.support.journeys import (
    GOOD,
    ask_payment,
    bulk_link,
    change_profile,
    choose,
    commit,
    payment_link,
    propose,
    twice,
)
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product
from web.clock import DAY
from web.database import Tx
from web.security.audit_events import LABELS

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ACTIVITY, MYPAGE, LOGIN = "/useridmg/activity", "/useridmg/mypage", "/useridmg/login"
DISOWN = "心当たりがない"
PER_PAGE = 20


def entries(page: Page) -> list[tuple[str, str]]:
    """Give time and words of every event that a page shows, in its order."""
    days = [each for each in elements(page.root, "h2") if each.get("class") == "day"]
    lists = [each for each in elements(page.root, "dl") if each.get("class") == "rows history"]
    return [
        (f"{words(day)} {words(time)}", _said(what))
        for day, of_day in zip(days, lists, strict=True)
        for time, what in zip(elements(of_day, "dt"), elements(of_day, "dd"), strict=True)
    ]


def _said(element: Element) -> str:
    return " ".join(words(each) for each in elements(next(iter(elements(element, "div"))), "span"))


def said(page: Page) -> list[str]:
    """Give the words of every event."""
    return [what for _, what in entries(page)]


async def record(product: Product, person: str, number: int) -> None:
    """Leave events of an account behind."""
    owner = product.rows("SELECT id FROM accounts WHERE payment_user_id = ?", person)[0]["id"]

    async def work(tx: Tx) -> None:
        for _ in range(number):
            await product.services.trail.record(tx, "logout.done", account_id=owner)

    await product.services.database.write(work)


async def test_a_log_in_is_shown_with_its_time_and_device(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The newest event first; below it how the account came about."""
    page = await visit(alice, ACTIVITY)
    assert (page.status, page.h1) == (200, "操作履歴")
    first, second = entries(page)
    assert first == (
        "2026年 09月 21日 09時 00分",
        "ログインしました ログインしたことがない端末から",
    )
    assert second[1] == "利用者IDが発行されました"


async def test_a_day_is_said_once_above_its_events(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The newest day first; below it the times alone."""
    await alice.post(LOGIN, data={"user_id": "KNCA6288", "password": "not-the-password"})
    frozen.advance(DAY)
    await log_in(alice, ALICE)
    page = await visit(alice, ACTIVITY)
    days = [words(each) for each in elements(page.root, "h2") if each.get("class") == "day"]
    assert days[:2] == ["2026年 09月 22日", "2026年 09月 21日"]
    assert len(set(days)) == len(days)
    assert {len(words(each)) for each in elements(page.root, "dt")} == {len("09時 00分")}


async def test_a_device_that_has_logged_in_before_is_told_apart(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Failures too: the owner sees that a stranger's device tried."""
    wrong = {"user_id": "KNCA6288", "password": "not-the-password"}
    await alice.post(LOGIN, data=wrong)
    await visitor.post(LOGIN, data=wrong)
    await log_in(alice, ALICE)
    newest = said(await visit(alice, ACTIVITY))[:4]
    failed = "IDかパスワードが違うため、ログインできませんでした"
    assert newest == [
        "ログインしました これまでにログインしたことがある端末から",
        "ログアウトしました",
        f"{failed} ログインしたことがない端末から",
        f"{failed} これまでにログインしたことがある端末から",
    ]


async def test_a_change_names_its_items_and_its_number(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The items by their labels, the 受付番号 as on 登録完了; never a value."""
    await change_profile(alice, representative="星野　海")
    number = product.rows("SELECT number FROM receipts")[0]["number"]
    page = await visit(alice, ACTIVITY)
    assert said(page)[0] == (f"利用者情報を変更しました 変更した項目：代表者名 受付番号：{number}")
    assert "星野" not in page.text


async def test_resets_are_shown_with_the_password_they_were_about(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Asked, used, asked with a wrong address, asked too often."""
    form = await visit(alice, await bulk_link(product, alice))
    await choose(alice, form, GOOD)
    await ask_payment(alice, ALICE, admin_email="stranger@example.jp")
    await product.settle()
    for _ in range(4):
        await payment_link(product, alice, ALICE)
    assert said(await visit(alice, ACTIVITY))[:7] == [
        "納付利用者パスワード初期化の依頼が続いたため、ご案内メールを送信しませんでした",
        *["納付利用者パスワード初期化の依頼を受け付け、ご案内メールを送信しました"] * 3,
        "納付利用者パスワード初期化の依頼がありましたが、メールアドレスが違うため受け付けませんでした",
        "一括利用者パスワードを初期化しました",
        "一括利用者パスワード初期化の依頼を受け付け、ご案内メールを送信しました",
    ]


async def test_passwords_refused_and_changed_are_shown(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """With the screen on which the current password was wrong."""
    new = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
    await commit(alice, (await propose(alice, **new)).page, password="not-the-password")
    change = "/useridmg/password/change"
    for current in ("not-the-password", ALICE.payment_password):
        fields = (await visit(alice, change)).fields(change)
        typed = {"user_id": "KNCA6288", "current_password": current, **twice(GOOD)}
        await alice.post(change, data={**fields, **typed})
    await alice.post(LOGIN, data={"user_id": "KNCA6288", "password": GOOD})
    refused = "現在のパスワードが違うため、操作を受け付けませんでした"
    assert said(await visit(alice, ACTIVITY))[1:4] == [
        "納付利用者パスワードを変更しました",
        f"{refused} パスワード変更の画面",
        f"{refused} 利用者情報変更の画面",
    ]


async def test_a_log_in_that_had_expired_is_shown(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The password was right, so its owner must hear of it; no session, no log-in."""
    frozen.advance(61 * DAY)
    right = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    answer = await visitor.post(LOGIN, data=right)
    assert answer.headers["Location"].startswith("/useridmg/password/change")
    assert product.rows("SELECT event FROM audit ORDER BY seq DESC LIMIT 1") == [
        {"event": "login.expired"}
    ]
    assert not product.rows("SELECT 1 FROM sessions")


async def test_nobody_sees_an_event_of_anybody_else(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    """Whatever the address asks for: each reads the own events and no other."""
    for person, number in (("KNCA6288", 30), ("KNCA6289", 1), ("KNCA7001", 50)):
        await record(product, person, number)
    events = [row["seq"] for row in product.rows("SELECT seq FROM audit")]
    for browser, number in ((alice, 30), (bob, 1), (charlie, 50)):
        total = 0
        for seq in (*events, 0, events[-1] + 1):
            for way in ("before", "after"):
                page = await visit(browser, f"{ACTIVITY}?{way}={seq}")
                assert page.status == 200
                assert len(said(page)) <= PER_PAGE
                total = max(total, len(said(page)))
        assert total == min(number + 2, PER_PAGE)


async def test_the_pages_hold_every_event_once(product: Product, alice: httpx.AsyncClient) -> None:
    """次の20件 to the end and 前の20件 back again; no event twice, none left out."""
    await record(product, "KNCA6288", 43)
    page = await visit(alice, ACTIVITY)
    sizes, links = [], []
    while True:
        sizes.append(len(entries(page)))
        links += [each.get("href", "") for each in disowning(page)]
        if "次の20件" not in page.text:
            break
        page = await visit(alice, page.link("次の20件"))
    assert sizes == [20, 20, 5]
    assert len(set(links)) == 45
    back = []
    while "前の20件" in page.text:
        page = await visit(alice, page.link("前の20件"))
        back.append(len(entries(page)))
    assert back == [20, 20]
    assert page.text == (await visit(alice, ACTIVITY)).text


def disowning(page: Page) -> list[Element]:
    """Give the links 心当たりがない of a page."""
    return [each for each in elements(page.root, "a") if words(each).endswith(DISOWN)]


async def test_what_happens_meanwhile_moves_no_page(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The next page goes on where the one shown ended, however many events came."""
    await record(product, "KNCA6288", 30)
    first = await visit(alice, ACTIVITY)
    await record(product, "KNCA6288", 7)
    second = await visit(alice, first.link("次の20件"))
    seen = [each.get("href") for page in (first, second) for each in disowning(page)]
    assert len(seen) == len(set(seen)) == 32


@pytest.mark.parametrize(
    "given", ["", "x", "-1", "1e9", "９", "9" * 18, "9" * 30, "0x1", "1;DROP", "<b>"]
)
@pytest.mark.parametrize("way", ["before", "after"])
async def test_any_address_is_a_page(alice: httpx.AsyncClient, way: str, given: str) -> None:
    """What is no number is as if it were not there."""
    answer = await alice.get(ACTIVITY, params={way: given})
    assert answer.status_code == 200
    assert Page(answer).h1 == "操作履歴"
    assert "<b>" not in answer.text


async def test_a_page_without_events_says_so(alice: httpx.AsyncClient) -> None:
    """And leads back to those there are."""
    page = await visit(alice, f"{ACTIVITY}?before=0")
    assert "表示する操作履歴はありません。" in page.text
    assert page.link("前の20件") == ACTIVITY


async def test_my_page_and_the_sitemap_lead_to_it(alice: httpx.AsyncClient) -> None:
    """By the name it has."""
    for origin in (MYPAGE, "/help/sitemap"):
        assert (await visit(alice, origin)).link("操作履歴") == ACTIVITY
    assert (await visit(alice, ACTIVITY)).link("マイページへ戻る") == MYPAGE


async def test_a_fragment_is_the_same_list(alice: httpx.AsyncClient, press: Press) -> None:
    """As every screen."""
    answer = await alice.get(ACTIVITY, headers=HTMX)
    assert len(entries(Page(answer))) == 2


async def test_an_event_of_a_newer_release_is_shown_in_general_words(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The list does not fail on a word it does not know."""
    await product.meddle("UPDATE audit SET event = 'moon.landed' WHERE event = 'login.done'")
    assert said(await visit(alice, ACTIVITY))[0].startswith("その他の操作をしました")


def test_no_label_promises_what_a_row_cannot_know() -> None:
    """Each is one short sentence without its period, readable aloud."""
    assert all(words and not words.endswith("。") and len(words) < 50 for words in LABELS.values())


async def test_bob_is_not_told_of_wrong_passwords_for_alice(
    product: Product, visitor: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """And a made-up ID belongs to nobody."""
    for user_id in ("KNCA6288", "KNCA0009"):
        await visitor.post(LOGIN, data={"user_id": user_id, "password": "not-the-password"})
    assert len(said(await visit(bob, ACTIVITY))) == 2
    assert BOB.account.payment_user_id in (await visit(bob, ACTIVITY)).text
