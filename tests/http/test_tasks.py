"""必要な手続 on My Page: what the person has to do, each with the button that leads there."""

from dataclasses import dataclass

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_email import NEW, move
from tests.http.test_summary_file import pays
from tests.support import debits
from tests.support.html import by_id, elements, words
from tests.support.journeys import BETTER, CHANGE, twice
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.press import Press, visit
from tests.support.product import Product
from web import clock
from web.clock import DAY, HOUR
from web.store.payments import Payment

pytestmark = pytest.mark.anyio

MYPAGE = "/useridmg/mypage"


@dataclass(frozen=True)
class Said:
    """A line of the list: what it says, what its button says, where that leads."""

    what: str
    button: str
    address: str


def tasks(page: Page) -> list[Said]:
    """Read the list."""
    heading = by_id(page.root, "tasks")
    if heading is None:
        return []
    box = next(
        each for each in elements(page.root, "section") if each.get("aria-labelledby") == "tasks"
    )
    assert words(heading) == "必要な手続"
    found = []
    for line in elements(box, "li"):
        button = (elements(line, "a") + elements(line, "button"))[0]
        form = next(iter(elements(line, "form")), None)
        address = button.get("href", "") if form is None else form.get("action", "")
        found.append(Said(words(elements(line, "strong")[0]), words(button), address))
    return found


async def test_who_has_nothing_to_do_sees_no_list(alice: httpx.AsyncClient) -> None:
    """No heading over nothing."""
    assert tasks(await visit(alice, MYPAGE)) == []


async def test_a_password_that_ends_soon_has_its_button(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Fourteen days before; 18 and 17: the button leads to パスワード変更, the ID filled in."""
    await product.meddle(
        "UPDATE credentials SET password_changed_at = :at WHERE kind = 'payment'",
        at=frozen.at - 49 * DAY,
    )
    (task,) = tasks(await visit(alice, MYPAGE))
    what = "納付利用者パスワードの有効期限まで、あと11日です。"
    assert task == Said(what, "パスワードを変更", CHANGE)
    assert (await visit(alice, task.address)).value("user_id") == "KNCA6288"


async def test_a_password_is_changed_from_inside_without_typing_the_id(
    alice: httpx.AsyncClient, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The menu leads there; 戻る leads to My Page; a stranger's form stays empty."""
    page = await visit(alice, (await visit(alice, MYPAGE)).link("パスワード変更"))
    assert (page.h1, page.link("戻る")) == ("パスワード変更", MYPAGE)
    typed = {"current_password": ALICE.payment_password, **twice(BETTER)}
    done = await press(alice, CHANGE, {**page.fields(CHANGE), **typed})
    assert done.page.h1 == "パスワード変更結果通知"
    page = await visit(visitor, CHANGE)
    assert (page.value("user_id"), page.link("戻る")) == ("", "/useridmg/login")


async def test_an_unconfirmed_address_is_mailed_again_by_its_button(
    alice: httpx.AsyncClient,
) -> None:
    """The words say which mail to look for."""
    await move(alice, NEW)
    (task,) = tasks(await visit(alice, MYPAGE))
    assert task.what == "利用者管理用メールアドレスがまだ確認されていません。"
    assert (task.button, task.address) == ("確認用のメールを再送", "/useridmg/email/resend")


async def test_a_form_to_post_has_its_date_and_a_returned_one_its_reason(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """By the last day before it is taken back; arrived it needs nothing; returned it has to be made anew."""
    address = "/useridmg/debit/national"
    await debits.make(alice)
    (task,) = tasks(await visit(alice, MYPAGE))
    assert task.what.startswith("国庫金ダイレクト納付口座の届出書を、")
    assert task.what.endswith("日までに届くように郵送してください。")
    assert (task.button, task.address) == ("国庫金ダイレクト納付口座の届出書を確認", address)
    frozen.advance(89 * DAY)
    await product.meddle("UPDATE credentials SET password_changed_at = :at", at=frozen.at)
    await log_in(alice, ALICE)
    day = task.what.split("、")[1].split("までに")[0]
    assert day == clock.day_style(clock.in_tokyo(frozen.at).date())
    await debits.office(product, debits.forms(product)[-1], "receive")
    assert not [each for each in tasks(await visit(alice, MYPAGE)) if "届出書" in each.what]
    await debits.office(product, debits.forms(product)[-1], "send", "return_with_reason")
    (task,) = (each for each in tasks(await visit(alice, MYPAGE)) if "届出書" in each.what)
    assert task.what == "国庫金ダイレクト納付口座の届出書が、不備のため返却されています。"
    assert task.address == address


async def test_payments_that_failed_are_said_for_sixty_days(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Only the own ones, only those that failed."""
    paid = Payment(
        "2026000000000001", frozen.at - HOUR, "local", 1, 100, "A1", "paid", "2026-01-01"
    )
    failed = Payment("2026000000000002", frozen.at - HOUR, "local", 1, 200, "A2", "failed", "")
    old = Payment("2025000000000003", frozen.at - 61 * DAY, "local", 1, 300, "A3", "failed", "")
    await pays(product, ALICE, paid, failed, old)
    await pays(product, BOB, failed)
    (task,) = tasks(await visit(alice, MYPAGE))
    assert task.what == "納付不能となったまとめ納付が1件あります。"
    assert task.button == "まとめ納付を確認"
    assert task.address.startswith("/useridmg/summary-file?period=days&since=")
