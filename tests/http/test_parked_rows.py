"""What lies in the database of a parked form, and whose it is; and forms of somebody else's."""

from typing import Any

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.dump import dump
from tests.support.engines import engine_of
from tests.support.guessing import LOGIN
from tests.support.html import elements
from tests.support.journeys import ASK_BULK, EDIT, commit, propose
from tests.support.page import Page
from tests.support.people import ALICE, CHARLIE
from tests.support.press import HTMX, Press, natively, visit
from tests.support.product import Product
from web import background
from web.clock import DAY, MINUTE
from web.security.vault import NotSealedHere

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SECRET = "まだだれにも言わない名前"
PASSWORDS = {"current_password": "himitsu-1", "new_password": "himitsu-2", "my_password_x": "h-3"}
OTHER = "ほかの利用者でログインしています"
AGAIN = "もう一度送信する"


async def park(browser: httpx.AsyncClient, form: Page, /, **typed: str) -> None:
    """Press 次へ on a form whose session has ended."""
    data = {**form.fields(EDIT), "corporate_name": SECRET, **typed}
    answer = await browser.post(form.action("次へ"), data=data)
    assert answer.headers["Location"] == f"{LOGIN}?notice=parked"


def drafts(product: Product) -> list[dict[str, Any]]:
    """Give the rows of drafts, oldest first."""
    return product.rows("SELECT rowid, * FROM drafts ORDER BY rowid")


def opened(product: Product, row: dict[str, Any]) -> dict[str, str]:
    """Unseal a draft as its account may."""
    vault = product.services.vault
    typed: dict[str, str] = vault.open("draft", row["sealed"], bound_to=row["owner_id"] + row["id"])
    return typed


async def test_a_parked_form_is_an_unchecked_draft_without_any_password(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """No field named …password… is kept, whatever a form may one day send."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await park(alice, form, **PASSWORDS)
    (row,) = drafts(product)
    assert (row["checked"], row["flow"], row["created_at"]) == (0, "profile", frozen.at)
    typed = opened(product, row)
    assert typed["corporate_name"] == SECRET
    assert not [name for name in typed if "password" in name]
    assert not set(PASSWORDS.values()) & set(typed.values())


async def test_a_confirmation_with_a_password_parks_nothing(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, press: Press
) -> None:
    """The password of 確定 is typed again after log-in; the draft from 次へ is all that is kept."""
    new = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
    confirm = (await propose(alice, press, **new)).page
    before = drafts(product)
    frozen.advance(30 * MINUTE)
    await commit(alice, confirm, press)
    assert drafts(product) == before
    right = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    page = (await press(alice, LOGIN, right)).page
    assert page.value("current_password") == ""
    assert (await commit(alice, page, press)).page.h1 == "利用者情報変更 登録完了"


async def test_a_parked_row_is_sealed_and_bound_to_its_account(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """No byte of the files shows it; under another account or row it does not open."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await park(alice, form)
    assert SECRET.encode() not in engine_of(product.settings).raw(product.settings)
    (row,) = drafts(product)
    others = [each["id"] for each in product.rows("SELECT id FROM accounts")]
    others.remove(row["owner_id"])
    for wrong in [*(other + row["id"] for other in others), row["owner_id"] + "0" * 32, ""]:
        with pytest.raises(NotSealedHere):
            product.services.vault.open("draft", row["sealed"], bound_to=wrong)


async def test_a_row_that_is_given_to_another_account_does_not_open(
    product: Product, alice: httpx.AsyncClient, charlie: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Not even somebody who can write to the database shows Alice's form to Charlie."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await park(alice, form)
    await log_in(charlie, CHARLIE)
    mine = await visit(charlie, EDIT)
    owner = product.rows("SELECT id FROM accounts WHERE payment_user_id = 'KNCA7001'")[0]["id"]
    run = mine.address.partition("flow=")[2]
    await product.meddle("UPDATE drafts SET owner_id = :id, flow_id = :run", id=owner, run=run)
    answer = await charlie.get(mine.address)
    assert SECRET not in answer.text


async def test_at_most_five_forms_are_parked_per_account(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Seven tabs: the newest five are kept; a draft that was checked is not counted."""
    confirm = (await propose(alice, representative="星野　海")).page
    forms = [await visit(alice, EDIT) for _ in range(7)]
    frozen.advance(30 * MINUTE)
    for number, form in enumerate(forms):
        await park(alice, form, corporate_name=f"名前{number}")
        frozen.advance(1)
    parked = [opened(product, row) for row in drafts(product) if not row["checked"]]
    assert [typed["corporate_name"] for typed in parked] == [f"名前{n}" for n in range(2, 7)]
    await log_in_again(alice)
    assert (await visit(alice, confirm.address)).rows()["代表者名"] == "星野　海"


async def test_the_form_that_was_just_parked_is_never_the_one_dropped(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Not even when many tabs are sent within one second."""
    forms = [await visit(alice, EDIT) for _ in range(9)]
    frozen.advance(30 * MINUTE)
    for number, form in enumerate(forms):
        await park(alice, form, corporate_name=f"名前{number}")
        names = [opened(product, row)["corporate_name"] for row in drafts(product)]
        assert f"名前{number}" in names


async def log_in_again(browser: httpx.AsyncClient) -> httpx.Response:
    """Log in as Alice, wherever that leads."""
    right = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    return await browser.post(LOGIN, data=right)


async def test_a_parked_form_is_gone_after_a_day(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The upkeep leaves it for 24 hours; afterwards log-in leads to a form as registered."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await park(alice, form)
    frozen.advance(DAY)
    await background.upkeep(product.services)
    assert len(drafts(product)) == 1
    frozen.advance(1)
    await background.upkeep(product.services)
    assert drafts(product) == []
    leads = (await log_in_again(alice)).headers["Location"]
    assert SECRET not in (await visit(alice, leads)).response.text


async def test_a_stranger_parks_nothing(
    product: Product, visitor: httpx.AsyncClient, alice: httpx.AsyncClient, press: Press
) -> None:
    """Without a session, live or dead, a POST leaves no row, however good its address is."""
    form = await visit(alice, EDIT)
    before = dump(product)
    page = (await press(visitor, form.action("次へ"), form.fields(EDIT))).page
    assert page.notice == "このページを表示するには、ログインしてください。"
    assert dump(product) == before


async def test_a_dead_session_parks_into_its_own_runs_only(
    product: Product, alice: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    """Charlie's dead session and Alice's form: nothing is kept for either."""
    form = await visit(alice, EDIT)
    await charlie.post("/useridmg/leave")
    before = dump(product)
    await charlie.post(form.action("次へ"), data=form.fields(EDIT))
    assert dump(product) == before


def offered(page: Page) -> dict[str, str]:
    """Give what the form under もう一度送信する would post."""
    for form in elements(page.root, "form"):
        if form.get("action") == page.action(AGAIN):
            inputs = elements(form, "input")
            return {each.get("name", ""): each.get("value", "") for each in inputs}
    return {}


async def test_a_form_of_alice_under_charlies_log_in_is_refused_and_kept(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """One browser, two tabs: 403 says whose log-in it is, offers to send again, writes nothing."""
    form = await visit(alice, EDIT)
    data = {**form.fields(EDIT), "corporate_name": SECRET}
    await log_in(alice, CHARLIE)
    before = dump(product)
    refused = await natively(alice, form.action("次へ"), {**data, **PASSWORDS})
    assert (refused.answer.status_code, refused.page.h1) == (403, OTHER)
    assert offered(refused.page) == data
    assert dump(product) == before
    action = refused.page.action(AGAIN)
    assert (await natively(alice, action, offered(refused.page))).answer.status_code == 403
    await log_in(alice, ALICE)
    confirm = (await natively(alice, action, offered(refused.page))).page
    assert confirm.rows()["会社・団体名"] == SECRET


async def test_a_bulk_request_of_alice_under_charlies_log_in_is_refused(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """B1 names the account it is for; pressed under another one it asks for nothing."""
    form = await visit(alice, ASK_BULK)
    await log_in(alice, CHARLIE)
    before = dump(product)
    refused = await natively(alice, ASK_BULK, form.fields(ASK_BULK))
    assert (refused.answer.status_code, refused.page.h1) == (403, OTHER)
    assert offered(refused.page) == form.fields(ASK_BULK)
    assert dump(product) == before


async def test_the_refusal_leaves_the_form_standing_for_htmx(alice: httpx.AsyncClient) -> None:
    """The fragment has the words in #problem, which go to the error region beside the form."""
    form = await visit(alice, EDIT)
    await log_in(alice, CHARLIE)
    page = Page(await alice.post(form.action("次へ"), data=form.fields(EDIT), headers=HTMX))
    assert (page.status, page.h1) == (403, OTHER)
    assert any(each.get("id") == "problem" for each in elements(page.root, "div"))
