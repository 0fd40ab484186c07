"""An account with a second factor, from outside: whoever has its passwords and its mailbox gets nowhere.

docs/security.md says for each door why; a new door of strangers fails here until it is decided on.
"""

import httpx
import pytest
from starlette.routing import Route

from tests.conftest import FrozenClock
from tests.support import codes, issuing
from tests.support.codes import PAPER, SECOND, code, press_log_in
from tests.support.dump import dump
from tests.support.journeys import GOOD, bulk_link, choose, payment_link, twice
from tests.support.office import id_of
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.press import natively, visit
from tests.support.product import Product
from web.clock import DAY
from web.http.access import Access
from web.routes import ROUTES

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CHANGE = "/useridmg/password/change"
# What must be as it was, whatever a thief does: all but mails, counters, steps, and the trail.
NOTED = (
    "audit", "audit_marks", "failures", "outbox", "reset_requests", "reset_links", "second_steps",
    "issuances", "sqlite_sequence", "devices", "accounts", "credentials", "former_passwords",
)  # fmt: skip
# Every door that nobody has to be logged in for, and takes a POST.
DOORS = {
    "login/log_in", "login/second", "password_change/change", "password_change/second",
    "password_change/check", "password_reset/ask_payment", "password_reset/check_request",
    "password_reset/second", "password_reset/choose", "password_reset/check_password",
    "email/confirm", "factors/stop", "factors/renew", "issuance/terms", "issuance/address", "issuance/check_address",
    "issuance/edit", "issuance/check", "issuance/passwords", "issuance/check_password",
    "issuance/confirm", "login/leave", "office/login", "office/second", "office/leave",
}  # fmt: skip


@pytest.fixture
async def alice_id(product: Product) -> str:
    """Give Alice an app and two 予備コード; give the id of her account."""
    found = await id_of(product, ALICE)
    await codes.give_app(product, found)
    await codes.give_paper(product, found)
    return found


def held(product: Product, account_id: str) -> object:
    """Give what a thief is after: address, passwords, factors, log-ins, and everything else of Alice's."""
    return (
        product.rows("SELECT * FROM accounts WHERE id = ?", account_id),
        product.rows("SELECT * FROM credentials WHERE account_id = ?", account_id),
        product.rows("SELECT * FROM former_passwords WHERE account_id = ?", account_id),
        dump(product, *NOTED),
    )


def test_every_door_of_strangers_is_tried_here() -> None:
    """A new route that takes a POST without a log-in fails here."""
    found = {
        each.name
        for each in ROUTES
        if isinstance(each, Route) and "POST" in (each.methods or ()) and not _guarded(each)
    }
    assert found == DOORS


def _guarded(route: Route) -> bool:
    cells = getattr(route.endpoint, "__closure__", None) or ()
    return any(isinstance(cell.cell_contents, Access) for cell in cells)


async def test_password_and_mailbox_together_enter_nothing_and_change_nothing(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """ログイン, パスワード変更, both パスワード初期化, with every guess that costs a thief nothing."""
    before = held(product, alice_id)
    wrong = {"code": code(frozen.at + DAY)}
    assert (await press_log_in(visitor, ALICE)).h1 == "ログインの確認"
    assert (await natively(visitor, SECOND, wrong)).page.error("code")
    form = await visit(visitor, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(GOOD)}
    assert (
        await natively(visitor, CHANGE, {**form.fields(CHANGE), **typed})
    ).page.h1 == "ログインの確認"
    assert (await natively(visitor, "/useridmg/password/second", wrong)).page.error("code")
    here = (await visit(visitor, await payment_link(product, visitor, ALICE))).action("確認")
    assert (await natively(visitor, here, wrong)).page.error("code")
    skipped = await natively(visitor, here.replace("/second", "/password"), twice(GOOD))
    assert skipped.page.h1 == "ログインの確認"
    for inside in ("mypage", "profile/edit", "factors", "factors/prove?for=app", "activity/data"):
        assert (await visit(visitor, f"/useridmg/{inside}")).h1 == "マイページログイン"
    assert "session" not in visitor.cookies
    assert held(product, alice_id) == before


async def test_the_mailed_url_of_the_bulk_password_asks_the_factor_too(
    product: Product, alice_id: str, frozen: FrozenClock
) -> None:
    """It was asked for by the owner; whoever reads the mailbox opens it."""
    async with product.browser() as owner, product.browser() as thief:
        assert (await codes.enter(owner, ALICE, frozen.at)).h1 == "マイページ"
        link = await bulk_link(product, owner)
        before = held(product, alice_id)
        page = await visit(thief, link)
        assert page.h1 == "ログインの確認"
        form = page.action("確認").replace("/second", "/password")
        assert (await natively(thief, form, twice(GOOD))).page.h1 == "ログインの確認"
        assert held(product, alice_id) == before


async def test_what_one_door_gave_opens_no_other(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The step of the log-in is none of the change; a proof for a reset is no log-in; nor is Bob's account a key."""
    before = held(product, alice_id)
    await press_log_in(visitor, ALICE)
    step = visitor.cookies["second-login"]
    for other in ("password_change", "office_login"):
        visitor.cookies.set(f"second-{other}", step)
    right = {"code": code(frozen.at)}
    for door in ("/useridmg/password/second", "/office/login/second"):
        page = (await natively(visitor, door, right)).page
        assert page.notice == "時間がたったため、はじめからやり直してください。"
    page = await visit(visitor, await payment_link(product, visitor, BOB))
    assert (await choose(visitor, page, GOOD)).page.h1.endswith("登録完了")
    assert (await visit(visitor, "/useridmg/mypage")).h1 == "マイページログイン"
    after = held(product, alice_id)
    assert after[:2] == before[:2]  # type: ignore[index]


async def test_a_new_id_from_the_same_mailbox_is_another_account(
    product: Product, alice_id: str, visitor: httpx.AsyncClient
) -> None:
    """利用者ID発行 by the registered address: it names the ID, and opens it no further."""
    before = product.rows("SELECT * FROM credentials WHERE account_id = ?", alice_id)
    link = await issuing.mailed(product, visitor, "k-oss@example.jp")
    assert Page(await visitor.get((await visitor.get(link)).headers["Location"])).status == 200
    assert product.rows("SELECT * FROM credentials WHERE account_id = ?", alice_id) == before


async def test_a_recovery_code_is_guessed_no_further_than_a_code(
    product: Product, alice_id: str, visitor: httpx.AsyncClient
) -> None:
    """Both have the one counter, by whose they are; not even the right one is compared then."""
    await press_log_in(visitor, ALICE)
    for number in range(5):
        typed = {"recovery_code": f"0{number + 1}-0000-0000-0000"}
        assert (await natively(visitor, f"{SECOND}?codes=1", typed)).page.error("recovery_code")
    right = {"recovery_code": f"01{PAPER[0]}"}
    assert (await natively(visitor, f"{SECOND}?codes=1", right)).page.status == 429
    used = "SELECT 1 FROM recovery_codes WHERE owner_id = ? AND used_at IS NOT NULL"
    assert product.rows(used, alice_id) == []
