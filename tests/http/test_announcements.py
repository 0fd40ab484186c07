"""お知らせ and maintenance: announced by the command line, seen by everybody, and nothing typed is lost."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.html import words
from tests.support.journeys import commit, propose
from tests.support.page import Page
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product
from web import clock
from web.store import announcements
from web.store.announcements import Kind

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = "/useridmg/login"
BODY = "11月24日の0時から6時まで、<メンテナンス>のため停止します。"


async def announce(
    product: Product, kind: Kind, body: str = "", ends_at: int | None = None
) -> None:
    """Announce as the command does, and let the server look."""
    services = product.services
    await services.database.write(announcements.put, kind, body, ends_at)
    await services.announcements.look(services.database)


@pytest.mark.parametrize("path", ["/", LOGIN])
async def test_a_notice_is_shown_until_it_ends(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock, path: str
) -> None:
    """On P1 and L1, as it was typed; no other screen is bothered."""
    await announce(product, Kind.NOTICE, BODY, frozen.at + 60)
    page = await visit(visitor, path)
    assert BODY in words(page.root)
    assert BODY not in words((await visit(visitor, "/help/faq")).root)
    frozen.advance(60)
    assert BODY not in words((await visit(visitor, path)).root)


async def test_maintenance_says_until_when(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """P1, L1 and help stay open and say so; everything else is a 503 page with the time."""
    ends_at = frozen.at + 2 * clock.HOUR
    await announce(product, Kind.MAINTENANCE, ends_at=ends_at)
    until = f"{clock.announcement_style(ends_at)}まで"
    for path in ("/", LOGIN):
        page = await visit(visitor, path)
        assert (page.status, until in page.text) == (200, True)
    assert (await visitor.get("/help/faq")).status_code == 200
    assert (await visitor.get("/readyz")).status_code == 200
    for path in ("/useridmg/mypage", "/useridmg/password/change", "/useridmg/pwdInitPay/request"):
        for headers in ({}, HTMX):
            answer = await visitor.get(path, headers=headers)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7200")
            page = Page(answer)
            assert page.h1 == "メンテナンスのため、ご利用いただけません"
            assert until in page.text


async def test_what_was_typed_outlives_the_maintenance(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """確定 during it is refused whole, and works afterwards."""
    confirm = (await propose(alice, press, representative="星野　海")).page
    await announce(product, Kind.MAINTENANCE)
    refused = await commit(alice, confirm, press)
    assert refused.answer.status_code == 503
    assert "まもなく再開します" in refused.page.text
    login = await alice.post(LOGIN, data={"user_id": "KNCA6288", "password": "a" * 12})
    page = Page(login)
    assert (page.status, page.fields(LOGIN)["user_id"]) == (503, "KNCA6288")
    services = product.services
    await services.database.write(announcements.remove, Kind.MAINTENANCE)
    await services.announcements.look(services.database)
    assert (await commit(alice, confirm, press)).page.h1 == "利用者情報変更 登録完了"


async def test_a_time_that_has_passed_is_not_shown(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The maintenance lasts longer than planned: nobody is let in, nobody is told a past time."""
    await announce(product, Kind.MAINTENANCE, ends_at=frozen.at + 60)
    frozen.advance(61)
    answer = await visitor.get("/useridmg/mypage")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "まもなく再開します" in answer.text
