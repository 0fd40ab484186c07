"""Every page of somebody who is logged in shows whose it is, the way to マイページ and 終了."""

from xml.etree.ElementTree import Element

import httpx
import pytest
from starlette.routing import Route

from tests.conftest import FrozenClock, log_in
from tests.http.test_routes import FORM
from tests.support.guessing import LOGIN
from tests.support.html import elements, words
from tests.support.journeys import ASK_BULK, BETTER, CHANGE, ask_bulk, twice
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import HTMX, natively, visit
from tests.support.product import Product
from web.clock import MINUTE
from web.office.support import accounts as support
from web.office.support.accounts import Act
from web.routes import ROUTES

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MYPAGE, SESSIONS = "/useridmg/mypage", "/useridmg/sessions"
PARTS = {"kind:kind": "Pay", "kind:debit": "national", "action:action": "new", "id": "x"}
OPEN = sorted(
    route.path
    for route in ROUTES
    if isinstance(route, Route)
    and "GET" in (route.methods or ())
    and not route.path.startswith(("/office/", "/.well-known/"))
)
NOT_THERE = ("/nowhere", "/useridmg/nowhere", "/help/?q=%ff")


def address_of(path: str) -> str:
    """Fill the parts of a route's path."""
    for part, value in PARTS.items():
        path = path.replace(f"{{{part}}}", value)
    return path


def way_home(page: Page) -> tuple[bool, str, str]:
    """Give what the header says: whose page, where マイページ leads, where 終了 posts to."""
    header = next(page.root.iter("header"), Element("header"))
    links = {words(each): each.get("href", "") for each in elements(header, "a")}
    forms = {words(each): each.get("action", "") for each in elements(header, "form")}
    return (
        "KNCA6288" in words(header),
        links.get("マイページ", ""),
        forms.get("終了", ""),
    )


HOME, NO_WAY = (True, MYPAGE, "/useridmg/leave"), (False, "", "")


@pytest.mark.parametrize("path", [*OPEN, *NOT_THERE])
async def test_every_page_of_somebody_logged_in_leads_home_and_out(
    alice: httpx.AsyncClient, path: str
) -> None:
    """Help, the portal, log-in, the pages of mailed URLs and those of errors too."""
    answer = (await visit(alice, address_of(path))).response
    if answer.headers["Content-Type"].startswith("text/html") and "<header" in answer.text:
        assert way_home(Page(answer)) == HOME
    else:  # for machines, a live check, or a paper to print
        assert path.startswith(("/healthz", "/readyz", "/metrics", "/robots", "/favicon")) or (
            path.endswith(("session", "banks", "branches", "/{id}", "town", "paper", "label"))
        )


async def test_nobody_is_led_home_who_is_not_logged_in(visitor: httpx.AsyncClient) -> None:
    """The sweep can fail: a stranger's header has neither."""
    assert way_home(await visit(visitor, "/help/faq")) == NO_WAY


async def test_errors_of_posts_lead_home_too(alice: httpx.AsyncClient) -> None:
    """403 and 413; the other errors of a post come from pages that know who is signed in."""
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert way_home(Page(await alice.post(LOGIN, headers=foreign))) == HOME
    large = await alice.post(LOGIN, content=b"a" * 70_000, headers=FORM)
    assert (large.status_code, way_home(Page(large))) == (413, HOME)


async def test_looking_around_keeps_a_log_in_alive(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Who reads the help for an hour is not logged out meanwhile; who does nothing is."""
    for _ in range(4):
        frozen.advance(20 * MINUTE)
        assert way_home(await visit(alice, "/help/faq")) == HOME
    frozen.advance(30 * MINUTE)
    assert way_home(await visit(alice, "/help/faq")) == NO_WAY


async def test_the_portal_leads_to_my_page_and_log_in_says_who_is_in(
    alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """利用者情報の確認・変更を行う goes where the person can go on."""
    entry, who = "利用者情報の確認・変更を行う", "納付利用者ID KNCA6288 でログインしています。"
    assert (await visit(alice, "/")).link(entry) == MYPAGE
    assert (await visit(visitor, "/")).link(entry) == LOGIN
    assert who in (await visit(alice, LOGIN)).text
    assert who not in (await visit(visitor, LOGIN)).text


async def test_leaving_says_so(alice: httpx.AsyncClient) -> None:
    """終了 on any page ends the log-in and says that it did."""
    page = await visit(alice, "/help/faq")
    done = (await natively(alice, page.action("終了"), {})).page
    assert (done.h1, done.notice) == ("軽自動車OSS申請", "ログアウトしました。")
    assert way_home(done) == NO_WAY


async def test_log_in_says_who_ended_the_log_in(product: Product, alice: httpx.AsyncClient) -> None:
    """Another device, a new password, the office, 停止: each has its words; one's own 終了 needs none."""
    said = []
    async with product.browser() as other:
        await log_in(other, ALICE)
        await natively(other, SESSIONS, {"end": "others"})
        said.append((await visit(alice, MYPAGE)).notice)
        await log_in(alice, ALICE)
        await product.services.write(support.end_sessions, Act("cli"), "KNCA6288")
        said.append((await visit(alice, MYPAGE)).notice)
        await log_in(alice, ALICE)
        page = await visit(other, CHANGE)
        user = {"user_id": "KNCA6288", "current_password": ALICE.payment_password}
        await natively(other, CHANGE, {**page.fields(CHANGE), **user, **twice(BETTER)})
        said.append((await visit(alice, MYPAGE)).notice)
        await alice.post(LOGIN, data={"user_id": "KNCA6288", "password": BETTER})
        await product.services.write(support.disable, Act("cli"), "KNCA6288")
        said.append((await visit(alice, MYPAGE)).notice)
    parts = (
        "ほかの端末での操作により",
        "窓口での手続により",
        "変更または初期化されたため",
        "停止されて",
    )
    assert [part in words for part, words in zip(parts, said, strict=True)] == [True] * 4


async def test_one_s_own_leaving_is_not_explained(alice: httpx.AsyncClient) -> None:
    """Back to My Page after 終了 asks for a log-in, no more."""
    await alice.post("/useridmg/leave")
    assert (await visit(alice, MYPAGE)).notice == "このページを表示するには、ログインしてください。"


async def test_no_header_outlives_its_log_in(alice: httpx.AsyncClient) -> None:
    """A new password ends it, so htmx loads the next page whole."""
    await ask_bulk(alice)
    page = await visit(alice, CHANGE)
    user = {"user_id": "KNCA6288", "current_password": ALICE.payment_password}
    data = {**page.fields(CHANGE), **user, **twice(BETTER)}
    answer = await alice.post(CHANGE, data=data, headers=HTMX)
    done = await visit(alice, answer.headers["HX-Redirect"])
    assert (done.h1, way_home(done)) == ("パスワード変更結果通知", NO_WAY)
    assert (await visit(alice, ASK_BULK)).h1 == "マイページログイン"
