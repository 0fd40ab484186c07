"""Two tabs, two edits: nobody is overwritten in silence, and each field is chosen by the person."""

from xml.etree.ElementTree import Element

import httpx
import pytest

from tests.support.html import elements, words
from tests.support.journeys import EDIT, change_profile, commit, propose
from tests.support.page import Page
from tests.support.press import Press, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PATH = "/useridmg/profile/conflict"
H1 = "ほかの画面で先に変更されています"
NAME, MINE, THEIRS = "会社・団体名", "二番　二", "一番　一"
FIRST = {"representative": THEIRS, "corporate_name": "一番商会"}
SECOND = {"representative": MINE, "corporate_name": "二番商会"}
PERSON = {"kind": "individual", "individual_kana": "ニバン", "individual_name": "二番　花"}


async def meet(
    browser: httpx.AsyncClient, press: Press, first: dict[str, str], second: dict[str, str]
) -> Page:
    """Edit in two tabs, confirm the first, then the second; give what the second sees."""
    tab_1 = (await propose(browser, press, **first)).page
    tab_2 = (await propose(browser, press, **second)).page
    assert (await commit(browser, tab_1, press)).page.h1 == "利用者情報変更 登録完了"
    return (await commit(browser, tab_2, press)).page


def step(page: Page) -> Element:
    """Give the step itself, without header and footer."""
    return elements(page.root, "main")[0]


def choices(page: Page) -> dict[str, list[str]]:
    """Give the name of every choice with the labels of its options."""
    found = {}
    for group in (each for each in elements(step(page)) if each.get("role") == "group"):
        name = words(elements(group, "span")[0])
        found[name] = [words(each) for each in elements(group, "label")]
    return found


def chosen(page: Page) -> list[str]:
    """List the radio buttons that are chosen already."""
    radios = [each for each in elements(step(page), "input") if each.get("type") == "radio"]
    return [each.get("value", "") for each in radios if "checked" in each.attrib]


async def choose(browser: httpx.AsyncClient, page: Page, press: Press, /, **values: str) -> Page:
    """Choose per field and press 次へ."""
    sent = {**{name: typed for name, typed in page.fields(PATH).items() if typed}, **values}
    return (await press(browser, page.action("次へ"), sent)).page


def registered(product: Product) -> dict[str, str | int]:
    """Give Alice's row as far as she can change it."""
    found = product.rows(
        "SELECT kind, name, name_kana, representative, admin_email, notice_email, profile_version"
        " FROM accounts WHERE payment_user_id = 'KNCA6288'"
    )
    return found[0]


async def test_both_values_stand_side_by_side_and_none_is_chosen(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """409: a choice per field that differs, in the order of the form, registered value first."""
    page = await meet(alice, press, FIRST, SECOND)
    assert (page.status, page.h1) == (409, H1)
    assert choices(page) == {
        NAME: [
            "登録されている内容：一番商会",
            "この画面で入力した内容：二番商会",
        ],
        "代表者名": [f"登録されている内容：{THEIRS}", f"この画面で入力した内容：{MINE}"],
    }
    assert chosen(page) == []
    assert "上書きは行っていません。" in page.text
    assert registered(product)["representative"] == THEIRS


@pytest.mark.parametrize(
    ("name", "representative"),
    [("typed", "typed"), ("registered", "typed"), ("typed", "registered")],
)
async def test_what_was_picked_is_what_is_registered(
    product: Product, alice: httpx.AsyncClient, press: Press, name: str, representative: str
) -> None:
    """確認 shows the mix and marks only what changes; 確定 registers exactly that."""
    page = await meet(alice, press, FIRST, SECOND)
    confirm = await choose(alice, page, press, name=name, representative=representative)
    names = {"typed": "二番商会", "registered": "一番商会"}
    people = {"typed": MINE, "registered": THEIRS}
    assert confirm.h1 == "利用者情報変更 依頼の確認"
    assert confirm.rows()[NAME] == names[name]
    assert confirm.rows()["代表者名"] == people[representative]
    marked = {NAME: name, "代表者名": representative}
    assert set(confirm.changes()) == {label for label, pick in marked.items() if pick == "typed"}
    assert (await commit(alice, confirm, press)).page.h1 == "利用者情報変更 登録完了"
    now = registered(product)
    assert (now["name"], now["representative"]) == (names[name], people[representative])
    assert now["profile_version"] == 3


@pytest.mark.parametrize("given", [{}, {"name": "typed"}, {"name": "typed", "representative": "x"}])
async def test_a_missing_choice_is_asked_for(
    product: Product, alice: httpx.AsyncClient, press: Press, given: dict[str, str]
) -> None:
    """The message at the field, what was chosen stays chosen, nothing goes on."""
    page = await meet(alice, press, FIRST, SECOND)
    before = registered(product)
    again = await choose(alice, page, press, **given)
    assert again.status in {409, 422}
    assert again.h1 == H1
    assert "のどちらかを選んでください。" in again.error("representative")
    assert bool(again.error("name")) == ("name" not in given)
    assert chosen(again) == (["typed"] if "name" in given else [])
    assert registered(product) == before
    confirm = await choose(alice, again, press, name="typed", representative="typed")
    assert confirm.h1 == "利用者情報変更 依頼の確認"


async def test_a_change_of_kind_goes_together_with_its_names(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """A person's name never ends under a company's kind: one choice for all four."""
    page = await meet(alice, press, FIRST, PERSON)
    assert list(choices(page)) == ["個人・法人の別と名称"]
    shown = choices(page)["個人・法人の別と名称"]
    assert all(each in shown[0] for each in ("法人の方", "一番商会", THEIRS))
    assert all(each in shown[1] for each in ("個人の方", "二番　花", "ニバン"))
    confirm = await choose(alice, page, press, kind="typed")
    await commit(alice, confirm, press)
    now = registered(product)
    assert (now["kind"], now["name"], now["representative"]) == ("individual", "二番　花", "")


async def test_the_other_kind_can_be_kept_and_an_address_still_changed(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The kind is one choice, the notice address another."""
    notice = {"notice_email": "umi@example.jp", "notice_email_again": "umi@example.jp"}
    page = await meet(alice, press, PERSON, {**SECOND, **notice})
    assert list(choices(page)) == ["個人・法人の別と名称", "申請状況通知用メールアドレス"]
    confirm = await choose(alice, page, press, kind="registered", notice_email="typed")
    await commit(alice, confirm, press)
    now = registered(product)
    assert (now["kind"], now["name"], now["notice_email"]) == (
        "individual",
        "二番　花",
        "umi@example.jp",
    )


async def test_an_empty_address_has_a_name_in_the_choice(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """未登録, so that choosing it is no riddle."""
    notice = {"notice_email": "umi@example.jp", "notice_email_again": "umi@example.jp"}
    page = await meet(alice, press, notice, {"representative": MINE})
    assert choices(page)["申請状況通知用メールアドレス"][1].endswith("：未登録")


async def test_a_new_admin_address_that_is_chosen_still_needs_the_password(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The way over the conflict is no way round the proof (ASVS 7.5.1)."""
    new = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
    tab_1 = (await propose(alice, press, **FIRST)).page
    tab_2 = (await propose(alice, press, **new)).page
    await commit(alice, tab_1, press)
    page = (await commit(alice, tab_2, press)).page
    assert page.h1 == H1
    everything = dict.fromkeys(("name", "representative"), "registered")
    confirm = await choose(alice, page, press, **everything, admin_email="typed")
    assert "current_password" in confirm.fields(confirm.action("確定"))
    assert (await press(alice, confirm.action("確定"), {})).page.status == 422
    await commit(alice, confirm, press)
    assert registered(product)["admin_email"] == "new@example.jp"


async def test_a_third_change_while_choosing_is_shown_anew(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """What was chosen from is no longer registered, so the choice is asked once more."""
    page = await meet(alice, press, FIRST, SECOND)
    await change_profile(alice, representative="三番　三")
    before = registered(product)
    again = await choose(alice, page, press, name="typed", representative="registered")
    assert (again.status, again.h1) == (409, H1)
    assert choices(again)["代表者名"][0] == "登録されている内容：三番　三"
    assert registered(product) == before
    confirm = await choose(alice, again, press, name="typed", representative="typed")
    await commit(alice, confirm, press)
    assert registered(product)["representative"] == MINE


async def test_a_third_change_after_choosing_is_a_conflict_again(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """確定 of a mix that is out of date leads to the choice, not over the third edit."""
    page = await meet(alice, press, FIRST, SECOND)
    confirm = await choose(alice, page, press, name="typed", representative="typed")
    await change_profile(alice, representative="三番　三")
    again = (await commit(alice, confirm, press)).page
    assert (again.status, again.h1) == (409, H1)
    assert registered(product)["representative"] == "三番　三"


async def test_the_confirm_page_of_an_outdated_draft_leads_to_the_choice(
    alice: httpx.AsyncClient,
) -> None:
    """Nobody reads a 確認 whose 変更前 is no longer true; 戻る has what was typed."""
    confirm = (await propose(alice, **SECOND)).page
    await change_profile(alice, **FIRST)
    page = await visit(alice, confirm.address)
    assert (page.status, page.h1) == (409, H1)
    assert (await visit(alice, page.link("戻る"))).value("representative") == MINE
    assert (await visit(alice, EDIT)).value("representative") == THEIRS
