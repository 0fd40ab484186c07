"""How often each press asks the database, against a budget: docs/benchmarks.md."""

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support import codes
from tests.support.guessing import LOGIN
from tests.support.journeys import ASK_PAYMENT, BETTER, CHANGE, EDIT, GOOD, payment_link, twice
from tests.support.office import id_of
from tests.support.people import ALICE
from tests.support.press import HTMX, visit
from tests.support.product import Product
from tests.support.trips import Trips, counted
from web.store import outbox

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.usefixtures("once")]

MYPAGE = "/useridmg/mypage"
# Every page that stands in the menus of somebody who is logged in.
PAGES = {
    MYPAGE: 2,
    "/useridmg/sessions": 2,
    "/useridmg/activity": 3,
    "/help/faq": 1,
    "/": 1,
}


@pytest.fixture
def trips(once: None) -> Iterator[Trips]:
    """Count the trips of a test."""
    with counted() as trips:
        yield trips


async def log_in_again(browser: httpx.AsyncClient) -> httpx.Response:
    """Log in at a device that is known, without a session."""
    browser.cookies.delete("session")
    login = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    return await browser.post(LOGIN, data=login)


@pytest.fixture
async def warm(product: Product, alice: httpx.AsyncClient, trips: Trips) -> httpx.AsyncClient:
    """Let the process have written an event, so that it knows the end of its trail."""
    await log_in_again(alice)
    await product.settle()
    trips.clear()
    return alice


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("address", PAGES)
async def test_a_page_of_somebody_logged_in(
    warm: httpx.AsyncClient, trips: Trips, address: str, headers: dict[str, str]
) -> None:
    """The guard's read says what most pages show."""
    await warm.get(address, headers=headers)
    assert trips.of_requests <= PAGES[address]


async def test_a_live_check(warm: httpx.AsyncClient, trips: Trips) -> None:
    """The look at the session, and nothing else."""
    await warm.post("/useridmg/profile/check", data={"corporate_name": "星の海商会"})
    assert trips.of_requests == 1


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["native", "htmx"])
async def test_a_change_of_the_profile(
    product: Product, warm: httpx.AsyncClient, trips: Trips, headers: dict[str, str]
) -> None:
    """次へ at most 5, 確定 at most 10, 7 of them in its turn, and the pages between them."""
    form = await visit(warm, EDIT)
    data = {**form.fields(EDIT), "representative": "星野　海"}
    trips.clear()
    answer = await warm.post(form.action("次へ"), data=data, headers=headers)
    assert trips.of_requests <= 5
    trips.clear()
    confirm = await visit(warm, answer.headers.get("Location") or answer.headers["HX-Push-Url"])
    assert trips.of_requests <= 2
    await product.settle()
    trips.clear()
    answer = await warm.post(confirm.action("確定"), headers=headers)
    assert trips.of_requests <= 10
    assert trips.of_requests_in_turn <= 7
    await product.settle()
    trips.clear()
    done = answer.headers.get("Location") or answer.headers["HX-Push-Url"]
    assert (await visit(warm, done)).h1 == "利用者情報変更 登録完了"
    assert trips.of_requests <= 2


async def test_a_log_in(warm: httpx.AsyncClient, trips: Trips) -> None:
    """At most 8 from a known device, 6 of them in its turn; a new one is noted and told of."""
    assert (await log_in_again(warm)).headers["Location"].endswith(MYPAGE)
    assert trips.of_requests <= 8
    assert trips.of_requests_in_turn <= 6


async def test_a_log_in_with_a_code(
    product: Product, warm: httpx.AsyncClient, trips: Trips, frozen: FrozenClock
) -> None:
    """The password at most 5, the page of the code 1, the code at most 11: a server notes the try, too."""
    await codes.give_app(product, await id_of(product, ALICE))
    await log_in_again(warm)
    await warm.post(codes.SECOND, data={"code": codes.code(frozen.at)})
    await product.settle()
    frozen.advance(60)
    warm.cookies.delete("session")
    trips.clear()
    asked = (await log_in_again(warm)).headers["Location"]
    assert trips.of_requests <= 5
    trips.clear()
    await warm.get(asked)
    assert trips.of_requests == 1
    trips.clear()
    done = await warm.post(asked, data={"code": codes.code(frozen.at)})
    assert done.headers["Location"].endswith(MYPAGE)
    assert trips.of_requests <= 11


async def test_a_wrong_password(warm: httpx.AsyncClient, trips: Trips) -> None:
    """Not more than a right one."""
    await warm.post(LOGIN, data={"user_id": "KNCA6288", "password": "not the password"})
    assert trips.of_requests <= 8


async def test_a_change_of_the_password(warm: httpx.AsyncClient, trips: Trips) -> None:
    """At most 10, 7 of them in its turn."""
    page = await visit(warm, CHANGE)
    data = {
        **page.fields(CHANGE),
        **twice(BETTER),
        "user_id": "KNCA6288",
        "current_password": ALICE.payment_password,
    }
    trips.clear()
    answer = await warm.post(CHANGE, data=data)
    assert trips.of_requests <= 10
    assert trips.of_requests_in_turn <= 7
    assert (await visit(warm, answer.headers["Location"])).h1 == "パスワード変更結果通知"


async def test_a_reset(product: Product, warm: httpx.AsyncClient, trips: Trips) -> None:
    """The request at most 3, the new password at most 9, 6 of them in its turn."""
    page = await visit(warm, ASK_PAYMENT)
    typed = {"user_id": "KNCA6288", "admin_email": ALICE.account.profile.admin_email}
    trips.clear()
    await warm.post(ASK_PAYMENT, data={**page.fields(ASK_PAYMENT), **typed})
    assert trips.of_requests <= 3
    form = await visit(warm, await payment_link(product, warm, ALICE))
    action = form.action("パスワード初期化")
    await product.settle()
    trips.clear()
    await warm.post(action, data={**form.fields(action), **twice(GOOD)})
    assert trips.of_requests <= 9
    assert trips.of_requests_in_turn <= 6


async def test_a_mail_is_claimed(product: Product, warm: httpx.AsyncClient, trips: Trips) -> None:
    """At most 2, whether there is one or none: couriers ask all the time."""
    del warm
    trips.clear()
    await product.services.database.write_one(outbox.claim, leased_until=1, again=True)
    assert trips.in_turn.total() <= 2
