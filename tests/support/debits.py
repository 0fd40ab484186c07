"""Ways through ダイレクト納付口座: the user's by the screens, the office's by its acts."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.support.page import Page
from tests.support.press import Press, Pressed, natively, visit
from tests.support.product import Product
from web.direct_debit import acts

BASE = "/useridmg/debit"
ACCOUNT = {
    "institution": "bank",
    "bank": "三菱UFJ銀行",
    "branch": "本店",
    "deposit": "ordinary",
    "number": "7654321",
    "holder_kana": "ケイジギョウセイショシジムショ",
    "holder": "軽自行政書士事務所",
    "postal_code": "160-0023",
    "address": "東京都新宿区西新宿1-2-3",
    "building": "",
    "phone": "050-3364-0800",
}
YUCHO = {"institution": "yucho", "symbol": "14370", "passbook_number": "19927651"}
OTHER_BANK = {"bank": "0001", "branch": "001", "number": "1112223"}


def edit(kind: str = "national", action: str = "new") -> str:
    """Give the address where a procedure starts."""
    return f"{BASE}/{kind}/{action}/edit"


async def propose(
    browser: httpx.AsyncClient,
    press: Press = natively,
    /,
    *,
    kind: str = "national",
    action: str = "new",
    **typed: str,
) -> Pressed:
    """Go through 入力 with a good account, some fields typed otherwise."""
    page = await visit(browser, edit(kind, action))
    given = {} if action == "stop" else {**ACCOUNT, **typed}
    return await press(browser, page.action("次へ"), {**good(page), **given})


def good(page: Page) -> dict[str, str]:
    """Give what 入力 would send as it stands."""
    return page.fields(page.action("次へ"))


async def commit(browser: httpx.AsyncClient, confirm: Page, press: Press = natively) -> Pressed:
    """Press 確定."""
    return await press(browser, confirm.action("確定"), {})


async def make(browser: httpx.AsyncClient, /, **more: Any) -> Page:
    """Go through to 届出書作成."""
    return (await commit(browser, (await propose(browser, **more)).page)).page


def forms(product: Product, **where: str) -> list[dict[str, Any]]:
    """Look at the forms in the database, the oldest first."""
    rows = product.rows("SELECT * FROM direct_debit_forms ORDER BY made_at, action")
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


async def office(product: Product, form: Mapping[str, Any], *acts_done: str) -> None:
    """Do what the office does with a form, one act after the other."""
    version = form["version"]
    for act in acts_done:
        more = ["支店名が読めません。"] if act == "return_with_reason" else []
        services = product.services
        await services.write(getattr(acts, act), form["id"], version, *more)
        version += 1


async def approved(product: Product, browser: httpx.AsyncClient, /, **more: Any) -> None:
    """Bring a procedure through to 承認."""
    await make(browser, **more)
    await office(product, forms(product)[-1], "receive", "send", "approve")
