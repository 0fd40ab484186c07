"""The 届出書, 照会 and the search: whole numbers on the paper alone, nobody else's anywhere."""

import re

import httpx
import pytest

from tests.support import debits
from tests.support.debits import OTHER_BANK, approved, make, propose
from tests.support.engines import engine_of
from tests.support.page import Page
from tests.support.press import visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NATIONAL = f"{debits.BASE}/national"


async def paper(browser: httpx.AsyncClient, action: str = "new") -> Page:
    """Open the paper of the newest form."""
    page = await visit(browser, NATIONAL)
    return await visit(browser, page.link("届出書を印刷"))


async def test_the_paper_has_everything_the_bank_needs(alice: httpx.AsyncClient) -> None:
    """整理番号 with its check digit, the person, the account with its whole number, the label."""
    await make(alice)
    page = await paper(alice)
    number = page.text.partition("整理番号 ")[2][:12]
    assert re.fullmatch(r"\d{4}-\d{3}-\d{3}", number)
    table = page.table()
    assert table["納付利用者ID"] == "KNCA6288"
    assert table["住所"] == "〒160-0023　東京都新宿区西新宿１－２－３"
    assert table["口座番号"] == "7654321"
    assert "押印は不要です" in page.text
    assert page.text.count(number) == 2


async def test_a_change_is_printed_without_what_stays(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """No item that cannot change: bank, holder and address stand on no 変更届出書."""
    await approved(product, alice)
    first = debits.forms(product)[0]["number"]
    await make(alice, action="change", number="42")
    table = (await paper(alice)).table()
    assert set(table) == {"納付利用者ID", "会社・団体名", "対象の口座", "口座番号"}
    assert table["口座番号"] == "0000042"
    assert first in table["対象の口座"].replace("-", "")


async def test_a_stop_names_the_account(product: Product, alice: httpx.AsyncClient) -> None:
    """And nothing else of the person but who it is."""
    await approved(product, alice)
    await make(alice, action="stop")
    table = (await paper(alice)).table()
    assert table["口座番号"] == "7654321"
    assert not {"住所", "電話番号", "代表者名"} & set(table)


async def test_a_form_that_arrived_is_printed_no_more(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Its paper is on its way; the address answers 404."""
    await make(alice)
    address = (await visit(alice, NATIONAL)).link("届出書を印刷")
    await debits.office(product, debits.forms(product)[0], "receive")
    assert (await alice.get(address)).status_code == 404
    assert "届出書を印刷" not in (await visit(alice, NATIONAL)).text


async def test_another_account_s_forms_are_404(
    product: Product, alice: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    """Charlie with Alice's addresses: paper, 取下げ, draft, receipt; nothing told, nothing done."""
    confirm = (await propose(alice)).page
    done = await make(alice)
    form = debits.forms(product)[0]
    for path in (f"{NATIONAL}/paper?form={form['id']}", f"{NATIONAL}/withdraw?form={form['id']}"):
        assert (await charlie.get(path)).status_code == 404
        assert (await charlie.get(path.replace("national", "local"))).status_code == 404
    posted = await charlie.post(f"{NATIONAL}/withdraw?form={form['id']}", data={"version": "1"})
    assert posted.status_code == 404
    for page in (confirm, done):
        seen = await visit(charlie, page.address)
        assert seen.h1 == "国庫金ダイレクト納付口座新規作成 依頼の入力"
        assert "7654321" not in seen.text
    again = await visit(charlie, f"{debits.edit()}?again={form['id']}")
    assert again.value("number") == ""
    assert debits.forms(product)[0]["state"] == "made"


async def test_no_account_number_lies_open_in_the_database(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Drafts, forms, accounts, audit, outbox: sealed; on screen masked after 届出書作成."""
    numbers = ("7654321", "1112223", "5550001")
    await approved(product, alice)
    await make(alice, action="change", **OTHER_BANK)
    await propose(alice, kind="local", number="5550001")
    await product.settle()
    raw = engine_of(product.settings).raw(product.settings)
    assert b"KNCA6288" in raw  # or this would prove nothing
    for secret in (*numbers, "ｹｲｼﾞｷﾞﾖｳｾｲｼﾖｼｼﾞﾑｼﾖ", "三菱ＵＦＪ銀行", "西新宿"):
        assert secret.encode() not in raw
    for address in (NATIONAL, "/useridmg/mypage"):
        page = await visit(alice, address)
        assert not any(number in page.text for number in numbers)
    assert not any(number in mail.body for mail in product.post.mails for number in numbers)


async def test_the_combobox_offers_matches(alice: httpx.AsyncClient) -> None:
    """Options and how many, for bank and branch; a merged bank's successor first."""
    answer = await alice.post(f"{debits.BASE}/banks", data={"bank": "みつびし"})
    assert "0005 三菱ＵＦＪ銀行" in answer.text
    assert "3件の候補" in answer.text
    answer = await alice.post(f"{debits.BASE}/banks", data={"bank": "みちのく銀行"})
    assert answer.text.index("0117 青森みちのく銀行") < answer.text.index("3960")
    assert "合併により" in answer.text
    asked = {"bank": "0005 三菱ＵＦＪ銀行", "branch": "まるのうち"}
    answer = await alice.post(f"{debits.BASE}/branches", data=asked)
    assert "002 丸の内" in answer.text
    answer = await alice.post(f"{debits.BASE}/branches", data={**asked, "bank": "みつびし"})
    assert "先に金融機関を選んでください。" in answer.text
    assert "role=" not in answer.text


async def test_search_without_a_script_offers_a_list_and_keeps_everything(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """検索 → radios; the one chosen counts; nothing is scolded meanwhile."""
    page = await visit(alice, debits.edit())
    action = page.action("次へ")
    typed = {**debits.good(page), "institution": "bank", "bank": "じょうほく", "number": "42"}
    answer = await alice.post(action, data={**typed, "search": "bank"})
    page = await visit(alice, answer.headers["Location"])
    assert page.status == 200
    assert page.summary == []
    assert "1351 城北信金" in page.text
    assert page.value("number") == "0000042"
    chosen = {
        **debits.good(page),
        "bank_choice": "1351 城北信金",
        "branch": "本店",
        "search": "branch",
    }
    answer = await alice.post(action, data=chosen)
    page = await visit(alice, answer.headers["Location"])
    assert page.value("bank") == "1351 城北信金"
    assert "支店の候補" in page.text
    assert debits.forms(product) == []
