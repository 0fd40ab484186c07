"""Who looked at an account is written down, and who wanted to do what they may not."""

import json
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from tests.conftest import FrozenClock, log_in
from tests.http.test_office_reports import report
from tests.support.office import enter, hand_in, id_of, look
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, natively, visit
from tests.support.product import Product
from web.clock import MINUTE
from web.demo.personas import CLERK
from web.routes import ROUTES

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ADDRESS = "k-oss@example.jp"


def events(product: Product, event: str) -> list[dict[str, Any]]:
    """Give the details of the events of a kind, oldest first."""
    rows = product.rows("SELECT detail FROM audit WHERE event = ? ORDER BY seq", event)
    return [json.loads(row["detail"]) for row in rows]


OF_AN_ACCOUNT = sorted(
    route.name
    for route in ROUTES
    if isinstance(route, Route)
    and route.path.startswith(("/office/accounts/{", "/office/forms/{", "/office/reports/{"))
    and "GET" in (route.methods or ())
)


async def pages(product: Product) -> dict[str, str]:
    """Give pages that show Alice: their addresses by what their routes are called."""
    account = f"/office/accounts/{await id_of(product, ALICE)}"
    form = f"/office/forms/{(await hand_in(product, ALICE)).id}"
    return {
        "account": account,
        "address": f"{account}/address",
        "factor_reset": f"{account}/factors",
        "form": form,
        "retire": f"{account}/retire",
    }


CALLED = {"factor_reset": "factors", "retire": "account"}  # by the trail, where it is not the route


@pytest.mark.parametrize("where", [name.removeprefix("office/") for name in OF_AN_ACCOUNT])
async def test_no_page_of_an_account_is_shown_before_the_look_is_written_down(
    product: Product, admin: httpx.AsyncClient, where: str
) -> None:
    """Every route that names one: a GET shows a button and writes nothing; pressed, it leaves a row and shows it."""
    async with product.browser() as alice:
        await log_in(alice, ALICE)
        case = await report(product, alice)
    path = {**await pages(product), "report": case}[where]
    await product.settle()
    before = product.content()
    shut = await visit(admin, path)
    assert (shut.status, shut.h1) == (200, "利用者 KNCA6288")
    assert not [words for words in (ADDRESS, "軽自行政書士事務所", "本店") if words in shut.text]
    assert product.content() == before
    shown = (await natively(admin, shut.action("この利用者を開く"), {"act": "look"})).page
    assert "KNCA6288" in shown.text
    assert "この利用者を開く" not in shown.text
    assert events(product, "account.viewed") == [{"page": CALLED.get(where, where), "who": "kanri"}]


async def test_one_look_opens_every_page_of_the_account_and_of_no_other(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """Reloads and the way between them leave no more rows."""
    paths = await pages(product)
    await look(clerk, paths["account"])
    for path in (*paths.values(), *paths.values()):
        assert "この利用者を開く" not in (await visit(clerk, path)).text
        await look(clerk, path)
    assert len(events(product, "account.viewed")) == 1
    other = await visit(clerk, f"/office/accounts/{await id_of(product, BOB)}")
    assert "この利用者を開く" in other.text


async def test_a_look_lasts_half_an_hour_and_as_long_as_its_log_in(
    product: Product, clerk: httpx.AsyncClient, reader: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Then it is written down again; nobody sees by the look of another."""
    path = (await pages(product))["account"]
    await look(clerk, path)
    assert ADDRESS not in (await visit(reader, path)).text
    frozen.advance(30 * MINUTE - 1)
    assert ADDRESS in (await visit(clerk, path)).text
    frozen.advance(1)
    assert ADDRESS not in (await visit(clerk, path)).text
    await look(clerk, path)
    frozen.advance(1)
    await enter(clerk, CLERK)
    assert ADDRESS not in (await visit(clerk, path)).text
    assert len(events(product, "account.viewed")) == 2


async def test_a_search_that_finds_one_account_is_a_look_at_it(
    product: Product, reader: httpx.AsyncClient
) -> None:
    """Its answer shows the name; the link goes straight to the page. A list of many is no look."""
    page = (await natively(reader, "/office/accounts", {"sought": "KNCA"})).page
    assert events(product, "account.viewed") == []
    page = (await natively(reader, "/office/accounts", {"sought": "KNCA6288"})).page
    assert events(product, "account.viewed") == [{"page": "search", "who": "etsuran"}]
    assert ADDRESS in (await visit(reader, page.link("KNCA6288"))).text


async def test_with_scripts_the_look_is_posted_by_itself(
    product: Product, reader: httpx.AsyncClient
) -> None:
    """A link to an account goes on to the page; htmx is told to load it."""
    path = (await pages(product))["account"]
    html = (await reader.get(path)).text
    assert f'hx-post="{path}" hx-trigger="load"' in html
    answer = await reader.post(path, data={}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, path)


async def test_who_has_seen_an_account_is_one_screen(
    product: Product, clerk: httpx.AsyncClient, reader: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Led to from the account, over all that is kept; in words."""
    path = (await pages(product))["account"]
    await look(clerk, path)
    frozen.advance(90 * 24 * 60 * MINUTE)
    async with product.browser() as browser:
        await enter(browser, CLERK)
        page = await look(browser, path)
        trail = await visit(browser, page.link("この利用者の登録内容を閲覧した担当者"))
        later = await visit(
            browser, "/office/audit?user_id=KNCA6288&event=account.viewed&since=2026-12-01"
        )
    assert trail.text.count("開いた画面：利用者の画面、担当者：madoguchi") == 2
    assert later.text.count("開いた画面：利用者の画面、担当者：madoguchi") == 1


async def test_the_owner_is_not_shown_the_looks_of_the_desk(
    product: Product, clerk: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """操作履歴 lists what can be disowned; a look ends no log-in and no URL."""
    await look(clerk, (await pages(product))["account"])
    seq = product.rows("SELECT seq FROM audit WHERE event = 'account.viewed'")[0]["seq"]
    assert (
        "担当者が利用者の登録内容を閲覧しました"
        not in (await visit(alice, "/useridmg/activity")).text
    )
    page = await visit(alice, f"/useridmg/activity/disown?event={seq}")
    assert "担当者が利用者の登録内容を閲覧しました" not in page.text


async def test_an_act_that_the_role_may_not_do_leaves_a_row(
    product: Product, reader: httpx.AsyncClient, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Who and what, once in ten minutes for the same act."""
    account = f"/office/accounts/{await id_of(product, ALICE)}"
    for _ in range(3):
        await clerk.post(f"{account}/act", data={"act": "disable", "reason": "x"})
    await clerk.post(f"{account}/address", data={"act": "approve", "change": "x"})
    await reader.post(f"{account}/address", data={"act": "propose"})
    assert events(product, "office.refused") == [
        {"act": "disable", "who": "madoguchi"},
        {"act": "approve", "who": "madoguchi"},
        {"act": "office/address", "who": "etsuran"},
    ]
    frozen.advance(10 * MINUTE + 1)
    await clerk.post(f"{account}/act", data={"act": "disable", "reason": "x"})
    assert len(events(product, "office.refused")) == 4
    shown = await visit(reader, "/office/audit?event=office.refused")
    assert "断った操作：利用を停止する、担当者：madoguchi" in shown.text


async def test_a_search_that_shows_many_leaves_their_number(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """Who listed accounts by the hundred is found; what was typed is in no row."""
    page = await visit(clerk, "/office/accounts")
    shown = (await natively(clerk, page.action("検索"), {"sought": "KNCA"})).page
    assert events(product, "accounts.listed") == [{"number": 3, "who": "madoguchi"}]
    await visit(clerk, shown.address)
    assert len(events(product, "accounts.listed")) == 1
    assert events(product, "account.viewed") == []
    await natively(clerk, page.action("検索"), {"sought": "KNCA99"})
    assert len(events(product, "accounts.listed")) == 1


async def test_the_office_sees_whether_an_address_is_confirmed(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """The desk has to know whether mails reach their owner."""
    path = f"/office/accounts/{await id_of(product, ALICE)}"
    for confirmed, said in ((1, "確認済み"), (0, "まだ確認されていません")):
        await product.meddle("UPDATE accounts SET address_confirmed = :is_it", is_it=confirmed)
        assert said in (await look(clerk, path)).text
