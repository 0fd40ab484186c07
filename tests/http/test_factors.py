"""ログインの方法: registering an app, 予備コード, names, removal; each act asks who it is."""

import re
from typing import Any

import httpx
import pytest
import segno

from tests.conftest import FrozenClock, log_in
from tests.support import codes
from tests.support.codes import FACTORS, SECOND, code, enter, press_log_in, secret_on, shown
from tests.support.html import elements, words
from tests.support.journeys import GOOD, choose, payment_link
from tests.support.office import at_work, id_of
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.post import PostOffice
from tests.support.press import Press, natively, visit
from tests.support.product import Product, running
from web import clock
from web.clock import MINUTE
from web.demo.personas import CLERK
from web.office.support import accounts as support
from web.security import totp
from web.security.throttle import FORGOTTEN_AFTER
from web.services import Services
from web.steps import factors
from web.steps.second_form import USED, WRONG

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PROVE, APP, EDIT = f"{FACTORS}/prove", f"{FACTORS}/app", f"{FACTORS}/edit"
PASSWORD = {"current_password": ALICE.payment_password}


async def start(browser: httpx.AsyncClient, press: Press = natively) -> Page:
    """Prove who one is by the password, and see the QR code."""
    page = await visit(browser, (await shown(browser)).link("認証アプリを登録"))
    assert page.h1 == "ご本人の確認"
    return (await press(browser, page.action("確認"), PASSWORD)).page


async def register(
    browser: httpx.AsyncClient, at: int, press: Press = natively, name: str = "花子のスマートフォン"
) -> bytes:
    """Register an app; give its secret."""
    page = await start(browser, press)
    secret = secret_on(page)
    typed = {"name": name, "code": code(at, secret)}
    page = (await press(browser, page.action("登録"), typed)).page
    assert page.notice == "認証アプリを登録しました。次のログインから、確認コードを入力します。"
    return secret


async def new_codes(product: Product, browser: httpx.AsyncClient, at: int) -> Page:
    """Give Alice an app, and open the page of ten new 予備コード with its code."""
    await codes.give_app(product, await id_of(product, ALICE))
    page = await visit(browser, f"{PROVE}?for=codes")
    return (await natively(browser, page.action("確認"), {"code": code(at)})).page


def listed(page: Page) -> list[str]:
    """Give the 予備コード of their page."""
    found = [words(each) for each in elements(page.root, "code")]
    return [each for each in found if each[2:3] == "-"]


async def test_an_app_is_registered_and_asked_from_then_on(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """QR code and key; the code that set it up logs nobody in; the owner is mailed."""
    secret = await register(alice, frozen.at, press)
    page = await shown(alice)
    assert "花子のスマートフォン" in page.text
    assert "予備コードがありません。" in page.text
    await product.settle()
    assert "認証アプリ「花子のスマートフォン」を登録しました。" in product.post.mails[-1].body
    async with product.browser() as other:
        await press_log_in(other, ALICE)
        page = (await press(other, SECOND, {"code": code(frozen.at, secret)})).page
        assert page.error("code") == USED
        frozen.advance(MINUTE)
        page = (await press(other, SECOND, {"code": code(frozen.at, secret)})).page
        assert page.h1 == "マイページ"


async def test_the_same_key_is_shown_at_every_reload_and_nothing_is_written(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Somebody who has scanned it and reloads must not be left with a dead app."""
    page = await start(alice)
    before = product.content()
    again = await visit(alice, page.address)
    assert secret_on(again) == secret_on(page)
    assert product.content() == before


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": "", "code": "123456"}, "name", "名前を入力してください。"),
        ({"name": "あ" * 41, "code": "123456"}, "name", "40文字以内で入力してください。"),
        ({"name": "電話", "code": "000000"}, "code", WRONG),
    ],
)
async def test_what_is_wrong_is_said_and_the_key_stays(
    product: Product,
    alice: httpx.AsyncClient,
    press: Press,
    typed: dict[str, str],
    field: str,
    message: str,
) -> None:
    """The name stays, the code goes, nothing is registered."""
    page = await start(alice, press)
    again = (await press(alice, page.action("登録"), typed)).page
    assert again.status == 422
    assert message in again.error(field)
    assert secret_on(again) == secret_on(page)
    assert again.value("name") == typed["name"]
    assert again.value("code") == ""
    assert product.rows("SELECT 1 FROM code_apps") == []


async def test_without_the_password_nothing_is_registered(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """A stolen session sees no key."""
    page = await visit(alice, f"{PROVE}?for=app")
    page = (await press(alice, page.action("確認"), {"current_password": "not it"})).page
    assert page.error("current_password").startswith("現在のパスワードが違います。")
    page = await visit(alice, f"{APP}?step=abc")
    assert page.notice == "時間がたったため、はじめからやり直してください。"


async def test_what_one_session_has_proved_is_none_for_another(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Neither for Bob nor for Alice's other browser; nor after ten minutes, nor twice."""
    page = await start(alice)
    over = "時間がたったため、はじめからやり直してください。"
    assert (await visit(bob, page.address)).notice == over
    secret = secret_on(page)
    typed = {"name": "電話", "code": code(frozen.at, secret)}
    await natively(alice, page.action("登録"), typed)
    assert (await natively(alice, page.action("登録"), typed)).page.notice == over
    assert len(product.rows("SELECT 1 FROM code_apps")) == 1


async def test_what_a_password_alone_has_begun_ends_with_the_first_factor(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """A thief who has the password keeps a page open, until the owner has registered: then it adds nothing."""
    async with product.browser() as thief:
        await log_in(thief, ALICE)
        waiting = await start(thief)
        secret = secret_on(waiting)
        await register(alice, frozen.at, press)
        typed = {"name": "わたしの", "code": code(frozen.at, secret)}
        page = (await press(thief, waiting.action("登録"), typed)).page
        assert page.notice == "時間がたったため、はじめからやり直してください。"
    assert len(product.rows("SELECT 1 FROM code_apps")) == 1


async def test_a_second_app_does_not_end_what_a_factor_has_begun(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Two people of a company register theirs at the same time."""
    secret = await register(alice, frozen.at)
    pages = []
    for _ in "ab":
        frozen.advance(MINUTE)
        page = await visit(alice, f"{PROVE}?for=app")
        typed = {"code": code(frozen.at, secret)}
        pages.append((await natively(alice, page.action("確認"), typed)).page)
    for number, page in enumerate(pages):
        typed = {"name": f"{number}", "code": code(frozen.at, secret_on(page))}
        await natively(alice, page.action("登録"), typed)
    assert len(product.rows("SELECT 1 FROM code_apps")) == 3


async def test_a_second_app_asks_the_first_and_no_password(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Adding and replacing ask what removing asks."""
    secret = await register(alice, frozen.at)
    page = await visit(alice, f"{PROVE}?for=app")
    refused = (await press(alice, page.action("確認"), PASSWORD)).page
    assert refused.error("code") == "確認コードを入力してください。"
    frozen.advance(MINUTE)
    page = (await press(alice, page.action("確認"), {"code": code(frozen.at, secret)})).page
    assert page.h1 == "認証アプリの登録"


async def test_recovery_codes_are_in_force_once_one_was_typed_back(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Ten, the same at every reload, as a file too; then the page of them is dead."""
    secret = await register(alice, frozen.at)
    frozen.advance(MINUTE)
    page = await visit(alice, (await shown(alice)).link("予備コードを作成"))
    page = (await press(alice, page.action("確認"), {"code": code(frozen.at, secret)})).page
    made = listed(page)
    assert len(set(made)) == 10
    assert listed(await visit(alice, page.address)) == made
    file = await alice.get(page.link("ファイルに保存"))
    assert all(each in file.text for each in made)
    assert product.rows("SELECT 1 FROM recovery_codes") == []
    wrong = (await press(alice, page.action("登録"), {"recovery_code": "01-0000-0000-0000"})).page
    assert wrong.error("recovery_code").startswith("この予備コードは、上の一覧にありません。")
    done = (await press(alice, page.action("登録"), {"recovery_code": made[4].lower()})).page
    assert "残り10個です。" in done.text
    assert listed(await visit(alice, page.address)) == []
    async with product.browser() as other:
        await press_log_in(other, ALICE)
        given = {"recovery_code": made[9]}
        assert (await press(other, f"{SECOND}?codes=1", given)).page.h1 == "マイページ"


async def test_the_picture_of_a_new_app_is_that_of_its_key(alice: httpx.AsyncClient) -> None:
    """Square by square, with a white border of four: telephones read no other."""
    page = await start(alice)
    assert page.status == 200
    (picture,) = (each for each in elements(page.root, "svg") if each.get("class") == "qr")
    wanted = list(
        segno.make(totp.address(secret_on(page), "KNCA6288"), error="m").matrix_iter(border=4)
    )
    assert picture.get("viewBox") == f"0 0 {len(wanted)} {len(wanted)}"
    (path,) = elements(picture, "path")
    drawn = re.findall(r"M([0-9]+) ([0-9]+)h1v1h-1z", path.get("d", ""))
    assert "".join(f"M{x} {y}h1v1h-1z" for x, y in drawn) == path.get("d")
    assert {(int(x), int(y)) for x, y in drawn} == {
        (x, y) for y, row in enumerate(wanted) for x, dark in enumerate(row) if dark
    }


async def test_recovery_codes_are_put_in_force_once(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The press that comes again leads back and says why."""
    page = await new_codes(product, alice, frozen.at)
    assert page.status == 200
    typed = {"recovery_code": listed(page)[0]}
    for notice in (
        "予備コードを登録しました。前の予備コードは、使えなくなりました。",
        "時間がたったため、はじめからやり直してください。",
    ):
        done = (await natively(alice, page.action("登録"), typed)).page
        assert done.notice == notice


async def test_recovery_codes_are_saved_as_a_file(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The same ten, under a name that says whose they are; no store keeps them."""
    page = await new_codes(product, alice, frozen.at)
    assert page.link("ファイルに保存").endswith("&file=1")
    answer = await alice.get(page.link("ファイルに保存"))
    named = 'attachment; filename="mypage_codes_KNCA6288.txt"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Cache-Control"] == "no-store"
    head, *lines = answer.text.split("\r\n")
    assert head == "軽自動車OSS 予備コード KNCA6288"
    assert lines == [*listed(page), ""]


async def test_steps_of_ten_minutes_end_where_they_began(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A page of codes or of an app that lay open too long leads back and says why; so does what it posts."""
    await codes.give_app(product, await id_of(product, ALICE))
    for what in ("codes", "app"):
        frozen.advance(MINUTE)
        page = await visit(alice, f"{PROVE}?for={what}")
        page = (await natively(alice, page.action("確認"), {"code": code(frozen.at)})).page
        frozen.advance(10 * MINUTE)
        typed = {"name": "電話", "code": "123456", "recovery_code": "00" + "0" * 12}
        for again in (
            await visit(alice, page.address),
            (await natively(alice, page.address, typed)).page,
        ):
            assert again.h1 == "ログインの方法"
            assert again.notice == "時間がたったため、はじめからやり直してください。"


async def test_after_a_recovery_code_a_new_app_is_registered_without_the_lost_one(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """For ten minutes, in that session alone; the lost one is removed likewise."""
    owner = await id_of(product, ALICE)
    await codes.give_app(product, owner, name="なくした電話")
    await codes.give_paper(product, owner)
    await press_log_in(visitor, ALICE)
    await natively(visitor, f"{SECOND}?codes=1", {"recovery_code": "01ABCDEFGHJKMN"})
    page = await visit(visitor, f"{PROVE}?for=app")
    page = (await natively(visitor, page.action("確認"), {})).page
    typed = {"name": "新しい電話", "code": code(frozen.at, secret_on(page))}
    await natively(visitor, page.action("登録"), typed)
    page = await visit(visitor, (await shown(visitor)).link("なくした電話の名前の変更・削除"))
    page = (await natively(visitor, page.action("削除"), {"act": "remove"})).page
    assert page.notice == "認証アプリを削除しました。"
    assert [each["name"] for each in product.rows("SELECT name FROM code_apps")] == ["新しい電話"]
    frozen.advance(10 * MINUTE)
    page = await visit(visitor, f"{PROVE}?for=app")
    page = (await natively(visitor, page.action("確認"), {})).page
    assert page.error("code") == "確認コードを入力してください。"


async def test_an_app_is_renamed_and_removed_by_its_owner_with_a_code(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """With the last one the 予備コード go, and the screen says what that means."""
    secret = await register(alice, frozen.at)
    await codes.give_paper(product, await id_of(product, ALICE))
    page = await visit(alice, (await shown(alice)).link("花子のスマートフォンの名前の変更・削除"))
    here = page.action("削除")
    assert "納付利用者IDとパスワードだけでログインできるようになります。" in page.text
    refused = (await press(alice, here, {"act": "remove", "name": ""})).page
    assert refused.error("code") == "確認コードを入力してください。"
    same = {"act": "rename", "name": " 花子のスマートフォン ", "code": code(frozen.at, secret)}
    unchanged = (await press(alice, here, same)).page
    assert (unchanged.status, unchanged.error("name")) == (422, "変更された項目がありません。")
    assert not product.rows("SELECT 1 FROM audit WHERE event = 'app.renamed'")
    frozen.advance(MINUTE)
    typed = {"act": "rename", "name": "太郎の電話", "code": code(frozen.at, secret)}
    assert "太郎の電話" in (await press(alice, here, typed)).page.text
    frozen.advance(MINUTE)
    typed = {"act": "remove", "code": code(frozen.at, secret)}
    page = (await press(alice, here, typed)).page
    assert "登録されていません。" in page.text
    assert product.rows("SELECT 1 FROM recovery_codes") == []
    async with product.browser() as other:
        assert (await press_log_in(other, ALICE)).h1 == "マイページ"


@pytest.mark.parametrize("act", ["rename", "remove"])
async def test_an_app_that_another_tab_removed_meanwhile_is_not_found(
    product: Product,
    alice: httpx.AsyncClient,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
) -> None:
    """Between the look at it and the write; the code of the other app stays good for nothing else."""
    account = await id_of(product, ALICE)
    await codes.give_app(product, account)
    await codes.give_app(product, account, name="古い電話")
    (app,) = product.rows("SELECT id FROM code_apps WHERE name = '古い電話'")
    here, write = f"{EDIT}?app={app['id']}", Services.write
    page = await visit(alice, here)
    assert (page.status, page.value("name"), page.badge("name")) == (200, "古い電話", "OK")
    assert "納付利用者IDとパスワードだけで" not in page.text

    async def overtaken(services: Services, *flow: Any, **more: Any) -> Any:
        await product.meddle("DELETE FROM code_apps WHERE name = '古い電話'")
        return await write(services, *flow, **more)

    monkeypatch.setattr(Services, "write", overtaken)
    typed = {"act": act, "name": "電話", "code": code(frozen.at)}
    assert (await alice.post(here, data=typed)).status_code == 404
    monkeypatch.undo()
    assert [row["name"] for row in product.rows("SELECT name FROM code_apps")] == [
        "花子のスマートフォン"
    ]


async def test_the_pages_say_whose_they_are(product: Product) -> None:
    """利用者 and 担当者 have the same ones: where they lead back to, and by what one logs in."""
    for person, browser, back, home, by in (
        (ALICE, product.browser(), "マイページへ戻る", "/useridmg/mypage", "納付利用者ID"),
        (CLERK, at_work(product, CLERK), "担当者画面のはじめへ戻る", "/office/", "担当者ID"),
    ):
        at = "/office/factors" if person is CLERK else FACTORS
        async with browser as there:
            if person is ALICE:
                await log_in(there, ALICE)
                owner = await id_of(product, ALICE)
            else:
                (row,) = product.rows("SELECT id FROM staff WHERE name = ?", CLERK.name)
                owner = row["id"]
            page = await visit(there, at)
            assert page.link(back) == home
            page = await visit(there, f"{at}/prove?for=app")
            assert page.status == 200
            assert "確認コードを送信します" not in page.text
            await codes.give_app(product, owner)
            (app,) = product.rows("SELECT id FROM code_apps WHERE owner_id = ?", owner)
            page = await visit(there, f"{at}/edit?app={app['id']}")
            assert f"{by}とパスワードだけで" in page.text


def test_the_figures_are_those_of_the_documents() -> None:
    """Ten 予備コード; ten apps, and ten passkeys."""
    assert (factors.CODES, factors.MOST) == (10, 10)


async def test_what_a_removed_app_has_proved_adds_nothing(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Who has found a telephone keeps a page open, until its owner has removed it: then it adds nothing."""
    account = await id_of(product, ALICE)
    await codes.give_app(product, account)
    await codes.give_app(product, account, name="なくした電話")
    async with product.browser() as thief:
        await enter(thief, ALICE, frozen.at)
        frozen.advance(MINUTE)
        page = await visit(thief, f"{PROVE}?for=app")
        waiting = (await natively(thief, page.action("確認"), {"code": code(frozen.at)})).page
        secret = secret_on(waiting)
        frozen.advance(MINUTE)
        await enter(visitor, ALICE, frozen.at)
        frozen.advance(MINUTE)
        page = await visit(visitor, (await shown(visitor)).link("なくした電話の名前の変更・削除"))
        typed = {"act": "remove", "code": code(frozen.at)}
        await natively(visitor, page.action("削除"), typed)
        given = {"name": "わたしの", "code": code(frozen.at, secret)}
        page = (await natively(thief, waiting.action("登録"), given)).page
        assert page.notice == "時間がたったため、はじめからやり直してください。"
    assert len(product.rows("SELECT 1 FROM code_apps")) == 1


@pytest.mark.parametrize("what", ["", "codes", "somethingelse"])
async def test_what_cannot_be_registered_is_not_found(alice: httpx.AsyncClient, what: str) -> None:
    """予備コード are beside a factor, and she has none."""
    assert (await alice.get(f"{PROVE}?for={what}")).status_code == 404
    assert (await alice.post(f"{PROVE}?for={what}", data=PASSWORD)).status_code == 404


async def test_there_are_two_acts_on_an_app(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A third one of somebody's own making is a bad request, and changes nothing."""
    await codes.give_app(product, await id_of(product, ALICE))
    (app,) = product.rows("SELECT id FROM code_apps")
    before = product.content()
    for act in ("", "clear"):
        typed = {"act": act, "name": "電話", "code": code(frozen.at)}
        assert (await alice.post(f"{EDIT}?app={app['id']}", data=typed)).status_code == 400
    assert product.content() == before


async def test_nobody_else_finds_an_app(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Bob gets 404 for Alice's, as for one that never was."""
    await register(alice, frozen.at)
    app = product.rows("SELECT id FROM code_apps")[0]["id"]
    for found in (app, "0" * 32):
        assert (await bob.get(f"{EDIT}?app={found}")).status_code == 404
        typed = {"act": "remove", "current_password": BOB.payment_password}
        assert (await bob.post(f"{EDIT}?app={found}", data=typed)).status_code == 404


async def test_off_ends_registration_and_leaves_what_is_registered_in_force(
    post: PostOffice, frozen: FrozenClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An operator who changes his mind must not open accounts."""
    folder = tmp_path_factory.mktemp("off")
    async with (
        running(folder, post, MYPAGE_SECOND_FACTOR="off") as product,
        product.browser() as browser,
    ):
        await codes.give_app(product, await id_of(product, ALICE))
        assert (await enter(browser, ALICE, frozen.at)).h1 == "マイページ"
        page = await shown(browser)
        assert "認証アプリを登録" not in page.text
        assert (await visit(browser, f"{PROVE}?for=app")).notice.startswith("現在は、新たに")


async def test_a_member_of_staff_registers_an_app(
    product: Product, press: Press, frozen: FrozenClock
) -> None:
    """On pages of the office, by the password of the office."""
    async with at_work(product, CLERK) as browser:
        page = await visit(browser, (await visit(browser, "/office/")).link("ログインの方法"))
        page = await visit(browser, page.link("認証アプリを登録"))
        page = (await press(browser, page.action("確認"), {"current_password": "wrong"})).page
        assert page.error("current_password").startswith("現在のパスワードが違います。")
        given = {"current_password": CLERK.password}
        page = (await press(browser, page.action("確認"), given)).page
        typed = {"name": "窓口の電話", "code": code(frozen.at, secret_on(page))}
        page = (await press(browser, page.action("登録"), typed)).page
        assert "窓口の電話" in page.text
    assert product.rows("SELECT 1 FROM audit WHERE event = 'office.app.added'")


async def test_nobody_registers_an_eleventh_app(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A thief with a session must not fill the list, nor the disk."""
    for number in range(10):
        await codes.give_app(product, await id_of(product, ALICE), name=f"{number}")
    page = await visit(alice, f"{PROVE}?for=app")
    page = (await natively(alice, page.action("確認"), {"code": code(frozen.at)})).page
    typed = {"name": "もう1台", "code": code(frozen.at, secret_on(page))}
    page = (await natively(alice, page.action("登録"), typed)).page
    assert page.notice.startswith("登録できる認証アプリの数を超えています。")
    assert len(product.rows("SELECT 1 FROM code_apps")) == 10


async def test_forty_steps_of_an_account_are_kept(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Whoever knows one password does not fill the disk with it, from however many browsers it knows."""
    await codes.give_app(product, await id_of(product, ALICE))
    for _ in range(45):
        assert (await press_log_in(alice, ALICE)).h1 == "ログインの確認"
    assert len(product.rows("SELECT 1 FROM second_steps")) == 40


async def test_strangers_begin_twenty_log_ins_of_an_owner_whose_own_stays(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """From however many networks: who knows the password alone pushes no step of a known device out."""
    await codes.give_app(product, await id_of(product, ALICE))
    assert (await press_log_in(alice, ALICE)).h1 == "ログインの確認"
    for number in range(45):
        async with product.browser(f"198.51.{number}.1") as thief:
            page = await press_log_in(thief, ALICE)
            assert page.h1 == ("ログインの確認" if number < 20 else "操作の回数が多すぎます")
    assert (await natively(alice, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"
    frozen.advance(FORGOTTEN_AFTER)
    async with product.browser("198.51.100.1") as new:
        assert (await press_log_in(new, ALICE)).h1 == "ログインの確認"


@pytest.mark.parametrize("opened", ["reset", "unlock", "code", "time"])
async def test_what_opens_an_account_opens_it_for_log_ins_that_strangers_have_begun(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, opened: str
) -> None:
    """A reset, the office, a right code, or fifteen minutes from the first of them, whoever goes on."""
    owner = await id_of(product, ALICE)
    await codes.give_app(product, owner)
    for number in range(21):
        async with product.browser(f"198.51.{number}.1") as thief:
            await press_log_in(thief, ALICE)
        frozen.advance(20)
    person = ALICE
    if opened == "reset":
        link = await payment_link(product, alice, ALICE)
        page = (
            await natively(alice, (await visit(alice, link)).address, {"code": code(frozen.at)})
        ).page
        await choose(alice, page, GOOD)
        person = type(ALICE)(
            ALICE.account, GOOD, ALICE.bulk_password, ALICE.password_age, ALICE.about
        )
    elif opened == "unlock":
        assert await product.services.write(support.unlock, support.Act("cli"), "KNCA6288")
    elif opened == "code":
        await enter(alice, ALICE, frozen.at)
    else:
        frozen.advance(FORGOTTEN_AFTER - 21 * 20)
    async with product.browser("203.0.113.99") as new:
        assert (await press_log_in(new, person)).h1 == "ログインの確認"


async def test_the_first_factor_forgets_every_device(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """One of them may be that of whoever knew the password before: it begins log-ins without end, and is told of to nobody."""
    assert len(product.rows("SELECT 1 FROM devices")) == 1
    await register(alice, frozen.at)
    assert product.rows("SELECT 1 FROM devices") == []


async def test_who_must_have_a_second_factor_reaches_nothing_before_it_is_registered(
    post: PostOffice, frozen: FrozenClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Companies, from the day on that the operator has set; nobody is in without it, the office neither."""
    day = clock.in_tokyo(frozen.at + 2 * clock.DAY).date().isoformat()
    environ = {
        "MYPAGE_SECOND_FACTOR": "corporate",
        "MYPAGE_OFFICE_SECOND_FACTOR": "required",
        "MYPAGE_SECOND_FACTOR_FROM": day,
    }
    folder = tmp_path_factory.mktemp("required")
    async with (
        running(folder, post, **environ) as product,
        at_work(product, CLERK) as office,
        product.browser() as company,
        product.browser() as person,
    ):
        assert (await press_log_in(company, ALICE)).h1 == "マイページ"
        frozen.advance(2 * clock.DAY)
        assert (await press_log_in(person, BOB)).h1 == "マイページ"
        page = await press_log_in(company, ALICE)
        assert page.h1 == "ログインの方法"
        assert page.notice.startswith("二段階の確認が必要です。")
        assert (await visit(company, "/useridmg/profile/edit")).h1 == "ログインの方法"
        await natively(
            office, "/office/login", {"staff_name": CLERK.name, "password": CLERK.password}
        )
        assert (await visit(office, "/office/accounts")).h1 == "ログインの方法"
        page = await start(company)
        assert page.h1 == "メールの確認"
        await product.settle()
        (mailed,) = re.findall("^[0-9]{8}$", product.post.mails[-1].body, re.MULTILINE)
        page = (await natively(company, page.action("確認"), {"mailed_code": mailed})).page
        secret = secret_on(page)
        typed = {"name": "花子のスマートフォン", "code": code(frozen.at, secret)}
        await natively(company, page.action("登録"), typed)
        assert (await visit(company, "/useridmg/mypage")).h1 == "マイページ"
        frozen.advance(MINUTE)
        app = await visit(
            company, (await shown(company)).link("花子のスマートフォンの名前の変更・削除")
        )
        typed = {"act": "remove", "code": code(frozen.at, secret)}
        page = (await natively(company, app.action("削除"), typed)).page
        assert page.error("code") == "ほかの方法を登録してから削除してください。"
        assert product.rows("SELECT 1 FROM code_apps")
