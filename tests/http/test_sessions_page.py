"""ログイン中の端末: where an account is logged in, and ending that from another place."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support import codes
from tests.support.html import elements, words
from tests.support.journeys import EDIT
from tests.support.office import id_of
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import HTMX, Press, natively, visit
from tests.support.product import Product
from web.clock import DAY, MINUTE

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SESSIONS, MYPAGE, LOGIN = "/useridmg/sessions", "/useridmg/mypage", "/useridmg/login"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@pytest.fixture
async def office(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give the browser in which Alice works."""
    async with product.browser("203.0.113.7", **{"User-Agent": EDGE}) as browser:
        await log_in(browser, ALICE)
        yield browser


@pytest.fixture
async def phone(product: Product, office: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Give another browser in which Alice is logged in."""
    async with product.browser("2001:db8::9", **{"User-Agent": PHONE}) as browser:
        await log_in(browser, ALICE)
        yield browser


def devices(page: Page) -> list[tuple[str, dict[str, str]]]:
    """Read the list: the name of each device with its badge, and what is said of it."""
    found = []
    for item in elements(page.root, "li"):
        names = [words(each) for each in elements(item, "h2")]
        if names:
            terms = [words(each) for each in elements(item, "dt")]
            values = [words(each) for each in elements(item, "dd")]
            found.append((names[0], dict(zip(terms, values, strict=True))))
    return found


def ids(product: Product) -> list[str]:
    """Give the ids of the sessions as they were begun."""
    return [row["id"] for row in product.rows("SELECT id FROM sessions ORDER BY rowid")]


def noted(product: Product) -> list[str]:
    """Give what the audit trail says of ended sessions."""
    found = product.rows("SELECT detail FROM audit WHERE event = 'sessions.ended' ORDER BY seq")
    return [row["detail"] for row in found]


async def is_in(browser: httpx.AsyncClient) -> bool:
    """Tell whether a browser is still logged in."""
    return (await browser.get(MYPAGE)).status_code == 200


async def test_my_page_and_the_sitemap_lead_to_the_list(office: httpx.AsyncClient) -> None:
    """One link each, under the title of the screen."""
    for address in (MYPAGE, "/help/sitemap"):
        link = (await visit(office, address)).link("ログイン中の端末")
        assert (await visit(office, link)).h1 == "ログイン中の端末"


async def test_every_log_in_is_listed_this_one_first(
    office: httpx.AsyncClient, phone: httpx.AsyncClient
) -> None:
    """Browser and system in words, address, last use, log-in time (ASVS 7.5.2)."""
    said = {"最終利用": "2026年 09月 21日 09時 00分", "ログイン日時": "2026年 09月 21日 09時 00分"}
    here = ("Microsoft Edge（Windows） この端末", {**said, "接続元のアドレス": "203.0.113.7"})
    there = ("Safari（iPhone）", {**said, "接続元のアドレス": "2001:db8::9"})
    assert devices(await visit(office, SESSIONS)) == [here, there]
    shown = [name for name, _ in devices(await visit(phone, SESSIONS))]
    assert shown == ["Safari（iPhone） この端末", "Microsoft Edge（Windows）"]


async def test_the_last_use_is_right_to_the_minute(
    office: httpx.AsyncClient, phone: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Also before it is flushed to the database; looking at the list is not the phone's use."""
    frozen.advance(10 * MINUTE)
    await phone.get(MYPAGE)
    frozen.advance(5 * MINUTE)
    used = [said["最終利用"][-7:] for _, said in devices(await visit(office, SESSIONS))]
    assert used == ["09時 15分", "09時 10分"]


async def test_what_has_ended_is_not_listed(
    product: Product,
    office: httpx.AsyncClient,
    phone: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    frozen: FrozenClock,
) -> None:
    """Neither a log-out nor a log-in that was idle too long, and nobody else's log-in."""
    async with product.browser() as third:
        await log_in(third, ALICE)
        assert len(devices(await visit(office, SESSIONS))) == 3
        await third.post("/useridmg/leave")
    assert len(devices(await visit(office, SESSIONS))) == 2
    frozen.advance(29 * MINUTE)
    await office.get(MYPAGE)
    frozen.advance(MINUTE)
    page = await visit(office, SESSIONS)
    assert [name for name, _ in devices(page)] == ["Microsoft Edge（Windows） この端末"]
    assert "ほかにログインしている端末はありません。" in page.text


async def test_one_log_in_is_ended_from_another(
    product: Product, office: httpx.AsyncClient, phone: httpx.AsyncClient, press: Press
) -> None:
    """The phone's next request is at log-in; here a word says so, and the trail has it."""
    there = ids(product)[1]
    page = (await press(office, SESSIONS, {"end": there})).page
    assert (page.h1, page.notice) == ("ログイン中の端末", "選んだ端末をログアウトさせました。")
    assert len(devices(page)) == 1
    assert (await is_in(office), await is_in(phone)) == (True, False)
    assert noted(product) == ['{"number": 1}']


async def test_what_one_log_in_has_proved_ends_with_it(
    product: Product, office: httpx.AsyncClient, phone: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """What waits for the second factor, or was proved by it, ends too: whose it is, is not kept."""
    await codes.give_app(product, await id_of(product, ALICE))
    assert (await codes.press_log_in(phone, ALICE)).h1 == "ログインの確認"
    await office.post(SESSIONS, data={"end": ids(product)[1]})
    page = (await natively(phone, codes.SECOND, {"code": codes.code(frozen.at)})).page
    assert page.h1 == "マイページログイン"


async def test_ending_it_again_is_no_error(
    product: Product, office: httpx.AsyncClient, phone: httpx.AsyncClient, press: Press
) -> None:
    """Pressed twice, or in two tabs: the same page, one row in the trail."""
    there = ids(product)[1]
    pages = [(await press(office, SESSIONS, {"end": there})).page for _ in range(3)]
    assert {page.notice for page in pages} == {"選んだ端末をログアウトさせました。"}
    assert len(noted(product)) == 1


async def test_all_others_are_ended_at_once(
    product: Product,
    office: httpx.AsyncClient,
    phone: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    press: Press,
) -> None:
    """This one stays, and so does everybody else's."""
    async with product.browser() as third:
        await log_in(third, ALICE)
        for _ in range(2):
            page = (await press(office, SESSIONS, {"end": "others"})).page
            assert page.notice == "ほかの端末をすべてログアウトさせました。"
        assert [await is_in(each) for each in (office, phone, third, charlie)] == [
            True,
            False,
            False,
            True,
        ]
    assert noted(product) == ['{"number": 2}']


@pytest.mark.parametrize("chosen", ["theirs", "0" * 32, "", "' OR 1=1 --", "x" * 5000])
async def test_what_is_not_ones_own_is_not_there(
    product: Product, office: httpx.AsyncClient, charlie: httpx.AsyncClient, chosen: str
) -> None:
    """Another account's id and one that never was are the same 404; nothing ends (ASVS 8.2.2)."""
    sent = ids(product)[-1] if chosen == "theirs" else chosen
    for headers in ({}, HTMX):
        answer = await office.post(SESSIONS, data={"end": sent}, headers=headers)
        assert (answer.status_code, Page(answer).h1) == (404, "ページが見つかりません")
    assert await is_in(charlie)
    assert noted(product) == []


async def test_who_was_ended_is_told_that_nothing_was_done(
    office: httpx.AsyncClient, phone: httpx.AsyncClient, press: Press
) -> None:
    """It may be a thief's browser: nothing of what is typed there is kept for the account."""
    form = await visit(phone, EDIT)
    await office.post(SESSIONS, data={"end": "others"})
    typed = {**form.fields(EDIT), "representative": "星野　海"}
    page = (await press(phone, form.action("次へ"), typed)).page
    assert "操作は完了していません。" in page.notice
    data = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    back = (await phone.post(LOGIN, data=data)).headers["Location"]
    assert (await visit(phone, back)).value("representative") != "星野　海"


async def test_a_press_after_the_end_of_ones_own_log_in_leads_back_to_the_list(
    office: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Log-in first, then the list; nothing is ended by a request that came too late."""
    frozen.advance(31 * MINUTE)
    page = await visit(
        office, (await office.post(SESSIONS, data={"end": "others"})).headers["Location"]
    )
    assert "操作は完了していません。" in page.notice
    data = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    assert (await office.post(LOGIN, data=data)).headers["Location"] == SESSIONS


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["native", "htmx"])
async def test_the_browser_forgets_its_pages_at_log_out(
    product: Product, office: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """ASVS 14.3.1; the cookies stay: the device's and the dead one, which knows a parked form."""
    before = dict(office.cookies)
    answer = await office.post("/useridmg/leave", headers=headers)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert dict(office.cookies) == before
    assert {"session", "device"} <= before.keys()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["native", "htmx"])
@pytest.mark.parametrize("why", ["ended elsewhere", "idle", "disabled"])
async def test_the_browser_forgets_its_pages_when_the_log_in_has_ended_by_itself(
    product: Product,
    office: httpx.AsyncClient,
    phone: httpx.AsyncClient,
    frozen: FrozenClock,
    why: str,
    headers: dict[str, str],
) -> None:
    """The first answer after the end says so."""
    assert "Clear-Site-Data" not in (await phone.get(MYPAGE, headers=headers)).headers
    if why == "ended elsewhere":
        await office.post(SESSIONS, data={"end": "others"})
    elif why == "disabled":
        await product.disable(ALICE)
    else:
        frozen.advance(31 * MINUTE)
    answer = await phone.get(MYPAGE, headers=headers)
    assert answer.status_code in {303, 401}
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


async def test_other_answers_let_the_browser_keep_its_files(
    office: httpx.AsyncClient, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Pages behind the log-in, pages for all, and a stranger who is sent to log-in."""
    answers = [await office.get(SESSIONS), await office.get("/"), await visitor.get(MYPAGE)]
    answers.append(await office.post(SESSIONS, data={"end": "others"}))
    frozen.advance(2 * DAY)
    answers.append(await office.get("/"))
    assert [each for each in answers if "Clear-Site-Data" in each.headers] == []
