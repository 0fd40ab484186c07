"""The mailed パスワード初期化用URL: opening it uses nothing up, and how long it lives."""

import re
from itertools import product as every

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.alike import face
from tests.support.journeys import GOOD, bulk_link, choose, payment_link, twice
from tests.support.people import ALICE
from tests.support.press import Press, visit
from tests.support.product import Product
from web.clock import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CHOOSE = {
    "payment": "納付利用者パスワード初期化 希望パスワードの入力",
    "bulk": "一括利用者パスワード初期化 希望パスワードの入力",
}
DONE = "納付利用者パスワード初期化 登録完了"
SPENT, REOPEN = "このURLは使用できません", "メールのURLをもう一度開いてください"
INIT = "/useridmg/pwdInitPay/INIT"


async def test_the_screen_is_that_of_the_manual(product: Product, alice: httpx.AsyncClient) -> None:
    """Chapters 4 and 6: heading, sentence, two fields, パスワード表示, パスワード初期化; the ID named."""
    links = {
        "payment": await payment_link(product, alice, ALICE),
        "bulk": await bulk_link(product, alice),
    }
    for kind, noun, user_id in (("payment", "納付", "KNCA6288"), ("bulk", "一括", "KICA6288")):
        page = await visit(alice, links[kind])
        assert (page.h1, page.status) == (CHOOSE[kind], 200)
        assert f"ご希望の{noun}利用者パスワードを入力してください。" in page.text
        for label in ("ご希望のパスワード", "ご希望のパスワード (確認用)", "パスワード表示"):
            assert label in page.text
        assert page.rows()[f"{noun}利用者ID"] == user_id
        assert page.action("パスワード初期化") == page.address
        assert "12文字以上128文字以内。" in page.text


async def test_twenty_readers_leave_the_link_alive(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Scanners that GET and HEAD it, and follow where it leads, use nothing up and write nothing."""
    link = await payment_link(product, visitor, ALICE)
    before = product.content()
    for number, method in every(range(10), ("GET", "HEAD")):
        async with product.browser(
            f"192.0.2.{number}", **{"User-Agent": f"scan/{number}"}
        ) as reader:
            answer = await reader.request(method, link)
            assert answer.status_code == 303
            followed = await reader.request(method, answer.headers["Location"])
            assert followed.status_code == 200
    assert product.content() == before
    assert (await choose(visitor, await visit(visitor, link), GOOD)).page.h1 == DONE


async def test_a_scanner_that_presses_what_it_finds_sets_nothing(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """An empty form posted by a program is refused, and the person still gets in."""
    link = await payment_link(product, visitor, ALICE)
    async with product.browser() as scanner:
        page = await visit(scanner, link)
        await scanner.post(page.action("パスワード初期化"), data=twice(""))
    assert (await choose(visitor, await visit(visitor, link), GOOD)).page.h1 == DONE


async def test_the_key_leaves_the_address_at_once(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """ASVS 14.2.1: a 303 to an address with the link's public id; the key is in a cookie of its name."""
    link = await payment_link(product, visitor, ALICE)
    key = link.partition("key=")[2]
    answer = await visitor.get(link)
    found = re.fullmatch(
        r"/useridmg/pwdInitPay/password\?link=([0-9a-f]{32})", answer.headers["Location"]
    )
    assert found
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"reset-{found[1]}={key};")
    assert f"Max-Age={DAY}" in cookie
    page = await visitor.get(answer.headers["Location"])
    assert key not in page.text
    assert key.lower() not in page.text


async def test_the_key_is_read_in_any_case(product: Product, visitor: httpx.AsyncClient) -> None:
    """A mail program that lowers addresses does no harm."""
    link = await payment_link(product, visitor, ALICE)
    address, key = link.split("key=")
    page = await visit(visitor, f"{address}key={key.lower()}")
    assert (await choose(visitor, page, GOOD)).page.h1 == DONE


@pytest.mark.parametrize("late", [False, True], ids=["23:59:59", "24:00:00"])
async def test_a_link_lives_24_hours_from_the_request(
    product: Product,
    visitor: httpx.AsyncClient,
    press: Press,
    frozen: FrozenClock,
    late: bool,
) -> None:
    """Chapter 6: to the second, for opening it, for its form and for the password."""
    link = await payment_link(product, visitor, ALICE)
    form = await visit(visitor, link)
    frozen.advance(DAY - 1 + late)
    async with product.browser() as other:  # a cookie given now would live for a second
        assert (await other.get(link)).status_code == (410 if late else 303)
    assert (await visitor.get(form.address)).status_code == (410 if late else 200)
    page = (await choose(visitor, form, GOOD, press)).page
    assert (page.status, page.h1) == ((410, SPENT) if late else (200, DONE))
    assert ("依頼日時から24時間の有効期間が過ぎた。" in page.text) == late
    assert await product.holds(ALICE, "payment", GOOD) != late


async def test_a_key_opens_the_credential_it_was_mailed_for(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The 一括 key on the 納付 address is a 410, the other way round, and with the cookie too."""
    for link in (await bulk_link(product, alice), await payment_link(product, alice, ALICE)):
        form = await visit(alice, link)
        swap = ("Bulk", "Pay") if "Bulk" in link else ("Pay", "Bulk")
        assert (await visit(alice, link.replace(*swap))).status == 410
        other = form.address.replace(*swap)
        assert (await visit(alice, other)).h1 == REOPEN
        assert (await press(alice, other, twice(GOOD))).page.h1 == REOPEN
    for kind in CHOOSE:
        assert not await product.holds(ALICE, kind, GOOD)


async def test_every_dead_key_gets_the_same_page(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Used, replaced, too old, unknown: one page, never said which."""
    replaced = await payment_link(product, visitor, ALICE)
    used = await payment_link(product, visitor, ALICE)
    await choose(visitor, await visit(visitor, used), GOOD)
    frozen.advance(1)
    old = await payment_link(product, visitor, ALICE)
    frozen.advance(DAY)
    key = old.partition("key=")[2]
    keys = ["0" * 128, f"{key}%0A", f"{key}&key={key}"]
    dead = [
        replaced,
        used,
        old,
        *(f"{INIT}?key={each}" for each in keys),
    ]
    async with product.browser() as stranger:
        answers = [await stranger.get(each) for each in dead]
    assert {(each.status_code, "Set-Cookie" in each.headers) for each in answers} == {(410, False)}
    assert len({repr(face(each)) for each in answers}) == 1
    page = await visit(visitor, old)
    assert (page.h1, page.link("もう一度依頼する")) == (SPENT, "/useridmg/pwdInitPay/request")


async def test_the_dead_bulk_link_leads_to_log_in(visitor: httpx.AsyncClient) -> None:
    """What to do next differs: a bulk reset is asked for in My Page."""
    page = await visit(visitor, INIT.replace("Pay", "Bulk"))
    assert page.link("ログインしてもう一度依頼する") == "/useridmg/pwdInitBulk/request"


async def test_two_links_in_one_browser_do_not_mix(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Each form sets the password of the ID it names, in whichever order they were opened."""
    await log_in(visitor, ALICE)
    bulk = await visit(visitor, await bulk_link(product, visitor))
    payment = await visit(visitor, await payment_link(product, visitor, ALICE))
    await choose(visitor, bulk, "usagi-to-kame-no-oka", press)
    await choose(visitor, payment, GOOD, press)
    assert await product.holds(ALICE, "bulk", "usagi-to-kame-no-oka")
    assert await product.holds(ALICE, "payment", GOOD)


async def test_without_the_cookie_the_mail_is_to_be_opened_again(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The clean address in another browser, or with no or another id: a page that says so; it helps."""
    link = await payment_link(product, visitor, ALICE)
    form = await visit(visitor, link)
    async with product.browser() as other:
        strange = form.address[:-32] + "0" * 32
        for address in (form.address, form.address.partition("?")[0], f"{form.address}0", strange):
            shown = await visit(other, address)
            posted = (await press(other, address, twice(GOOD))).page
            assert [(page.status, page.h1) for page in (shown, posted)] == [(403, REOPEN)] * 2
        assert not await product.holds(ALICE, "payment", GOOD)
        assert (await choose(other, await visit(other, link), GOOD, press)).page.h1 == DONE
