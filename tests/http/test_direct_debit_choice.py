"""A bank or branch that is not exactly one is offered, never taken; what is chosen is read back as it stood."""

import httpx
import pytest

from tests.support import debits
from tests.support.debits import good, propose
from tests.support.html import elements
from tests.support.page import Page
from tests.support.press import Press, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TRUST = "0288 三菱ＵＦＪ信託銀行"
H1 = "国庫金ダイレクト納付口座新規作成 依頼の{}"


def offered(page: Page, field: str) -> list[str]:
    """List the radio buttons under a field."""
    inputs = elements(page.root, "input")
    return [each.get("value", "") for each in inputs if each.get("name") == f"{field}_choice"]


@pytest.mark.parametrize(
    ("bank", "branch", "text", "confirmed"),
    [
        ("三菱UFJ信託銀行", "津支店", "370 津田沼", "津田沼（370）"),
        ("青森みちのく", "筒井", "160 桜川筒井", "桜川筒井（160）"),
        ("千葉銀行", "4", "004 県庁", "県庁（004）"),
        ("0001", "649 ＰａｙＰａｙカード", "649 ナンテン", "ナンテン（649）"),
    ],
)
async def test_a_part_of_a_branch_is_offered_and_taken_only_when_chosen(
    product: Product,
    alice: httpx.AsyncClient,
    press: Press,
    bank: str,
    branch: str,
    text: str,
    confirmed: str,
) -> None:
    """A single hit too; the error has the focus, and says that it is not exact."""
    page = (await propose(alice, press, bank=bank, branch=branch)).page
    assert (page.status, page.h1) == (422, H1.format("入力"))
    assert page.error("branch") == (
        f"「{branch}」と完全に一致する支店はありません。候補から選んでください。"
    )
    assert offered(page, "branch")[0] == text
    assert "件の候補" in page.text
    assert len([each for each in page.root.iter() if "autofocus" in each.attrib]) == 1
    action = page.action("次へ")
    page = (await press(alice, action, {**good(page), "branch_choice": text})).page
    assert page.h1 == H1.format("確認")
    assert page.rows()["支店"] == confirmed
    assert debits.forms(product) == []


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("イーバンク銀行", "0401 シティバンク、エヌ・エイ"),
        ("119", "0119 秋田銀行"),
        ("みちのく銀行", "0117 青森みちのく銀行"),
        ("岩沼市農業協同組合", "3636 仙台農協"),
        ("3647 岩沼市農協", "3636 仙台農協"),
        ("三菱", "0005 三菱ＵＦＪ銀行"),
        ("ﾁｭｳｺﾞｸ", "0168 中国銀行"),
    ],
)
async def test_a_part_of_a_bank_is_offered_and_taken_only_when_chosen(
    alice: httpx.AsyncClient, press: Press, typed: str, text: str
) -> None:
    """A single hit too; 中国銀行 and 中國銀行 have the same kana."""
    page = (await propose(alice, press, bank=typed, branch="本店")).page
    assert (page.status, page.h1) == (422, H1.format("入力"))
    assert "候補から選んでください。" in page.error("bank")
    assert offered(page, "bank")[0] == text
    action = page.action("次へ")
    page = (await press(alice, action, {**good(page), "bank_choice": text, "branch": ""})).page
    assert (page.value("bank"), page.error("bank")) == (text, "")


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        ("bank", "0005 みずほ銀行"),
        ("bank", "000 三菱ＵＦＪ銀行"),
        ("branch", "370 本店"),
        ("branch", "001 津田沼"),
        ("branch", "370 津田沼（いつわり）"),
    ],
)
async def test_a_forged_mix_of_code_and_name_is_refused(
    product: Product, alice: httpx.AsyncClient, press: Press, field: str, forged: str
) -> None:
    """The paper would show the name of one and the code of another."""
    first = (await propose(alice, press, bank=TRUST, branch="370", number="")).page
    page = (
        await press(
            alice,
            first.action("次へ"),
            {**good(first), "number": "1", f"{field}_choice": forged},
        )
    ).page
    assert (page.status, page.h1) == (422, H1.format("入力"))
    assert page.error(field)
    assert debits.forms(product) == []


async def test_search_names_what_is_not_exact(alice: httpx.AsyncClient) -> None:
    """One sentence above the radio buttons, and the number of them; nothing of it for an exact name."""
    for typed, words in (
        ("津", "「津」と完全に一致する支店はありません。候補から選んでください。1件の候補"),
        ("津田沼", "1件の候補"),
    ):
        page = (await propose(alice, bank=TRUST, branch=typed, search="branch")).page
        assert (page.status, page.summary) == (200, [])
        (box,) = [
            each for each in elements(page.root, "fieldset") if each.get("class") == "candidates"
        ]
        hint = next(iter(elements(box, "p"))).text
        assert hint == words
        assert offered(page, "branch") == ["370 津田沼"]


async def test_a_name_that_is_too_long_for_the_bank_is_said(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """60 characters against 48, and a フリガナ beyond 30 units: said above the form, not left out."""
    name, kana = "あ" * 60, "ガ" * 40
    await product.meddle(f"UPDATE accounts SET name = '{name}', name_kana = '{kana}'")  # noqa: S608
    page = await visit(alice, debits.edit())
    assert "登録されている名称を、そのまま口座名義にはできません。" in page.text
    assert "口座名義：48文字以内で入力してください。現在は60文字です。" in page.text
    assert "口座名義(カナ)：半角30文字以内で入力してください。現在は80文字です。" in page.text
    assert (page.value("holder"), page.value("holder_kana")) == (name, kana)
    await product.meddle("UPDATE accounts SET name = '軽自', name_kana = 'カブシキガイシャケイジ'")
    page = await visit(alice, debits.edit())
    assert "そのまま口座名義にはできません" not in page.text
    assert page.value("holder_kana") == "ｶ)ｹｲｼﾞ"
