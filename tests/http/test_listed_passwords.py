"""Whoever sets a password, by whichever door: one on the list of leaked passwords is refused."""

import ast
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support import issuing
from tests.support.journeys import CHANGE, bulk_link, choose, payment_link, twice
from tests.support.listed import FORMS, ON_THE_LIST, SAID, put
from tests.support.office import enter, hire
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import HTMX, natively, visit
from tests.support.product import Product, running
from tests.unit.parts import ROOT, WEB
from web.demo.personas import CLERK

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

OFFICE = "/office/password"
Door = Callable[[Product, httpx.AsyncClient, str], Awaitable[list[str]]]


@pytest.fixture
async def product(tmp_path: Path, post: PostOffice, frozen: FrozenClock) -> AsyncIterator[Product]:
    """Run the product with a list of its operator's own."""
    async with running(tmp_path, post, MYPAGE_PASSWORD_FILTER=str(put(tmp_path))) as product:
        yield product


async def by_change(product: Product, browser: httpx.AsyncClient, typed: str) -> list[str]:
    """Go through パスワード変更."""
    page = await visit(browser, CHANGE)
    given = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(typed)}
    done = await natively(browser, CHANGE, {**page.fields(CHANGE), **given})
    return [done.page.error("new_password")]


async def by_payment_reset(product: Product, browser: httpx.AsyncClient, typed: str) -> list[str]:
    """Go through 納付利用者パスワード初期化."""
    form = await visit(browser, await payment_link(product, browser, ALICE))
    return [(await choose(browser, form, typed)).page.error("new_password")]


async def by_bulk_reset(product: Product, browser: httpx.AsyncClient, typed: str) -> list[str]:
    """Go through 一括利用者パスワード初期化."""
    await log_in(browser, ALICE)
    form = await visit(browser, await bulk_link(product, browser))
    return [(await choose(browser, form, typed)).page.error("new_password")]


async def by_issuance(product: Product, browser: httpx.AsyncClient, typed: str) -> list[str]:
    """Go through 利用者ID発行, with both passwords."""
    link = await issuing.mailed(product, browser)
    form = (await issuing.fill_in(browser, link)).page
    answers = dict.fromkeys(issuing.CHOSEN, typed)
    page = (await natively(browser, form.action("次へ"), answers)).page
    return [page.error("payment_password"), page.error("bulk_password")]


async def by_office(product: Product, browser: httpx.AsyncClient, typed: str) -> list[str]:
    """Go through 担当者パスワード変更."""
    await hire(product, CLERK)
    await enter(browser, CLERK)
    page = await visit(browser, OFFICE)
    given = {**page.fields(OFFICE), "current_password": CLERK.password, **twice(typed)}
    return [(await natively(browser, OFFICE, given)).page.error("new_password")]


# Where a password that somebody typed is hashed to be stored, and by which door one comes there.
DOORS: dict[str, Door] = {
    "web/features/password_change/flow.py": by_change,
    "web/features/password_reset/flow.py": by_payment_reset,
    "web/features/issuance/flow.py": by_issuance,
    "web/office/password/flow.py": by_office,
}
# The rest: tests/unit/test_password_filter.py goes through the commands.
COMMANDS = {"web/cli/accounts.py", "web/office/staff.py"}
# A hash renewed as it is, the people of the demo, and 予備コード, which are drawn by lot.
NO_DOORS = {"web/steps/check_password.py", "web/demo/run.py", "web/steps/factors.py"}


def hashing() -> set[str]:
    """Find the modules that hash passwords."""
    return {
        str(path.relative_to(ROOT))
        for path in WEB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func).endswith("passwords.hash")
    }


def test_no_door_is_missing_here() -> None:
    """A module that begins to set passwords has to come into this file."""
    assert hashing() == DOORS.keys() | COMMANDS | NO_DOORS


@pytest.mark.parametrize("typed", FORMS)
@pytest.mark.parametrize("door", [*DOORS.values(), by_bulk_reset], ids=lambda door: door.__name__)
async def test_a_listed_password_is_refused_at_every_door(
    product: Product, visitor: httpx.AsyncClient, door: Door, typed: str
) -> None:
    """As it stands on the list, and with capitals, which are the first thing that attackers vary."""
    before = product.rows("SELECT password_hash FROM credentials ORDER BY rowid")
    errors = await door(product, visitor, typed)
    assert [error.startswith(SAID) for error in errors] == [True] * len(errors)
    assert product.rows("SELECT password_hash FROM credentials ORDER BY rowid") == before


async def test_the_live_check_tells_it_while_one_types(visitor: httpx.AsyncClient) -> None:
    """With the same words as the button."""
    answer = await visitor.post(
        "/useridmg/password/check", data={"new_password": ON_THE_LIST}, headers=HTMX
    )
    assert SAID in "".join(Page(answer).root.itertext())
