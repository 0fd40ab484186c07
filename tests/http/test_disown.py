"""心当たりがない: the current password, then everybody else is shut out, once."""

import asyncio
import json

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_activity import ACTIVITY, disowning
from tests.support.dump import dump
from tests.support.journeys import GOOD, bulk_link, change_profile, choose, payment_link
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, Press, Pressed, natively, visit
from tests.support.product import Product
from web.clock import HOUR

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ASK, DONE = "心当たりがない操作の届出", "心当たりがない操作の届出 完了"
FIELD = "current_password"
MYPAGE, LOGIN = "/useridmg/mypage", "/useridmg/login"
NO_SUCH = "その操作は操作履歴にありませんでした。"


async def opened(browser: httpx.AsyncClient, number: int = 0) -> Page:
    """Follow 心当たりがない of an event, the newest first."""
    links = disowning(await visit(browser, ACTIVITY))
    return await visit(browser, links[number].get("href", ""))


async def disown(
    browser: httpx.AsyncClient,
    page: Page,
    press: Press = natively,
    password: str = ALICE.payment_password,
) -> Pressed:
    """Press 届け出る."""
    return await press(browser, page.action("届け出る"), {FIELD: password})


def disowned(product: Product) -> list[dict[str, object]]:
    """Give what the trail says about disowned events."""
    rows = product.rows("SELECT detail FROM audit WHERE event = 'activity.disowned'")
    return [json.loads(row["detail"]) for row in rows]


async def test_the_page_says_which_event_it_is_about_and_what_will_be_done(
    alice: httpx.AsyncClient,
) -> None:
    """Nothing happens by looking."""
    page = await opened(alice)
    assert (page.status, page.h1) == (200, ASK)
    assert page.rows()["操作"] == "ログインしました"
    assert "すべての端末をログアウトします。" in page.text
    assert page.link("戻る") == ACTIVITY


async def test_everybody_else_is_logged_out_and_no_mailed_url_opens(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The other log-ins end, both kinds of links die, this browser stays, staff can see it."""
    links = [await bulk_link(product, alice), await payment_link(product, alice, ALICE)]
    async with product.browser() as thief, product.browser() as second:
        for browser in (thief, second):
            await log_in(browser, ALICE)
        form = await visit(thief, links[1])
        done = await disown(alice, await opened(alice, 1), press)
        assert done.page.h1 == DONE
        for browser in (thief, second):
            assert (await browser.get(MYPAGE)).headers["Location"].startswith(LOGIN)
        assert (await choose(thief, form, GOOD)).answer.status_code == 410
        for link in links:
            assert (await thief.get(link)).status_code == 410
    assert (await alice.get(MYPAGE)).status_code == 200
    number = product.rows("SELECT number FROM receipts")[0]["number"]
    assert number in done.page.text
    said = disowned(product)
    assert len(said) == 1
    assert {key: said[0][key] for key in ("of", "sessions", "links", "number")} == {
        "of": "login.done", "sessions": 2, "links": 2, "number": number,
    }  # fmt: skip


async def test_the_receipt_leads_to_what_comes_next(alice: httpx.AsyncClient) -> None:
    """パスワード変更 and the telephone number."""
    page = (await disown(alice, await opened(alice))).page
    assert (await visit(alice, page.link("パスワード変更"))).h1 == "パスワード変更"
    assert "電話050-3364-0800" in page.text
    assert page.link("操作履歴へ戻る") == ACTIVITY


async def test_others_keep_their_log_ins_and_links(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """It is the account's own business."""
    link = await payment_link(product, visitor, BOB)
    await disown(alice, await opened(alice))
    assert (await bob.get(MYPAGE)).status_code == 200
    assert (await visitor.get(link)).status_code == 303


async def test_pressed_again_is_the_same_receipt(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """By a second press, another tab, Back or reload: one act, one row, one 受付番号."""
    page, other_tab = await opened(alice), await opened(alice)
    pages = [(await disown(alice, each, press)).page for each in (page, page, other_tab)]
    before = dump(product)
    pages += [await visit(alice, page.address), await visit(alice, pages[0].address)]
    assert {each.h1 for each in pages} == {DONE}
    assert len({each.rows()["受付番号"] for each in pages}) == 1
    assert len(disowned(product)) == len(product.rows("SELECT 1 FROM receipts")) == 1
    assert dump(product) == before


async def test_a_press_that_comes_again_asks_for_no_password(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """What is done is done; the browser may have forgotten what was typed."""
    page = await opened(alice)
    await disown(alice, page, press)
    assert (await disown(alice, page, press, password="")).page.h1 == DONE


async def test_presses_at_once_are_one(product: Product, alice: httpx.AsyncClient) -> None:
    """Twenty of them, and all land on the same page."""
    action = (await opened(alice)).action("届け出る")
    answers = await asyncio.gather(
        *(alice.post(action, data={FIELD: ALICE.payment_password}) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(disowned(product)) == 1


async def test_the_list_says_that_an_event_was_disowned(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """It leads to the receipt; another event can still be disowned."""
    done = (await disown(alice, await opened(alice))).page
    page = await visit(alice, ACTIVITY)
    assert page.text.count("届出済") == 1
    link = next(each for each in _hrefs(page) if each.startswith(f"{ACTIVITY}/disowned"))
    assert (await visit(alice, link)).rows()["受付番号"] == done.rows()["受付番号"]
    assert (await disown(alice, await opened(alice))).page.h1 == DONE
    assert len(disowned(product)) == 2


def _hrefs(page: Page) -> list[str]:
    return [each.get("href", "") for each in page.root.iter("a")]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "現在のパスワードを入力してください。"),
        ("not-the-password", "現在のパスワードが違います。"),
        (ALICE.bulk_password, "現在のパスワードが違います。"),
        (BOB.payment_password, "現在のパスワードが違います。"),
        ("x" * 1025, "長すぎます。"),
    ],
    ids=["empty", "wrong", "bulk", "another's", "over-long"],
)
async def test_without_the_password_nothing_is_done(
    product: Product, alice: httpx.AsyncClient, press: Press, typed: str, message: str
) -> None:
    """422 at the field, the field empty, everybody still logged in; then the right one works."""
    async with product.browser() as other:
        await log_in(other, ALICE)
        page = (await disown(alice, await opened(alice), press, typed)).page
        assert (page.status, page.h1) == (422, ASK)
        assert page.error(FIELD).startswith(message)
        assert page.value(FIELD) == ""
        assert not typed or typed not in page.response.text
        assert page.rows()["操作"] == "ログインしました"
        assert (await other.get(MYPAGE)).status_code == 200
        assert disowned(product) == []
        assert (await disown(alice, page, press)).page.h1 == DONE


async def test_a_missing_field_is_an_empty_one(alice: httpx.AsyncClient, press: Press) -> None:
    """A POST that leaves the password out is no way round it."""
    page = await opened(alice)
    answer = (await press(alice, page.action("届け出る"), {})).page
    assert answer.error(FIELD) == "現在のパスワードを入力してください。"


async def test_the_verdict_belongs_to_one_event(alice: httpx.AsyncClient) -> None:
    """The form of another event shows nothing of it."""
    first, second = await opened(alice, 0), await opened(alice, 1)
    refused = await disown(alice, first, password="not-the-password")
    assert refused.page.status == 422
    assert (await visit(alice, f"{second.address}&again=1")).status == 200
    assert (await visit(alice, first.address)).status == 200


async def test_guessing_here_is_throttled_like_log_in(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A stolen session is no way to try passwords: 429 with Retry-After, and the tries are shown."""
    action = (await opened(alice)).action("届け出る")
    answers = [
        await alice.post(action, data={FIELD: f"guess {n}"}, headers=HTMX) for n in range(40)
    ]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    refused = product.rows("SELECT detail FROM audit WHERE event = 'password.refused'")
    assert 5 <= len(refused) < 40
    assert json.loads(refused[0]["detail"]) == {"form": "activity"}


@pytest.mark.parametrize("given", ["0", "999999", "x", "", "9" * 30, "-1"])
async def test_an_event_that_is_not_there_leads_to_the_list(
    product: Product, alice: httpx.AsyncClient, press: Press, given: str
) -> None:
    """By GET and by POST, and nothing is done."""
    address = f"{ACTIVITY}/disown?event={given}"
    for page in (
        await visit(alice, address),
        (await press(alice, address, {FIELD: ALICE.payment_password})).page,
    ):
        assert (page.h1, page.notice) == ("操作履歴", NO_SUCH)
    assert disowned(product) == []


async def test_an_event_of_somebody_else_is_not_there(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient, press: Press
) -> None:
    """Neither to be read nor to be disowned; the answer is that of an event that never was."""
    theirs = (await opened(alice)).address
    own_password = {FIELD: BOB.payment_password}
    for page in (await visit(bob, theirs), (await press(bob, theirs, own_password)).page):
        assert (page.h1, page.notice) == ("操作履歴", NO_SUCH)
    receipt = (await disown(alice, await opened(alice))).page.address
    page = await visit(bob, receipt)
    assert (page.h1, "受付番号" in page.text) == ("操作履歴", False)
    assert (await alice.get(MYPAGE)).status_code == 200


async def test_a_receipt_of_something_else_is_none(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Made up or missing: the list, and a word why."""
    for given in ("", "?receipt=", "?receipt=" + "0" * 32):
        page = await visit(alice, f"{ACTIVITY}/disowned{given}")
        assert page.h1 == "操作履歴"
        assert page.notice.startswith("届出はまだ受け付けていません。")


async def test_after_the_session_has_ended_log_in_leads_back(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, press: Press
) -> None:
    """Nothing was done; the same person is back on the same event."""
    page = await opened(alice)
    frozen.advance(HOUR)
    sent = (await disown(alice, page, press)).page
    assert sent.h1 == "マイページログイン"
    assert disowned(product) == []
    right = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    answer = await alice.post(LOGIN, data=right)
    assert answer.headers["Location"] == page.address


async def test_twenty_events_an_hour_are_disowned(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Each is a case for the desk: the next one is a 429."""
    for _ in range(20):
        await log_in(alice, ALICE)
    links = [each.get("href", "") for each in disowning(await visit(alice, ACTIVITY))]
    pages = [(await disown(alice, await visit(alice, link))).page for link in links]
    assert [page.status for page in pages] == [200] * 20
    await change_profile(alice, representative="星野　海")
    assert (await disown(alice, await opened(alice))).page.status == 429
    assert len(product.rows("SELECT 1 FROM reports")) == 20
