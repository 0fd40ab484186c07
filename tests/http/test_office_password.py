"""担当者パスワード変更: what it takes, what it refuses, what it ends, and how often it may be tried."""

import asyncio
import json

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.office import at_work, enter
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import HTMX, Press, Pressed, natively, visit
from tests.support.product import Product
from web.clock import MINUTE
from web.demo.personas import ADMIN, CLERK, READER, Officer
from web.store.first_passwords import FirstPassword

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DESK, PASSWORD = "/office/", "/office/password"
TITLE = "担当者パスワード変更"
NEW = "atarashii-ashita-ga-kuru"
OTHER = "yoru-no-hashi-wo-wataru"
WRONG = "現在のパスワードが違います。"
RIGHT = {"current_password": CLERK.password, "new_password": NEW, "new_password_again": NEW}
DONE = "パスワードを変更しました。ほかの端末は、すべてログアウトしました。"


async def change(
    browser: httpx.AsyncClient, press: Press = natively, form: Page | None = None, /, **typed: str
) -> Pressed:
    """Press 変更 as the clerk with some fields typed otherwise."""
    page = form or await visit(browser, PASSWORD)
    return await press(browser, page.action("変更"), {**page.fields(PASSWORD), **RIGHT, **typed})


def events(product: Product, name: str) -> list[dict[str, str]]:
    """Give the details of the events of a kind."""
    rows = product.rows("SELECT detail FROM audit WHERE event = ? ORDER BY seq", name)
    return [json.loads(row["detail"]) for row in rows]


def hashes(product: Product) -> list[str]:
    """Give all stored passwords of 担当者."""
    return [row["password_hash"] for row in product.rows("SELECT password_hash FROM staff")]


@pytest.mark.parametrize("officer", [READER, CLERK, ADMIN], ids=lambda officer: officer.role)
async def test_everybody_in_the_office_finds_the_form(product: Product, officer: Officer) -> None:
    """Led to by the header of every screen; the rule stands there before typing."""
    async with at_work(product, officer) as browser:
        page = await visit(browser, (await visit(browser, DESK)).link("パスワード変更"))
        assert (page.h1, page.address) == (TITLE, PASSWORD)
        assert "15文字以上128文字以内。" in page.text
        for label in ("現在のパスワード", "新しいパスワード", "新しいパスワード(確認用)"):
            assert label in page.text


async def test_a_member_of_staff_changes_the_own_password(
    product: Product, clerk: httpx.AsyncClient, press: Press
) -> None:
    """Back on the desk with the word; the new one works at log-in, the old one does not."""
    page = (await change(clerk, press)).page
    assert page.h1 == "担当者画面"
    assert page.notice.startswith(DONE)
    assert events(product, "office.password.changed") == [{"sessions": 0, "who": CLERK.name}]
    async with product.browser() as elsewhere:
        assert (await enter(elsewhere, CLERK)).headers["Location"] != DESK
        assert (await enter(elsewhere, CLERK, NEW)).headers["Location"] == DESK


async def test_the_other_log_ins_of_that_person_end_and_nobody_else_s(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, press: Press
) -> None:
    """This one stays; what another device had is out (ASVS 7.4.3)."""
    async with product.browser() as second, product.browser() as third:
        for other in (second, third):
            await enter(other, CLERK)
        await change(clerk, press)
        for other in (second, third):
            assert (await other.get(DESK)).headers["Location"].startswith("/office/login")
    assert [(await each.get(DESK)).status_code for each in (clerk, admin)] == [200, 200]
    assert len(product.rows("SELECT 1 FROM devices")) == 2  # this one, and the admin's
    assert events(product, "office.password.changed") == [{"sessions": 2, "who": CLERK.name}]


async def test_a_first_password_leads_here_and_says_why(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """Whatever was opened; the form is no fault."""
    await product.meddle("UPDATE staff SET first_password = :it", it=FirstPassword.TO_CHANGE)
    answer = await clerk.get("/office/accounts")
    page = await visit(clerk, answer.headers["Location"])
    assert (page.h1, page.status) == ("担当者パスワード変更", 200)
    assert page.notice.startswith("はじめてのログインです。")


async def test_an_empty_form_names_every_field(clerk: httpx.AsyncClient, press: Press) -> None:
    """The first new password is scolded, not its repetition; nothing counts as a try."""
    page = (await change(clerk, press, **dict.fromkeys(RIGHT, ""))).page
    assert (page.status, page.h1) == (422, TITLE)
    assert page.summary == [
        "現在のパスワードを入力してください。",
        "新しいパスワードを入力してください。",
    ]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("mijikai-asu-14", "15文字以上128文字以内で入力してください(現在14文字です)。"),
        ("x" * 129, "15文字以上128文字以内で入力してください(現在129文字です)。"),
        ("passwordpassword", "推測されやすいパスワードです。"),
        ("madoguchimadoguchi", "推測されやすいパスワードです。"),
        (CLERK.password, "現在のパスワードと同じです。"),
        ("kaze\tno-umi-to-sora", "改行やタブなど、目に見えない文字はパスワードに使えません。"),
    ],
    ids=lambda value: value[:12],
)
async def test_a_new_password_is_judged_as_by_the_operator_s_command(
    product: Product, clerk: httpx.AsyncClient, press: Press, new: str, message: str
) -> None:
    """Fifteen characters, none that is guessed first, and another one; the reason is told."""
    before = hashes(product)
    page = (await change(clerk, press, new_password=new, new_password_again=new)).page
    assert page.status == 422
    assert page.error("new_password").startswith(message)
    assert hashes(product) == before
    assert not events(product, "office.password.changed")


async def test_the_new_password_is_typed_twice_and_none_comes_back(
    product: Product, clerk: httpx.AsyncClient, press: Press
) -> None:
    """What differs is said; all three are empty again."""
    pressed = await change(clerk, press, new_password_again="another-one-altogether")
    page = pressed.page
    assert "一致しません" in page.error("new_password_again")
    assert [page.value(name) for name in RIGHT] == ["", "", ""]
    assert CLERK.password not in page.response.text
    assert NEW not in page.response.text
    assert len(hashes(product)) == 1


async def test_a_wrong_current_password_is_refused_and_written_down(
    product: Product, clerk: httpx.AsyncClient, press: Press
) -> None:
    """Who it was and where, not what was typed."""
    before = hashes(product)
    page = (await change(clerk, press, current_password="not the right one")).page
    assert page.status == 422
    assert page.error("current_password").startswith(WRONG)
    assert events(product, "password.refused") == [{"form": "office_password", "who": CLERK.name}]
    trail = await visit(clerk, "/office/audit?event=password.refused")
    assert "画面：担当者パスワード変更" in trail.text
    assert hashes(product) == before
    assert (await clerk.get(DESK)).status_code == 200


async def test_guessing_here_and_at_the_office_s_log_in_share_their_counters(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Five wrong ones, then 429 with Retry-After at both doors, and at no 利用者's."""
    clerk.cookies.delete("device")  # or this browser had twenty tries of its own
    for number in range(5):
        assert (await change(clerk, current_password=f"wrong {number}")).page.status == 422
    answer = (await change(clerk)).answer
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "パスワード初期化" not in Page(answer).text
    async with product.browser() as elsewhere:
        assert (await enter(elsewhere, CLERK)).status_code == 429
        await log_in(elsewhere, ALICE)
    frozen.advance(1)
    assert (await change(clerk)).page.notice.startswith(DONE)
    async with product.browser() as elsewhere:
        assert (await enter(elsewhere, CLERK, "wrong")).status_code == 303  # counted from anew


async def test_guesses_sent_at_once_are_slowed_down_like_others(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """Thirty in one breath: five are judged, or four where one counted twice for a moment (docs/adr/0026)."""
    clerk.cookies.delete("device")  # or this browser had twenty tries of its own
    form = await visit(clerk, PASSWORD)
    answers = await asyncio.gather(
        *(
            clerk.post(
                PASSWORD, data={**form.fields(PASSWORD), **RIGHT, "current_password": f"{n}"}
            )
            for n in range(30)
        )
    )
    judged = len(events(product, "password.refused"))
    assert judged in {4, 5}
    assert sorted(answer.status_code for answer in answers) == [303] * judged + [429] * (
        30 - judged
    )


async def test_pressed_again_it_finds_what_was_done(
    product: Product, clerk: httpx.AsyncClient, press: Press
) -> None:
    """One change, however often, and every press ends on the same screen."""
    form = await visit(clerk, PASSWORD)
    for _ in range(3):
        assert (await change(clerk, press, form)).page.notice.startswith(DONE)
    fields = {**form.fields(PASSWORD), **RIGHT}
    answers = await asyncio.gather(*(clerk.post(PASSWORD, data=fields) for _ in range(10)))
    assert {answer.headers["Location"] for answer in answers} == {"/office/?notice=office-password"}
    assert len(events(product, "office.password.changed")) == 1
    assert not events(product, "password.refused")


async def test_twenty_presses_at_once_are_one_change(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """Whichever comes first sets it; the others find it set."""
    form = await visit(clerk, PASSWORD)
    fields = {**form.fields(PASSWORD), **RIGHT}
    answers = await asyncio.gather(*(clerk.post(PASSWORD, data=fields) for _ in range(20)))
    assert {answer.headers["Location"] for answer in answers} == {"/office/?notice=office-password"}
    assert len(events(product, "office.password.changed")) == 1


async def test_a_form_from_before_a_change_sets_nothing_and_says_so(
    product: Product, clerk: httpx.AsyncClient, press: Press
) -> None:
    """Left open in another tab: the password of before is no longer right; the next press works."""
    form = await visit(clerk, PASSWORD)
    await change(clerk)
    other = {"new_password": OTHER, "new_password_again": OTHER}
    page = (await change(clerk, press, form, **other)).page
    assert page.status == 422
    assert page.error("current_password").startswith(WRONG)
    assert len(events(product, "office.password.changed")) == 1
    page = (await change(clerk, press, page, current_password=NEW, **other)).page
    assert page.notice.startswith(DONE)


async def test_a_used_form_with_another_password_sets_nothing_and_says_so(
    product: Product, clerk: httpx.AsyncClient, press: Press
) -> None:
    """Each is a guess at the password it has set, so it is counted; the next press works."""
    form = await visit(clerk, PASSWORD)
    await change(clerk, press, form)
    other = {"new_password": OTHER, "new_password_again": OTHER}
    page = (await change(clerk, press, form, **other)).page
    assert page.status == 422
    assert page.error("current_password").startswith("この画面を開いたあとに")
    assert events(product, "password.refused") == [{"form": "office_password", "who": CLERK.name}]
    page = (await change(clerk, press, page, current_password=NEW, **other)).page
    assert page.notice.startswith(DONE)
    assert len(events(product, "office.password.changed")) == 2


async def test_a_repeat_is_good_for_ten_minutes(
    clerk: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """9:59 later it is the same press coming again; from 10:00 on it is an old form."""
    form = await visit(clerk, PASSWORD)
    await change(clerk, press, form)
    frozen.advance(10 * MINUTE - 1)
    assert (await change(clerk, press, form)).page.notice.startswith(DONE)
    frozen.advance(1)
    page = (await change(clerk, press, form)).page
    assert page.error("current_password").startswith("この画面を開いたあとに")


async def test_a_used_form_is_no_place_to_guess(product: Product, clerk: httpx.AsyncClient) -> None:
    """Five wrong passwords in the form that set one: the sixth press has to wait."""
    form = await visit(clerk, PASSWORD)
    await change(clerk, natively, form)
    clerk.cookies.delete("device")  # or this browser had twenty tries of its own
    for number in range(5):
        guess = f"guess-number-{number}-of-many"
        typed = {"new_password": guess, "new_password_again": guess}
        assert (await change(clerk, natively, form, **typed)).page.status == 422
    assert (await change(clerk, natively, form)).answer.status_code == 429
    assert len(events(product, "password.refused")) == 5


@pytest.mark.parametrize("once", ["", "00", "zz", "0" * 64, "あ"])
async def test_a_mangled_once_key_is_replaced(
    product: Product, clerk: httpx.AsyncClient, once: str
) -> None:
    """Nothing that is sent in its place breaks anything; the change is made."""
    assert (await change(clerk, once=once)).page.notice.startswith(DONE)
    assert len(events(product, "office.password.changed")) == 1


async def test_htmx_leaves_for_the_desk(clerk: httpx.AsyncClient) -> None:
    """204 with HX-Redirect, as where any flow is left."""
    form = await visit(clerk, PASSWORD)
    answer = await clerk.post(PASSWORD, data={**form.fields(PASSWORD), **RIGHT}, headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/office/?notice=office-password"


async def test_the_trail_names_who_changed_it(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """In words, on the screen of the trail."""
    await change(clerk)
    page = await visit(admin, "/office/audit?event=office.password.changed")
    assert "担当者がパスワードを変更しました" in page.text
    assert CLERK.name in page.text
