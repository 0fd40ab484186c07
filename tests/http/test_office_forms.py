"""届出書 in the office: from its arrival to 利用可能, one or many, never twice."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.html import elements, words
from tests.support.office import at_work, hand_in, id_of, look, picked
from tests.support.page import Page
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.press import natively, visit
from tests.support.product import Product
from web import clock
from web.banks.directory import banks_dated
from web.demo.personas import Officer
from web.fields.check_digit import grouped
from web.services import Work
from web.store import direct_debit_forms
from web.store.direct_debit_forms import MOST_COUNTED, Action, Kind, Mandate, State
from web.store.staff import Role

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LIST = "/office/forms"
# Copies of a form that are decided, so many in all.
DECIDED = """
    INSERT INTO direct_debit_forms (id, number, account_id, kind, action, state, target_id, receipt_id,
                                    sealed, key_id, last_digits, made_at, changed_at)
      WITH RECURSIVE copies (copy) AS (
           SELECT 1 + (SELECT COUNT(*) FROM direct_debit_forms WHERE state = 'approved')
            UNION ALL SELECT copy + 1 FROM copies WHERE copy < :last)
    SELECT id || copy, id || copy, account_id, kind, action, 'approved', target_id, receipt_id,
           sealed, key_id, last_digits, made_at, changed_at
      FROM direct_debit_forms CROSS JOIN copies WHERE id = :id
"""
OTHER = Officer("tonari-no-seki", Role.CLERK, "ashita-no-asa-mata-kuru")


async def now(product: Product, form: Mandate) -> Mandate:
    """Give a form as it is now."""
    async with product.services.database.read() as reads:
        found = await direct_debit_forms.find(reads, form.id)
    assert found
    return found


async def move(
    product: Product, browser: httpx.AsyncClient, form: Mandate, act: str, reason: str = ""
) -> Page:
    """Open the 確認 for a form as it is now, and press 確定."""
    page = await visit(browser, picked(await now(product, form), act))
    assert page.h1.startswith("届出書の確認：")
    return (await natively(browser, page.action("確定"), {"reason": reason})).page


async def test_the_list_says_a_day_once(product: Product, clerk: httpx.AsyncClient) -> None:
    """Above the 届出書 of that day, which have their times alone."""
    for person, ago in ((ALICE, clock.DAY), (BOB, clock.HOUR), (CHARLIE, 0)):
        form = await hand_in(product, person)
        await product.meddle(
            "UPDATE direct_debit_forms SET changed_at = changed_at - :ago WHERE id = :id",
            ago=ago, id=form.id,
        )  # fmt: skip
    page = await visit(clerk, LIST)
    days = [words(each) for each in elements(page.root, "tr") if each.get("class") == "day"]
    assert days == ["2026年 09月 20日", "2026年 09月 21日"]
    cells = elements(page.root, "td")
    times = [words(each) for each in cells if "時刻" in each.get("data-label", "")]
    assert times == ["09時 00分", "08時 00分", "09時 00分"]


async def test_decided_forms_are_counted_as_far_as_somebody_reads(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """They stay for ever; what waits is counted on the first screen too."""
    form = await hand_in(product, ALICE)
    for last, said in ((MOST_COUNTED - 1, "9,999件"), (MOST_COUNTED + 1, "10,000件以上")):
        await product.meddle(DECIDED, id=form.id, last=last)
        page = await visit(clerk, LIST)
        assert f"承認 {said}" in [words(each) for each in elements(page.root, "a")]
        assert "届出書作成済 1件" in [words(each) for each in elements(page.root, "a")]
    assert "届出書作成済 1件" in [
        words(each) for each in elements((await visit(clerk, "/office/")).root, "a")
    ]


async def test_a_form_goes_through_to_an_account_that_can_be_used(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """受付 → 金融機関へ送付 → 利用可能: a mail, an event and a name in the trail for each."""
    form = await hand_in(product, ALICE)
    await product.settle()
    for act, state in (("receive", "received"), ("send", "at_bank"), ("approve", "approved")):
        page = await move(product, clerk, form, act)
        assert "メールで通知しました。" in page.notice
        assert (await now(product, form)).state == state
    await product.settle()
    assert [mail.subject.partition("】")[2] for mail in product.post.mails] == [
        "国庫金ダイレクト納付口座届出書作成のご連絡",
        "国庫金ダイレクト納付口座届出書受付のご連絡",
        "国庫金ダイレクト納付口座金融機関審査のご連絡",
        "国庫金ダイレクト納付口座利用開始のご連絡",
    ]
    assert product.rows("SELECT 1 FROM direct_debit_accounts WHERE ended_at IS NULL")
    found = product.rows(
        "SELECT event, detail FROM audit WHERE event IN"
        " ('direct_debit.receive', 'direct_debit.send', 'direct_debit.approve') ORDER BY seq"
    )
    assert len(found) == 3
    assert all('"who": "madoguchi"' in row["detail"] for row in found)


async def test_a_form_goes_back_with_what_is_wrong(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """The reason is asked for, kept over a mistake, and mailed."""
    form = await hand_in(product, ALICE)
    await move(product, clerk, form, "receive")
    page = await move(product, clerk, form, "return")
    assert (page.status, page.error("reason")) == (422, "不備の内容を入力してください。")
    page = (await natively(clerk, page.action("確定"), {"reason": "あ" * 201})).page
    assert (page.status, page.value("reason")) == (422, "あ" * 201)
    await move(product, clerk, form, "return", "口座名義が違います。")
    assert (await now(product, form)).reason == "口座名義が違います。"
    await product.settle()
    assert "口座名義が違います。" in product.post.mails[-1].body


async def test_many_forms_move_at_once(product: Product, clerk: httpx.AsyncClient) -> None:
    """The list, three ticks, one 確認 that names each, one 確定."""
    forms = [await hand_in(product, person) for person in (ALICE, BOB, CHARLIE)]
    page = await visit(clerk, LIST)
    assert "届出書作成済 3件" in page.text
    ticks = [("form", f"{form.id}.1") for form in forms]
    page = Page(await clerk.get("/office/forms/move", params=[*ticks, ("act", "receive")]))
    for form in forms:
        assert grouped(form.number) in page.text
    page = (await natively(clerk, page.action("確定"), {})).page
    assert "届出書作成済 0件" in page.text
    assert {(await now(product, form)).state for form in forms} == {State.RECEIVED}


async def test_one_that_moved_meanwhile_keeps_all_the_others(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """All or none: the page names the one, and nothing was written."""
    forms = [await hand_in(product, person) for person in (ALICE, BOB)]
    ticks = [("form", f"{form.id}.1") for form in forms]
    page = Page(await clerk.get("/office/forms/move", params=[*ticks, ("act", "receive")]))
    await move(product, clerk, forms[1], "receive")
    await product.settle()
    before = product.content()
    answer = await clerk.post(page.action("確定"))
    stale = Page(answer)
    assert (answer.status_code, stale.h1) == (409, "ほかの担当者が先に操作しています")
    assert f"整理番号{grouped(forms[1].number)}（現在の状態：受付）" in stale.text
    assert product.content() == before


async def test_two_clerks_press_at_once_and_it_happens_once(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """One transition, one mail, one name in the trail; the other clerk is told."""
    form = await hand_in(product, ALICE)
    for act in ("receive", "send"):
        await move(product, clerk, form, act)
    await product.settle()
    mails = len(product.post.mails)
    async with at_work(product, OTHER) as other:
        address = picked(await now(product, form), "approve")
        pages = [await visit(browser, address) for browser in (clerk, other)]
        answers = await asyncio.gather(
            *(
                browser.post(page.action("確定"))
                for browser, page in zip((clerk, other), pages, strict=True)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    await product.settle()
    assert len(product.post.mails) == mails + 1
    approved = "SELECT seq FROM audit WHERE event = 'direct_debit.approve'"
    assert len(product.rows(approved)) == 1


JUMPS = ["send", "approve", "return"]


@pytest.mark.parametrize("act", JUMPS)
async def test_a_jump_that_the_table_lacks_is_a_409(
    product: Product, clerk: httpx.AsyncClient, act: str
) -> None:
    """Asked for and posted by hand; nothing is written."""
    form = await hand_in(product, ALICE)
    await product.settle()
    before = product.content()
    for answer in (
        await clerk.get(picked(form, act)),
        await clerk.post(picked(form, act), data={"reason": "x"}),
    ):
        assert answer.status_code == 409
    assert product.content() == before


@pytest.mark.parametrize(
    "query", ["", "?act=receive", "?act=withdraw&form={}", "?act=receive&form=1", "?act=x&form={}"]
)
async def test_nothing_chosen_leads_back_to_the_list(
    product: Product, clerk: httpx.AsyncClient, query: str
) -> None:
    """No tick, no such act, no such form; 取下げ is the owner's alone."""
    form = await hand_in(product, ALICE)
    address = "/office/forms/move" + query.format(f"{form.id}.1")
    page = await visit(clerk, address)
    assert (page.h1, page.notice) == (
        "届出書",
        "届出書を選んでから、操作のボタンを押してください。",
    )


async def test_a_form_is_opened_by_its_number(product: Product, reader: httpx.AsyncClient) -> None:
    """The account number stays masked; a wrong digit is said before anybody looks."""
    form = await hand_in(product, ALICE, Kind.LOCAL)
    asked = await visit(reader, f"{LIST}?number={grouped(form.number)}")
    page = await look(reader, asked.address)
    assert page.h1 == f"届出書 {grouped(form.number)}"
    assert page.rows()["口座番号"].endswith("567")
    assert "1234567" not in page.response.text
    assert page.rows()["手続"] == "地方税ダイレクト納付口座新規作成"
    wrong = str((int(form.number[0]) + 1) % 10) + form.number[1:]
    page = await visit(reader, f"{LIST}?number={wrong}")
    assert (page.status, "誤りがあります。" in page.error("number")) == (422, True)


async def withdraw(tx: Work, form: Mandate) -> None:
    """Take a form back at the moment at which it was made."""
    then = tx.as_of(form.made_at)
    await direct_debit_forms.move(then, form.id, version=1, state=State.WITHDRAWN)


async def test_a_long_list_says_that_it_is_cut_off(
    product: Product, reader: httpx.AsyncClient
) -> None:
    """Those that wait longest first, what was decided newest first; both say where the rest is."""
    first, write = await hand_in(product, ALICE), product.services.database.write
    forms = [
        replace(first, id=f"{at:032}", number=f"{at:010}", target_id=f"{at}", made_at=at)
        for at in range(1, 51)
    ]
    for form in forms[:-1]:
        await write(direct_debit_forms.add, form)
    rest = "ほかの届出書は、整理番号で検索してください。"
    assert rest not in (await visit(reader, LIST)).text
    await write(direct_debit_forms.add, forms[-1])
    page = await visit(reader, LIST)
    assert f"古いものから50件を表示しています。{rest}" in page.text
    assert grouped(forms[0].number) in page.text
    assert grouped(first.number) not in page.text
    for form in (*forms, first):
        await product.services.write(withdraw, form)
    page = await visit(reader, f"{LIST}?state=withdrawn")
    assert f"新しいものから50件を表示しています。{rest}" in page.text
    assert grouped(first.number) in page.text
    assert grouped(forms[0].number) not in page.text


async def test_the_account_lists_its_forms(product: Product, reader: httpx.AsyncClient) -> None:
    """With what they ask for and where they stand."""
    form = await hand_in(product, ALICE)
    page = await look(reader, f"/office/accounts/{await id_of(product, ALICE)}")
    assert page.link(f"整理番号 {grouped(form.number)}") == f"{LIST}/{form.id}"


async def test_stopping_says_what_becomes_of_the_account(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """承認 of a 中止 is 利用中止, and the 確認 says so."""
    new = await hand_in(product, ALICE)
    for act in ("receive", "send", "approve"):
        await move(product, clerk, new, act)
    stop = await hand_in(product, ALICE, action=Action.STOP)
    for act in ("receive", "send"):
        await move(product, clerk, stop, act)
    page = await visit(clerk, picked(await now(product, stop), "approve"))
    assert "利用中止" in page.text
    await move(product, clerk, stop, "approve")
    assert product.rows("SELECT 1 FROM direct_debit_accounts WHERE ended_at IS NULL") == []


async def test_the_desk_counts_what_waits(product: Product, reader: httpx.AsyncClient) -> None:
    """By state, with a way to each list."""
    await hand_in(product, ALICE)
    page = await visit(reader, "/office/")
    assert page.link("届出書作成済 1件") == f"{LIST}?state=made"
    assert page.link("受付 0件") == f"{LIST}?state=received"


async def test_the_desk_says_how_old_the_list_of_banks_is(
    frozen: FrozenClock, reader: httpx.AsyncClient
) -> None:
    """Its day, and the days since."""
    days = (clock.in_tokyo(frozen.at).date() - banks_dated()).days
    page = await visit(reader, "/office/")
    assert f"{clock.day_style(banks_dated())}現在のものです（{days}日前）。" in page.text
