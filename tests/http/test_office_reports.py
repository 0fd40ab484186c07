"""A 届出 of 心当たりがない is a case: on the desk, on the account, and its owner sees what came of it."""

import httpx
import pytest

from tests.http.test_activity import ACTIVITY
from tests.http.test_disown import disown, opened
from tests.support.html import elements, words
from tests.support.office import id_of, look
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import natively, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DESK = "/office/"
NOTE = "ご本人に電話し、パスワードの変更を確認した。"


async def report(product: Product, alice: httpx.AsyncClient) -> str:
    """Disown a log-in as Alice; give the address of the case."""
    await disown(alice, await opened(alice))
    (row,) = product.rows("SELECT id FROM reports")
    return f"/office/reports/{row['id']}"


async def close(browser: httpx.AsyncClient, address: str, note: str = NOTE) -> Page:
    """Press 対応済として登録."""
    await look(browser, address)
    return (await natively(browser, address, {"note": note})).page


async def test_a_report_is_a_case_until_somebody_closes_it(
    product: Product, alice: httpx.AsyncClient, clerk: httpx.AsyncClient
) -> None:
    """On the desk and on the account while it waits; then on the account alone, with what was done."""
    assert "未対応の届出はありません。" in (await visit(clerk, DESK)).text
    address = await report(product, alice)
    number = product.rows("SELECT number FROM reports")[0]["number"]
    assert (await visit(clerk, DESK)).link(f"受付番号 {number}") == address
    account = f"/office/accounts/{await id_of(product, ALICE)}"
    assert (await look(clerk, account)).link(f"受付番号 {number}") == address
    page = await look(clerk, address)
    assert (page.rows()["状態"], page.rows()["操作内容"]) == ("未対応", "ログインしました")
    done = await close(clerk, address)
    assert done.notice == "対応済として登録し、利用者にメールで通知しました。"
    assert done.rows()["対応の内容"] == NOTE
    assert "未対応の届出はありません。" in (await visit(clerk, DESK)).text
    assert "対応済" in (await visit(clerk, account)).text
    event = product.rows("SELECT detail FROM audit WHERE event = 'activity.closed'")
    assert len(event) == 1
    assert number in event[0]["detail"]


async def test_the_owner_sees_the_state_and_not_the_note(
    product: Product, alice: httpx.AsyncClient, clerk: httpx.AsyncClient
) -> None:
    """What the page promises is kept where it was promised."""
    address = await report(product, alice)
    history = await visit(alice, ACTIVITY)
    links = {words(each): each.get("href", "") for each in elements(history.root, "a")}
    receipt = next(to for text, to in links.items() if text.endswith("届出済（未対応）"))
    assert "担当者が確認します。" in (await visit(alice, receipt)).text
    await close(clerk, address)
    history = await visit(alice, ACTIVITY)
    assert "届出済（対応済）" in history.text
    page = await visit(alice, receipt)
    assert page.rows()["担当者の対応"] == "対応済"
    assert "担当者が確認を終えました。" in page.text
    for each in (page, history):
        assert NOTE not in each.text
        assert "madoguchi" not in each.text


async def test_a_case_is_closed_once_with_a_note_by_who_may(
    product: Product, alice: httpx.AsyncClient, clerk: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    """Without a note 422, again 409, a reader 403; nothing of it changes the case."""
    address = await report(product, alice)
    assert (await close(clerk, address, "")).error("note") == "対応の内容を入力してください。"
    assert "窓口の担当者が行います。" in (await look(reader, address)).text
    assert (await reader.post(address, data={"note": NOTE})).status_code == 403
    assert product.rows("SELECT closed_at FROM reports") == [{"closed_at": None}]
    await close(clerk, address)
    assert (await clerk.post(address, data={"note": "again"})).status_code == 409
    assert product.rows("SELECT note FROM reports") == [{"note": NOTE}]


async def test_a_case_is_not_shown_before_the_look_is_written_down(
    product: Product, alice: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    """Like every page of an account; what is nobody's is a 404."""
    address = await report(product, alice)
    assert "この利用者を開く" in (await visit(reader, address)).text
    assert (await reader.get("/office/reports/0")).status_code == 404


async def test_the_owner_is_mailed_when_a_case_is_closed(
    product: Product, alice: httpx.AsyncClient, clerk: httpx.AsyncClient
) -> None:
    """Once, to the 利用者管理用メールアドレス; the note stays in the office."""
    address = await report(product, alice)
    await product.settle()
    product.post.mails.clear()
    await close(clerk, address)
    assert (await clerk.post(address, data={"note": NOTE})).status_code == 409
    await product.settle()
    (mail,) = product.post.mails
    number = product.rows("SELECT number FROM reports")[0]["number"]
    assert mail.recipients == ["k-oss@example.jp"]
    assert mail.subject == "【軽自動車OSS】心当たりがない操作の届出についてのご連絡"
    assert number in mail.body
    assert "担当者が確認を終えました。" in mail.body
    assert NOTE not in mail.body
