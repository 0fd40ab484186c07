"""What a screen costs: one read for My Page, three write transactions for a whole change."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.support.alike import as_if_known
from tests.support.guessing import LOGIN
from tests.support.journeys import BETTER, CHANGE, EDIT, commit, twice
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product
from web import log
from web.database import Database
from web.store import standings

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MYPAGE = "/useridmg/mypage"


def selects(statements: list[str]) -> list[str]:
    """Give the reads among them."""
    return [each for each in statements if each.strip().upper().startswith("SELECT")]


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down every write transaction that a request makes."""
    made: list[str] = []
    write = Database.write

    def noted(
        self: Database, work: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any
    ) -> Awaitable[Any]:
        if log.request_id.get():  # the background work has none
            made.append(work.__name__)
        return write(self, work, *args, **kwargs)

    monkeypatch.setattr(Database, "write", noted)
    return made


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
async def test_my_page_costs_one_read(
    alice: httpx.AsyncClient, writes: list[str], statements: list[str], headers: dict[str, str]
) -> None:
    """Session and account come together; nothing is written, not even when it was last seen."""
    writes.clear()
    statements.clear()
    answer = await alice.get(MYPAGE, headers=headers)
    assert answer.status_code == 200
    assert len(selects(statements)) == len(statements) == 1, statements
    assert writes == []


async def test_a_stranger_costs_no_read(visitor: httpx.AsyncClient, statements: list[str]) -> None:
    """Without a cookie nobody is looked up."""
    for address in ("/", "/useridmg/login", MYPAGE, "/help/faq"):
        await visitor.get(address)
    assert statements == []


async def test_a_change_costs_at_most_three_write_transactions(
    product: Product, alice: httpx.AsyncClient, press: Press, writes: list[str]
) -> None:
    """入力, 次へ, 確認, 確定, 完了 and the reload of each of them: 次へ writes, 確定 writes."""
    writes.clear()
    form = await visit(alice, EDIT)
    data = {**form.fields(EDIT), "representative": "星野　海"}
    confirm = (await press(alice, form.action("次へ"), data)).page
    await visit(alice, confirm.address)
    done = (await commit(alice, confirm, press)).page
    assert (await visit(alice, done.address)).h1 == "利用者情報変更 登録完了"
    assert 1 <= len(writes) <= 3, writes


async def test_a_change_of_another_name_leaves_the_furigana_be(
    product: Product, alice: httpx.AsyncClient, press: Press, statements: list[str]
) -> None:
    """Its parts are rows that the desk searches; they are written when it changes."""
    for typed, written in (
        ({"representative": "星野　海"}, False),
        ({"corporate_kana": "ツキノ"}, True),
    ):
        statements.clear()
        form = await visit(alice, EDIT)
        data = {**form.fields(EDIT), **typed}
        confirm = (await press(alice, form.action("次へ"), data)).page
        assert (await commit(alice, confirm, press)).page.h1 == "利用者情報変更 登録完了"
        assert any("kana_parts" in each for each in statements) is written, typed


async def test_a_change_with_the_password_costs_at_most_three_write_transactions(
    product: Product, alice: httpx.AsyncClient, press: Press, writes: list[str]
) -> None:
    """Asking for the password adds no write of its own when it is right."""
    writes.clear()
    form = await visit(alice, EDIT)
    new = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
    confirm = (await press(alice, form.action("次へ"), {**form.fields(EDIT), **new})).page
    assert (await commit(alice, confirm, press)).page.h1 == "利用者情報変更 登録完了"
    assert 1 <= len(writes) <= 3, writes


async def test_pressing_again_writes_nothing(
    product: Product, alice: httpx.AsyncClient, press: Press, writes: list[str]
) -> None:
    """A draft that was confirmed is found by a read."""
    form = await visit(alice, EDIT)
    data = {**form.fields(EDIT), "representative": "星野　海"}
    confirm = (await press(alice, form.action("次へ"), data)).page
    await commit(alice, confirm, press)
    writes.clear()
    for _ in range(3):
        assert (await commit(alice, confirm, press)).page.h1 == "利用者情報変更 登録完了"
    assert writes == []


async def test_a_live_check_neither_reads_tables_of_forms_nor_writes(
    alice: httpx.AsyncClient, writes: list[str], statements: list[str]
) -> None:
    """Leaving a field costs the look at the session and nothing else."""
    writes.clear()
    statements.clear()
    answer = await alice.post("/useridmg/profile/check", data={"corporate_name": "星の海商会"})
    assert answer.status_code == 200
    assert len(selects(statements)) == len(statements) == 1
    assert writes == []


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("door", [LOGIN, CHANGE], ids=["log-in", "change"])
async def test_every_reason_to_refuse_costs_the_same_statements(
    product: Product, visitor: httpx.AsyncClient, statements: list[str], door: str
) -> None:
    """One read less for an ID that nobody has would tell, in time, which IDs exist (ASVS 6.3.8)."""
    await product.disable(BOB)
    costs = []
    for user_id, password in (
        ("KNCA6288", "the first event of a process reads where the trail ends"),
        ("KNCA0000", "not the password"),
        ("KNCA6288", "not the password"),
        (BOB.account.payment_user_id, BOB.payment_password),
    ):
        statements.clear()
        typed = {"user_id": user_id, "password": password, "current_password": password}
        form = {**typed, **twice(BETTER), "once": "0" * 32}
        assert (await visitor.post(door, data=form, headers=HTMX)).status_code == 422
        costs.append([*statements])
    _, nobody, *others = costs
    assert len(nobody) > 5
    assert others == [as_if_known(nobody)] * 2


@pytest.mark.usefixtures("once")
async def test_whether_a_device_is_known_is_asked_once_per_transaction(
    product: Product, alice: httpx.AsyncClient, statements: list[str]
) -> None:
    """Once before the hash and once when the verdict is written."""
    for password in (ALICE.payment_password, "not the password"):
        statements.clear()
        await alice.post(LOGIN, data={"user_id": "KNCA6288", "password": password})
        assert statements.count(standings.FIND) == 2, password
