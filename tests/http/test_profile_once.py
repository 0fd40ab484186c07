"""確定 any number of times is one change; two editors never overwrite each other."""

import asyncio
from collections.abc import Awaitable

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.journeys import EDIT, change_profile, propose
from tests.support.people import ALICE
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product
from web.clock import HOUR, MINUTE

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

COMPLETE = "/useridmg/profile/complete"
NEW = {"representative": "星野　海"}
DONE = "利用者情報変更 登録完了"


def done(product: Product) -> dict[str, int]:
    """Count what a change leaves behind."""
    return {
        "version": product.rows("SELECT MAX(profile_version) AS v FROM accounts")[0]["v"],
        "audit": len(product.rows("SELECT 1 FROM audit WHERE event = 'profile.changed'")),
        "receipts": len(product.rows("SELECT 1 FROM receipts")),
        "mails": len(product.rows("SELECT 1 FROM outbox")),
    }


ONCE = {"version": 2, "audit": 1, "receipts": 1, "mails": 1}
NEVER = {"version": 1, "audit": 0, "receipts": 0, "mails": 0}


async def test_pressing_again_finds_the_same_receipt(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Five presses, one 受付番号, one change, one audit row, one mail."""
    confirm = (await propose(alice, press, **NEW)).page
    pages = [(await press(alice, confirm.action("確定"), {})).page for _ in range(5)]
    number = product.rows("SELECT number FROM receipts")[0]["number"]
    assert {page.h1 for page in pages} == {DONE}
    assert all(number in page.text for page in pages)
    assert done(product) == ONCE
    await product.settle()
    assert len(product.post.mails) == 1


async def test_twenty_presses_at_once_are_one(product: Product, alice: httpx.AsyncClient) -> None:
    """Native and htmx mixed: every press ends on the same 登録完了."""
    action = (await propose(alice, **NEW)).page.action("確定")
    presses: list[Awaitable[httpx.Response]] = [
        alice.post(action, headers=HTMX if number % 2 else {}) for number in range(20)
    ]
    answers = await asyncio.gather(*presses)
    leads = {each.headers.get("Location") or each.headers.get("HX-Push-Url") for each in answers}
    assert len(leads) == 1
    assert (await visit(alice, str(leads.pop()))).h1 == DONE
    assert done(product) == ONCE


async def test_the_confirm_page_of_what_was_done_leads_to_complete(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """Back from 完了 and 確定 again, or a second tab, meets the receipt."""
    confirm = (await propose(alice, press, **NEW)).page
    done_page = (await press(alice, confirm.action("確定"), {})).page
    again = await visit(alice, confirm.address)
    assert (again.h1, again.text) == (DONE, (await visit(alice, done_page.address)).text)


async def test_complete_can_be_reloaded(product: Product, alice: httpx.AsyncClient) -> None:
    """A plain page found by its receipt: no second write, no second mail."""
    page = await change_profile(alice, **NEW)
    for _ in range(3):
        assert (await visit(alice, page.address)).h1 == DONE
    assert done(product) == ONCE


@pytest.mark.parametrize("draft", ["", "?draft=", "?draft=" + "0" * 32, "?draft=..%2F..", "?a=b"])
async def test_confirming_without_input_leads_back_with_a_word(
    product: Product, alice: httpx.AsyncClient, press: Press, draft: str
) -> None:
    """確定 without 入力, or 確認 opened directly: the form, why, and nothing written."""
    for page in (
        (await press(alice, f"/useridmg/profile/confirm{draft}", {})).page,
        await visit(alice, f"/useridmg/profile/confirm{draft}"),
    ):
        assert page.h1 == "利用者情報変更 依頼の入力"
        assert page.notice.startswith("確認する内容がありませんでした。")
    assert done(product) == NEVER


@pytest.mark.parametrize("receipt", ["", "?receipt=" + "0" * 32])
async def test_opening_complete_directly_leads_back_with_a_word(
    product: Product, alice: httpx.AsyncClient, receipt: str
) -> None:
    """登録完了 without a receipt would be a lie."""
    page = await visit(alice, COMPLETE + receipt)
    assert page.h1 == "利用者情報変更 依頼の入力"
    assert page.notice == "登録はまだ行われていません。最初の画面から操作してください。"
    assert done(product) == NEVER


async def test_a_draft_with_errors_cannot_be_confirmed(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The id of a form that was refused is no way round the refusal."""
    await propose(alice, press, representative="")
    draft = product.rows("SELECT id FROM drafts WHERE checked = 0")[0]["id"]
    page = (await press(alice, f"/useridmg/profile/confirm?draft={draft}", {})).page
    assert page.h1 == "利用者情報変更 依頼の入力"
    assert done(product) == NEVER


async def test_a_draft_can_be_confirmed_for_two_hours(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """1:59:59 after 次へ it still can."""
    confirm = (await propose(alice, press, **NEW)).page
    for seconds in (*[29 * MINUTE] * 4, 4 * MINUTE - 1):
        frozen.advance(seconds)
        await alice.get("/useridmg/mypage")
    assert (await press(alice, confirm.action("確定"), {})).page.h1 == DONE


async def test_a_draft_older_than_two_hours_offers_its_values(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """At 2:00:00 neither 確認 nor 確定 works; the form has everything that was typed."""
    confirm = (await propose(alice, press, **NEW)).page
    frozen.advance(2 * HOUR)
    await log_in(alice, ALICE)
    for page in (
        await visit(alice, confirm.address),
        (await press(alice, confirm.action("確定"), {})).page,
    ):
        assert page.h1 == "利用者情報変更 依頼の入力"
        assert page.notice.startswith("入力から時間がたったため、そのままでは確定できません。")
        assert page.value("representative") == NEW["representative"]
    assert done(product) == NEVER


async def test_the_second_of_two_editors_is_told_and_overwrites_nothing(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Two tabs, two edits: 409 with both values, and the first edit stands."""
    first = (await propose(alice, press, representative="一番　一")).page
    second = (await propose(alice, press, representative="二番　二")).page
    await press(alice, first.action("確定"), {})
    before = done(product)
    page = (await press(alice, second.action("確定"), {})).page
    assert page.status == 409
    assert page.h1 == "ほかの画面で先に変更されています"
    assert "一番　一" in page.text
    assert "二番　二" in page.text
    assert done(product) == before == ONCE
    assert product.rows("SELECT 1 FROM accounts WHERE representative = '一番　一'")


@pytest.mark.parametrize(
    "version", ["", "-1", "1e9", "9" * 19, "9" * 20, "9" * 5000, "１", "\u0663"]
)
async def test_a_forged_version_earns_a_conflict_page_at_most(
    product: Product, alice: httpx.AsyncClient, press: Press, version: str
) -> None:
    """The hidden version is what a person saw; nothing that is sent in its place breaks anything."""
    await change_profile(alice, representative="一番　一")
    page = await visit(alice, EDIT)
    data = {**page.fields(EDIT), **NEW, "version": version}
    proposed = (await press(alice, page.action("次へ"), data)).page
    assert proposed.status in {200, 409}, proposed.status
    if proposed.status == 200:
        assert (await press(alice, proposed.action("確定"), {})).page.status == 409
    assert done(product) == ONCE
