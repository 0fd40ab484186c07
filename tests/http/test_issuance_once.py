"""I6 → I7: 確定 issues once, whoever presses how often; numbers are never given out twice."""

import asyncio

import httpx
import pytest

from tests.support.issuing import (
    COMPANY,
    EMAIL,
    ISSUED,
    PROFILE,
    TERMS,
    choose,
    fill_in,
    issue,
    mailed,
    prepared,
)
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DONE = "利用者ID発行 発行完了"
SPENT = "このURLは使用できません"


def done(product: Product) -> tuple[int, int, int, int]:
    """Count what an issue leaves behind: accounts, audit rows, receipts, mails."""
    counts = (
        "SELECT 1 FROM accounts WHERE admin_email = 'shinki@example.jp'",
        "SELECT 1 FROM audit WHERE event = 'issuance.issued'",
        "SELECT 1 FROM receipts WHERE flow = 'issuance'",
        "SELECT 1 FROM outbox WHERE once_key LIKE 'issued:%'",
    )
    accounts, audit, receipts, mails = (len(product.rows(sql)) for sql in counts)
    return accounts, audit, receipts, mails


ONCE, NEVER = (1, 1, 1, 1), (0, 0, 0, 0)


async def test_pressing_again_finds_the_same_page(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Five presses, reload, Back and 確定 once more: one pair, one 受付番号, one mail."""
    confirm = await prepared(product, visitor, press)
    pages = [(await issue(visitor, confirm, press)).page for _ in range(5)]
    pages += [await visit(visitor, pages[0].address) for _ in range(3)]
    pages += [await visit(visitor, confirm.address)]
    assert {page.h1 for page in pages} == {DONE}
    assert len({str(page.rows()) for page in pages}) == 1
    assert done(product) == ONCE
    await product.settle()
    product.post.only(ISSUED)


async def test_twenty_presses_at_once_are_one(product: Product, visitor: httpx.AsyncClient) -> None:
    """Native and htmx mixed: every press ends on the same 発行完了."""
    action = (await prepared(product, visitor)).action("確定")
    answers = await asyncio.gather(
        *(visitor.post(action, headers=HTMX if number % 2 else {}) for number in range(20))
    )
    leads = set()
    for each in answers:
        names = ("Location", "HX-Push-Url", "HX-Redirect")
        leads.add(next(each.headers[name] for name in names if name in each.headers))
    assert len(leads) == 1
    assert (await visit(visitor, leads.pop())).h1 == DONE
    assert done(product) == ONCE


async def test_two_tabs_of_one_url_issue_one_pair(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Two drafts, each confirmed: the second press lands on what the first has issued."""
    link = await mailed(product, visitor)
    first = (await choose(visitor, (await fill_in(visitor, link)).page)).page
    page = (await fill_in(visitor, link, corporate_name="別の自動車")).page
    second = (await choose(visitor, page)).page
    pages = [(await issue(visitor, each, press)).page for each in (second, first)]
    assert {page.h1 for page in pages} == {DONE}
    assert done(product) == ONCE
    assert product.rows("SELECT name FROM accounts WHERE admin_email = ?", EMAIL) == [
        {"name": "別の自動車"}
    ]


async def test_every_step_of_a_done_issue_leads_to_its_end(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Back to any form, opened or sent: 発行完了, in the browser that holds the key."""
    confirm = await prepared(product, visitor, press)
    page = (await issue(visitor, confirm, press)).page
    query = page.address.partition("?")[2]
    for step in ("profile", "passwords", "confirm", "complete"):
        address = f"/useridmg/issue/{step}?{query}"
        assert (await visit(visitor, address)).h1 == DONE
        if step != "complete":
            assert (await press(visitor, address, COMPANY)).page.h1 == DONE
    assert done(product) == ONCE


async def test_the_url_of_a_done_issue_is_gone(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """410 for whoever opens the mail again; the page says where the IDs are written."""
    link = await mailed(product, visitor)
    page = (await choose(visitor, (await fill_in(visitor, link)).page)).page
    await issue(visitor, page, press)
    async with product.browser() as other:
        for browser in (visitor, other):
            spent = await visit(browser, link)
            assert (spent.status, spent.h1) == (410, SPENT)
            assert "「利用者ID発行完了のご連絡」のメール" in spent.text


async def test_fifty_issues_at_once_are_fifty_pairs(product: Product) -> None:
    """Fifty people press 確定 at the same moment: no number twice, both IDs of a pair alike."""
    await product.meddle("UPDATE accounts SET payment_user_id = 'KNCA9970', bulk_user_id = 'KICA9970' WHERE payment_user_id = 'KNCA7001'")  # fmt: skip
    browsers = [product.browser(f"192.0.2.{number}") for number in range(50)]
    confirms = [
        await prepared(product, browser, email=f"p{number}@example.jp")
        for number, browser in enumerate(browsers)
    ]
    pages = await asyncio.gather(
        *(issue(each, confirm) for each, confirm in zip(browsers, confirms, strict=True))
    )
    for browser in browsers:
        await browser.aclose()
    rows = [pressed.page.rows() for pressed in pages]
    pairs = {(row["納付利用者ID"], row["一括利用者ID"]) for row in rows}
    assert pairs == {(f"KNCA{number}", f"KICA{number}") for number in range(9971, 10021)}
    assert len({row["受付番号"] for row in rows}) == 50


async def test_fifty_numbers_kept_at_once_are_fifty(product: Product) -> None:
    """The number is chosen when 利用者情報 is taken: there the race is, and nobody shares one."""
    browsers = [product.browser(f"192.0.2.{number}") for number in range(50)]
    forms = [
        await visit(browser, await mailed(product, browser, f"q{number}@example.jp"))
        for number, browser in enumerate(browsers)
    ]
    answers = await asyncio.gather(
        *(
            browser.post(form.action("次へ"), data={**form.fields(PROFILE), **COMPANY})
            for browser, form in zip(browsers, forms, strict=True)
        )
    )
    assert {answer.status_code for answer in answers} == {303}
    for browser in browsers:
        await browser.aclose()
    kept = product.rows("SELECT number FROM issuances WHERE number IS NOT NULL")
    assert {row["number"] for row in kept} == {str(number) for number in range(7002, 7052)}


async def test_opening_complete_before_the_end_leads_back(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """発行完了 without a receipt would be a lie."""
    page = await visit(visitor, await mailed(product, visitor))
    query = page.address.partition("?")[2]
    shown = await visit(visitor, f"/useridmg/issue/complete?{query}")
    assert shown.notice == "登録はまだ行われていません。最初の画面から操作してください。"
    assert done(product) == NEVER
    assert (await visit(visitor, TERMS)).status == 200
