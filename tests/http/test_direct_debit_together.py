"""Two at once, input that came too late, and what a screen of ダイレクト納付口座 costs."""

import asyncio

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support import debits
from tests.support.debits import ACCOUNT, make, propose
from tests.support.people import ALICE, CHARLIE
from tests.support.press import Press, natively, visit
from tests.support.product import Product
from web import clock
from web.direct_debit import acts
from web.direct_debit.states import NotAllowed, OutOfDate

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = "/useridmg/login"
SOUGHT = {"bank": {"bank": "みつびし", "branch": "本店営業部"}, "branch": {"branch": "丸"}}
CHOSEN = {"bank": "0288 三菱ＵＦＪ信託銀行", "branch": "422 新丸の内"}
PRESSED = {"次へ": {}, "支店を検索": {"search": "branch"}}
TRANSITIONS = "SELECT event FROM audit WHERE event LIKE 'direct_debit.%' ORDER BY seq"


async def test_two_clerks_make_one_transition_and_one_mail(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """利用可能 pressed by two at once: one account, one mail, the other is told."""
    await make(alice)
    await debits.office(product, debits.forms(product)[0], "receive", "send")
    form, services = debits.forms(product)[0], product.services
    results = await asyncio.gather(
        *(services.write(acts.approve, form["id"], form["version"]) for _ in range(5)),
        return_exceptions=True,
    )
    refused = [each for each in results if isinstance(each, OutOfDate | NotAllowed)]
    assert len(refused) == 4
    events = [row["event"] for row in product.rows(TRANSITIONS)]
    assert events.count("direct_debit.approve") == 1
    await product.settle()
    subjects = [mail.subject for mail in product.post.mails]
    assert sum("利用開始" in each for each in subjects) == 1


async def test_a_jump_that_the_table_does_not_hold_writes_nothing(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """届出書作成済 → 利用可能: refused, the database as before."""
    await make(alice)
    await product.settle()
    before = product.content()
    for act in ("approve", "send", "return_with_reason"):
        with pytest.raises(NotAllowed):
            await debits.office(product, debits.forms(product)[0], act)
    assert product.content() == before


async def test_twenty_presses_at_once_make_one_form(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Every press ends on the same 届出書作成."""
    action = (await propose(alice)).page.action("確定")
    answers = await asyncio.gather(*(alice.post(action) for _ in range(20)))
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(debits.forms(product)) == 1
    assert len(product.rows("SELECT 1 FROM receipts")) == 1


async def test_what_was_typed_too_late_is_there_after_log_in(
    frozen: FrozenClock, product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The same person is back on the form with everything; nobody else sees it."""
    page = await visit(alice, debits.edit())
    typed = {**debits.good(page), **ACCOUNT, "number": "42"}
    frozen.advance(31 * clock.MINUTE)
    login = (await press(alice, page.action("次へ"), typed)).page
    assert login.notice.startswith("ログアウトしていたため")
    async with product.browser() as stranger:
        await log_in(stranger, CHARLIE)
        assert (await visit(stranger, page.address)).value("number") == ""
    answer = await alice.post(
        "/useridmg/login", data={"user_id": "KNCA6288", "password": ALICE.payment_password}
    )
    back = await visit(alice, answer.headers["Location"])
    assert back.h1 == "国庫金ダイレクト納付口座新規作成 依頼の入力"
    assert back.value("number") == "42"
    assert back.value("holder") == ACCOUNT["holder"]


@pytest.mark.parametrize("field", ["bank", "branch"])
@pytest.mark.parametrize("button", PRESSED)
async def test_what_was_chosen_from_the_list_too_late_is_there_after_log_in(
    frozen: FrozenClock, alice: httpx.AsyncClient, press: Press, field: str, button: str
) -> None:
    """検索, a choice, 次へ or 検索 once more: the choice stands in its field again."""
    page = await visit(alice, debits.edit())
    action = page.action("次へ")
    typed = {**debits.good(page), **ACCOUNT, **SOUGHT[field]}
    found = (await natively(alice, action, {**typed, "search": field})).page
    assert CHOSEN[field] in [each.get("value") for each in found.root.iter("input")]
    chosen = {**typed, **debits.good(found), f"{field}_choice": CHOSEN[field]}
    frozen.advance(31 * clock.MINUTE)
    login = (await press(alice, action, {**chosen, **PRESSED[button]})).page
    assert login.notice.startswith("ログアウトしていたため")
    password = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    back = (await press(alice, LOGIN, password)).page
    assert back.address == page.address
    assert back.value(field) == CHOSEN[field]
    assert ("支店の候補" in back.text) == (button == "支店を検索")
    confirm = (await press(alice, back.action("次へ"), debits.good(back))).page
    assert confirm.h1 == "国庫金ダイレクト納付口座新規作成 依頼の確認"
    code, _, name = CHOSEN[field].partition(" ")
    assert f"{name}（{code}）" in confirm.rows().values()
