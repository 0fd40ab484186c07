"""確認手段の解除: whoever talks the office into it takes over the account, so two decide and its owner can stop it."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.e2e.waiting import PATIENCE
from tests.http.test_disown import disown, opened
from tests.support import codes, passkeys
from tests.support.codes import code, enter, press_log_in, shown
from tests.support.html import elements, words
from tests.support.journeys import change_profile, payment_link
from tests.support.office import at_work, id_of, look
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.post import Mail
from tests.support.press import Press, Pressed, natively, visit
from tests.support.product import Product
from web import background
from web.clock import DAY, HOUR, MINUTE
from web.demo.personas import ADMIN, CLERK, Officer
from web.office import two_persons
from web.office.factor_reset import flow as desk
from web.office.support import accounts as support
from web.security import tokens
from web.services import Services, Work
from web.steps import factor_resets as ends
from web.store import factor_resets
from web.store.staff import Role

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

REASON = "運転免許証の写しと、登録されている電話への折り返し。"
OTHER = Officer("kanri-sono-ni", Role.ADMIN, "ashita-no-asa-mata-kuru")
SUBJECT = "【軽自動車OSS】確認手段の解除のご連絡"
MYPAGE = "/useridmg/mypage"


@pytest.fixture
async def alice_id(product: Product) -> str:
    """Give Alice an app and two 予備コード; give the id of her account."""
    found = await id_of(product, ALICE)
    await codes.give_app(product, found)
    await codes.give_paper(product, found)
    return found


@pytest.fixture
def path(alice_id: str) -> str:
    """Give the address of the page for Alice."""
    return f"/office/accounts/{alice_id}/factors"


async def propose(browser: httpx.AsyncClient, path: str, reason: str = REASON) -> Pressed:
    """Press 登録."""
    return await natively(browser, path, {"act": "propose", "reason": reason})


async def decide(browser: httpx.AsyncClient, path: str, act: str = "approve") -> httpx.Response:
    """Press a button for what the page shows, whether it offers it or not."""
    change = (await look(browser, path)).value("change")
    return await browser.post(path, data={"act": act, "change": change})


@pytest.fixture
async def approved(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> str:
    """Let two 担当者 agree; give the mailed URL that stops it."""
    await propose(clerk, path)
    assert (await decide(admin, path)).status_code == 303
    await product.settle()
    return str(told(product)[-1].link)


def told(product: Product) -> list[Mail]:
    """Give the mails that say so."""
    return [mail for mail in product.post.mails if mail.subject == SUBJECT]


async def pass_time(product: Product, frozen: FrozenClock, seconds: int = DAY) -> None:
    """Let the time run, and the background look."""
    frozen.advance(seconds)
    await background.end_factor_resets(product.services)


def how(product: Product) -> str:
    """Give how the newest one ended; '' while it has not."""
    sql = "SELECT ended FROM factor_resets ORDER BY proposed_at DESC, ended_at IS NOT NULL LIMIT 1"
    return str(product.rows(sql)[0]["ended"])


def apps(product: Product) -> int:
    """Count the apps of everybody."""
    return len(product.rows("SELECT 1 FROM code_apps"))


def events(product: Product) -> list[str]:
    """Give what the trail says of it."""
    return [
        row["event"] for row in product.rows("SELECT event FROM audit WHERE event LIKE 'factors.%'")
    ]


async def test_two_agree_the_owner_is_mailed_and_a_day_later_every_factor_ends(
    product: Product,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    visitor: httpx.AsyncClient,
    path: str,
    frozen: FrozenClock,
) -> None:
    """With every log-in and mailed URL; then the password alone logs in, and the trail names both."""
    async with product.browser() as there:  # from before: whoever holds it, it ends
        await enter(there, ALICE, frozen.at)
        frozen.advance(MINUTE)
        page = (await propose(clerk, path)).page
        assert "別の管理者が承認すると" in page.notice
        assert apps(product) == 1
        page = await look(admin, path)
        assert page.rows()["ご本人の確認方法"] == REASON
        assert "office-factor-approve" in (await decide(admin, path)).headers["Location"]
        await product.settle()
        assert [mail.to for mail in told(product)] == ["k-oss@example.jp"]
        await pass_time(product, frozen, DAY - 1)
        assert (apps(product), how(product)) == (1, "")
        link = await payment_link(product, visitor, ALICE)
        await press_log_in(visitor, ALICE)
        await pass_time(product, frozen, 1)
        assert (apps(product), how(product)) == (0, "done")
        assert product.rows("SELECT 1 FROM recovery_codes") == []
        assert (await visit(there, MYPAGE)).h1 == "マイページログイン"
        assert (await visit(visitor, link)).status == 410
        page = (await natively(visitor, codes.SECOND, {"code": code(frozen.at)})).page
        assert page.h1 == "マイページログイン"  # the step that was pending has ended
        assert (await press_log_in(visitor, ALICE)).h1 == "マイページ"
    assert events(product) == ["factors.proposed", "factors.approved", "factors.cleared"]
    found = product.rows("SELECT detail FROM audit WHERE event LIKE 'factors.%'")
    assert ["madoguchi" in found[0]["detail"], "kanri" in found[1]["detail"]] == [True, True]
    await product.settle()
    assert "認証アプリ、パスキー、予備コードをすべて解除しました。" in product.post.mails[-2].body


async def test_a_release_ends_the_url_that_confirms_an_address_and_tells_each_owner(
    product: Product,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    path: str,
    frozen: FrozenClock,
) -> None:
    """A mailed URL of whoever had the account is no way in; two releases on one day are two mails."""
    bob = await id_of(product, BOB)
    await codes.give_app(product, bob)
    for account in product.rows("SELECT id FROM accounts"):
        await product.meddle(
            """INSERT INTO address_confirmations (account_id, id, key_hash, asked_at, expires_at)
               VALUES (:id, :id, :key_hash, :now, :expires_at)""",
            expires_at=frozen.at + 900_000,
            id=account["id"],
            key_hash=account["id"].encode(),
        )
    before = len(product.rows("SELECT 1 FROM address_confirmations"))
    for at in (path, f"/office/accounts/{bob}/factors"):
        await propose(clerk, at)
        await decide(admin, at)
    await product.settle()
    await pass_time(product, frozen)
    left = product.rows("SELECT account_id FROM address_confirmations")
    assert len(left) == before - 2
    assert bob not in {row["account_id"] for row in left}
    await product.settle()
    done = [mail for mail in product.post.mails if "すべて解除しました。" in mail.body]
    assert len({mail.to for mail in done}) == 2


async def test_the_owner_stops_it_by_one_press_of_the_mailed_url(
    product: Product,
    visitor: httpx.AsyncClient,
    approved: str,
    press: Press,
    frozen: FrozenClock,
) -> None:
    """Without a log-in; the desk learns it; a day later nothing ends."""
    page = await visit(visitor, approved)
    assert (page.h1, page.rows()["納付利用者ID"]) == ("確認手段の解除を止める", "KNCA6288")
    for _ in range(2):
        done = (await press(visitor, page.action("解除を止める"), {})).page
        assert done.h1 == "確認手段の解除を止める 完了"
    assert (await visit(visitor, approved)).h1 == "確認手段の解除を止める 完了"
    await pass_time(product, frozen)
    assert (apps(product), how(product)) == (1, "stopped")
    assert events(product).count("factors.stopped") == 1
    async with at_work(product, OTHER) as later:
        desk = await visit(later, "/office/")
    assert "利用者が解除を止めました。" in desk.text


async def test_the_key_of_the_url_is_the_browsers_until_the_release_is_done(
    product: Product, approved: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """No longer; a done page asked for too early leads back to the button, and a doubled field is no press."""
    frozen.advance(HOUR)
    answer = await visitor.get(approved)
    (cookie,) = answer.headers.get_list("Set-Cookie")
    assert cookie.startswith("factors-")
    assert f"Max-Age={23 * HOUR};" in f"{cookie};"
    here = answer.headers["Location"]
    early = await visit(visitor, here.replace("/stop?", "/stopped?"))
    assert early.notice == "解除はまだ止まっていません。「解除を止める」を押してください。"
    assert early.action("解除を止める") == here
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await visitor.post(here, content=b"a=1&a=2", headers=form)).status_code == 400
    assert how(product) == ""


async def test_opening_the_url_that_stops_it_stops_nothing(
    product: Product, approved: str, visitor: httpx.AsyncClient
) -> None:
    """Twenty scanners follow it to the page; whoever lacks the key is told to open the mail again."""
    before = product.content()
    for _ in range(20):
        async with product.browser() as scanner:
            assert (await visit(scanner, approved)).h1 == "確認手段の解除を止める"
    page = await visit(visitor, f"/useridmg/factors/stop?reset={'0' * 32}")
    assert (page.status, page.h1) == (403, "メールのURLをもう一度開いてください")
    page = await visit(visitor, "/useridmg/factors/stopped?reset=x")
    assert page.status == 403
    assert product.content() == before


async def test_an_owner_who_disowns_an_event_stops_it(
    product: Product,
    path: str,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    frozen: FrozenClock,
) -> None:
    """Proposed or approved: who is logged in and says that somebody else is at work needs no mail for it."""
    async with product.browser() as there:
        await enter(there, ALICE, frozen.at)
        for number in range(2):
            frozen.advance(MINUTE)  # a factor used in the second of the proposal ends it, too
            await propose(clerk, path)
            if number:
                await decide(admin, path)
            assert how(product) == ""
            await disown(there, await opened(there, number))
            assert how(product) == "stopped"
    assert events(product)[-1] == "factors.stopped"


async def test_forty_presses_stop_it_once(
    product: Product, approved: str, visitor: httpx.AsyncClient
) -> None:
    """Every one of them is told that it is stopped."""
    page = await visit(visitor, approved)
    here = page.action("解除を止める")
    answers = await asyncio.gather(*(visitor.post(here, data={}) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {303}
    assert events(product).count("factors.stopped") == 1


async def test_a_url_that_comes_too_late_says_so(
    product: Product, approved: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """At the very second at which it is due, and with the page open from before."""
    page = await visit(visitor, approved)
    frozen.advance(DAY)
    answer = await visitor.post(page.action("解除を止める"), data={})
    assert (answer.status_code, Page(answer).h1) == (410, "このURLは使用できません")
    assert "途中で切れている" not in Page(answer).text
    assert (await visit(visitor, page.address)).status == 410
    assert (await visit(visitor, approved)).status == 410
    await background.end_factor_resets(product.services)
    assert how(product) == "done"
    assert (await visit(visitor, approved)).status == 410


async def test_a_press_that_waited_until_it_was_done_stops_nothing(
    product: Product, approved: str, frozen: FrozenClock
) -> None:
    """The transaction looks at the time again: what was read before it may be over."""
    key = approved.partition("key=")[2]
    found = await product.services.read_one(factor_resets.find_by_key, tokens.digest(key))
    assert found
    frozen.advance(DAY)
    assert not await product.services.write(ends.stop, found)
    await background.end_factor_resets(product.services)
    assert not await product.services.write(ends.stop, found)
    assert how(product) == "done"


async def test_a_press_whose_time_runs_out_meanwhile_says_so(
    product: Product,
    approved: str,
    visitor: httpx.AsyncClient,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the look at it and the write."""
    page, write = await visit(visitor, approved), Services.write

    async def late(services: Services, *flow: Any, **more: Any) -> Any:
        frozen.advance(DAY)
        return await write(services, *flow, **more)

    monkeypatch.setattr(Services, "write", late)
    answer = await visitor.post(page.action("解除を止める"), data={})
    monkeypatch.undo()
    assert (answer.status_code, Page(answer).h1) == (410, "このURLは使用できません")


async def test_the_button_to_approve_is_there_for_whoever_may(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> None:
    """For another admin, while it waits; what stands there says who is to act."""

    async def offered(browser: httpx.AsyncClient) -> bool:
        page = await look(browser, path)
        assert page.status == 200
        return "承認" in [words(each) for each in elements(page.root, "button")]

    await propose(clerk, path)
    assert not await offered(clerk)
    assert "登録した担当者は、承認できません。" in (await look(clerk, path)).text
    assert await offered(admin)
    assert "承認は、管理者が行います。" not in (await look(admin, path)).text
    await decide(admin, path)
    assert not await offered(admin)
    await decide(admin, path, "take-back")
    page = await look(admin, path)
    assert "前の手続が終わりました。" in page.text
    await propose(admin, path)
    assert not await offered(admin)
    assert not await offered(clerk)
    assert "承認は、管理者が行います。" in (await look(clerk, path)).text
    await product.meddle("UPDATE factor_resets SET expires_at = 1 WHERE ended_at IS NULL")
    async with at_work(product, OTHER) as other:
        assert not await offered(other)
        assert desk.ENDED[ends.Why.EXPIRED] in (await look(other, path)).text


async def test_a_look_and_a_refused_act_are_in_the_trail_by_their_names(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> None:
    """Of this page, not of another one of the account."""
    await look(clerk, path)
    (seen,) = product.rows("SELECT detail FROM audit WHERE event = 'account.viewed'")
    assert json.loads(seen["detail"]) == {"who": CLERK.name, "page": "factors"}
    await propose(admin, path)
    assert (await decide(clerk, path)).status_code == 403
    (refused,) = product.rows("SELECT detail FROM audit WHERE event = 'office.refused'")
    assert json.loads(refused["detail"])["act"] == "factor-approve"


@pytest.mark.parametrize(("ago", "new"), [(30 * DAY - 1, True), (30 * DAY, False)])
async def test_an_address_of_the_office_is_new_for_thirty_days(
    product: Product, alice_id: str, frozen: FrozenClock, ago: int, new: bool
) -> None:
    """To the second."""

    async def note(tx: Work) -> None:
        await tx.audit("address.changed", alice_id, who=CLERK.name)

    await product.services.write(note)
    frozen.advance(ago)
    assert await product.services.read_one(desk.address_is_new, alice_id) is new


def test_the_desk_has_a_word_for_each_end() -> None:
    """Of this release, and for what a restore ends; late is after an eighth of the time."""
    ends_of_it = {ends.DONE, ends.STOPPED, ends.REFUSED, *ends.Why, "restored"}
    assert desk.ENDED.keys() == ends_of_it
    assert factor_resets.PART == 8


async def test_a_release_that_another_has_decided_meanwhile_is_done_before(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> None:
    """Whatever is pressed on the older page, for the one of another account, and for an account without factors."""
    account = path.split("/")[3]
    await propose(clerk, path)
    (reset,) = product.rows("SELECT id FROM factor_resets")
    bob = await id_of(product, BOB)
    for flow in (desk.approve, desk.take_back):
        for wrong in ((account, "x" * 32), (bob, reset["id"])):
            with pytest.raises(two_persons.DoneBefore):
                await product.services.write(flow, wrong[0], ADMIN.name, wrong[1])
    with pytest.raises(desk.NothingToClear):
        await product.services.write(desk.propose, bob, CLERK.name, REASON)
    await codes.give_app(product, bob)
    await product.disable(BOB)
    with pytest.raises(desk.NothingToClear):
        await product.services.write(desk.propose, bob, CLERK.name, REASON)
    await product.services.write(desk.approve, account, ADMIN.name, reset["id"])
    with pytest.raises(two_persons.DoneBefore):
        await product.services.write(desk.approve, account, OTHER.name, reset["id"])
    await product.services.write(desk.take_back, account, ADMIN.name, reset["id"])
    with pytest.raises(two_persons.DoneBefore):
        await product.services.write(desk.take_back, account, ADMIN.name, reset["id"])


async def test_the_mail_that_stops_it_is_of_the_account_and_ends_with_it(
    product: Product, approved: str, path: str, frozen: FrozenClock
) -> None:
    """A mail that waited until it is due would offer what cannot be done."""
    assert approved
    kept = product.rows(
        "SELECT account_id, expires_at FROM outbox WHERE once_key LIKE 'factor_reset:%'"
    )
    assert kept == [{"account_id": path.split("/")[3], "expires_at": frozen.at + DAY}]


async def test_a_url_that_was_cut_stops_nothing(approved: str, visitor: httpx.AsyncClient) -> None:
    """It says that something is missing."""
    page = await visit(visitor, approved[:-3])
    assert page.status == 410
    assert "URLが途中で切れているか" in page.text
    wrong = approved[:-1] + ("0" if approved[-1] != "0" else "1")
    assert (await visit(visitor, wrong)).status == 410


async def test_nobody_approves_a_release_that_they_proposed(
    product: Product, admin: httpx.AsyncClient, path: str
) -> None:
    """Not even an admin; the button is not there, and pressing it by hand is a 403."""
    await propose(admin, path)
    assert "登録した担当者は、承認できません。" in (await look(admin, path)).text
    answer = await decide(admin, path)
    assert (answer.status_code, Page(answer).h1) == (403, "別の担当者の承認が必要です")
    (row,) = product.rows("SELECT event, detail FROM audit ORDER BY seq DESC LIMIT 1")
    assert (row["event"], "approve" in row["detail"]) == ("office.refused", True)
    assert "factors.approved" not in events(product)


async def test_a_clerk_approves_no_release(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> None:
    """The second pair of eyes is an admin's."""
    await propose(admin, path)
    assert (await decide(clerk, path)).status_code == 403
    assert product.rows("SELECT due_at FROM factor_resets") == [{"due_at": None}]


async def test_two_admins_approve_a_release_once(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> None:
    """The second is told; one mail goes out, and its time does not begin anew."""
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    async with at_work(product, OTHER) as other:
        answers = [
            await browser.post(path, data={"act": "approve", "change": change})
            for browser in (admin, other)
        ]
    assert [answer.status_code for answer in answers] == [303, 409]
    await product.settle()
    assert len(told(product)) == 1


async def test_a_second_release_waits_for_the_first(
    product: Product, clerk: httpx.AsyncClient, path: str
) -> None:
    """One at a time for an account."""
    await propose(clerk, path)
    answer = await clerk.post(path, data={"act": "propose", "reason": REASON})
    assert answer.status_code == 409
    assert len(product.rows("SELECT 1 FROM factor_resets")) == 1


async def test_the_office_takes_a_release_back_while_its_time_runs(
    product: Product,
    clerk: httpx.AsyncClient,
    approved: str,
    path: str,
    visitor: httpx.AsyncClient,
    frozen: FrozenClock,
) -> None:
    """Then nothing ends, the mailed URL says so, and another one can be proposed."""
    assert (await decide(clerk, path, "take-back")).status_code == 303
    assert (await visit(visitor, approved)).status == 410
    await pass_time(product, frozen)
    assert (apps(product), how(product)) == (1, "refused")


async def test_without_a_reason_nothing_is_proposed(
    product: Product, clerk: httpx.AsyncClient, path: str
) -> None:
    """How the caller was identified is written down, or nothing happens."""
    page = (await propose(clerk, path, "")).page
    assert (page.status, page.error("reason")) == (422, "ご本人の確認方法を入力してください。")
    assert product.rows("SELECT 1 FROM factor_resets") == []


async def test_there_is_nothing_to_release_without_a_factor(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """The page says so; pressing by hand is a 409."""
    path = f"/office/accounts/{await id_of(product, BOB)}/factors"
    assert "解除する確認手段がありません" in (await look(clerk, path)).text
    answer = await clerk.post(path, data={"act": "propose", "reason": REASON})
    assert (answer.status_code, Page(answer).h1) == (409, "解除する確認手段がありません")


async def test_a_reader_and_a_stranger_release_nothing(
    path: str, reader: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """403 for who may only look, 404 for nobody's account, 400 for an act of one's own."""
    assert (await reader.get(path)).status_code == 403
    assert (await reader.post(path, data={"act": "propose"})).status_code == 403
    assert (await admin.get("/office/accounts/0/factors")).status_code == 404
    assert (await admin.post(path, data={"act": "steal"})).status_code == 400


@pytest.fixture
async def by_code(
    product: Product, visitor: httpx.AsyncClient, approved: str, frozen: FrozenClock
) -> httpx.AsyncClient:
    """Give a browser that logs in by a code while the time runs."""
    assert approved
    frozen.advance(HOUR)
    assert (await enter(visitor, ALICE, frozen.at)).h1 == "マイページ"
    return visitor


async def test_whoever_proves_a_factor_meanwhile_has_not_lost_it(
    product: Product, by_code: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A log-in by a code drops the release, whether or not its mail was read."""
    assert "花子のスマートフォン" in (await shown(by_code)).text
    await pass_time(product, frozen, 0)
    assert (apps(product), how(product)) == (1, "used")
    assert events(product)[-1] == "factors.voided"


async def test_a_recovery_code_that_was_found_again_drops_the_release(
    product: Product, visitor: httpx.AsyncClient, approved: str, frozen: FrozenClock
) -> None:
    """Else the new telephone would be taken away again."""
    assert approved
    frozen.advance(MINUTE)
    await press_log_in(visitor, ALICE)
    await natively(visitor, f"{codes.SECOND}?codes=1", {"recovery_code": "01ABCDEFGHJKMN"})
    await pass_time(product, frozen, 0)
    assert how(product) == "used"


async def test_new_recovery_codes_drop_the_release_too(
    product: Product, visitor: httpx.AsyncClient, approved: str, frozen: FrozenClock
) -> None:
    """They take the place of the one that was used, before the background has looked."""
    assert approved
    frozen.advance(MINUTE)
    await press_log_in(visitor, ALICE)
    await natively(visitor, f"{codes.SECOND}?codes=1", {"recovery_code": "01ABCDEFGHJKMN"})
    page = await visit(visitor, f"{codes.FACTORS}/prove?for=codes")
    page = (await natively(visitor, page.action("確認"), {})).page
    kept = next(words(each) for each in elements(page.root, "code"))
    page = (await natively(visitor, page.action("登録"), {"recovery_code": kept})).page
    assert "残り10個です。" in page.text
    await pass_time(product, frozen, 0)
    assert how(product) == "used"


async def test_what_changes_the_profile_meanwhile_drops_the_release(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, path: str
) -> None:
    """The office changes the address, then would mail the thief alone: not even approved."""
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    await product.meddle("UPDATE accounts SET profile_version = profile_version + 1")
    answer = await admin.post(path, data={"act": "approve", "change": change})
    assert (answer.status_code, Page(answer).h1) == (409, "この解除は、承認できなくなりました")
    assert "利用者情報が変更されたため" in Page(answer).text


async def test_an_account_that_is_shut_meanwhile_keeps_its_factors(
    product: Product, approved: str, frozen: FrozenClock
) -> None:
    """An office that has second thoughts shuts the account; opened again it is as it was."""
    assert approved
    await product.disable(ALICE)
    await pass_time(product, frozen)
    assert (apps(product), how(product)) == (1, "shut")


async def test_nobody_is_released_who_was_not_told(
    product: Product,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    path: str,
    frozen: FrozenClock,
) -> None:
    """A mail that the server refuses leaves the owner no chance to object."""
    await propose(clerk, path)
    product.post.answer = lambda _: "550 no such user"
    await decide(admin, path)
    await product.settle()
    product.post.answer = lambda _: "250 OK"
    assert (await look(admin, path)).rows()["利用者への通知"] == "まだ送信されていません"
    await pass_time(product, frozen)
    assert (apps(product), how(product)) == (1, "untold")


@pytest.mark.parametrize(
    ("seconds", "ended"), [(3 * HOUR, ""), (3 * HOUR + 1, "untold"), (DAY - 5, "untold")]
)
async def test_nobody_is_released_who_was_told_late(
    product: Product, approved: str, frozen: FrozenClock, seconds: int, ended: str
) -> None:
    """A thief keeps the mailbox full until just before the end: the owner would have seconds in place of a day."""
    assert approved
    sql = "UPDATE outbox SET sent_at = created_at + :after WHERE once_key LIKE 'factor_reset:%'"
    await product.meddle(sql, after=seconds)
    await pass_time(product, frozen, seconds)
    assert how(product) == ended
    await pass_time(product, frozen, DAY)
    assert (apps(product), how(product)) == ((1, "untold") if ended else (0, "done"))


async def test_a_release_that_nobody_approves_expires(
    product: Product, clerk: httpx.AsyncClient, path: str, frozen: FrozenClock
) -> None:
    """After the same days as a proposal of a new address."""
    await propose(clerk, path)
    await pass_time(product, frozen, 7 * DAY - 1)
    assert how(product) == ""
    await pass_time(product, frozen, 1)
    assert how(product) == "expired"


async def test_who_proposes_after_an_expired_one_need_not_wait_for_the_background(
    product: Product, clerk: httpx.AsyncClient, path: str, frozen: FrozenClock
) -> None:
    """It is dropped in the same transaction."""
    await propose(clerk, path)
    await product.meddle("UPDATE factor_resets SET expires_at = :now", now=frozen.at)
    assert (await propose(clerk, path)).page.notice
    assert len(product.rows("SELECT 1 FROM factor_resets WHERE ended_at IS NULL")) == 1


async def test_both_addresses_are_told(
    product: Product,
    alice_id: str,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    path: str,
) -> None:
    """Whoever reads the one mailbox may be the thief."""
    assert alice_id
    await product.meddle("UPDATE accounts SET notice_email = 'tsuchi@example.jp'")
    await propose(clerk, path)
    await decide(admin, path)
    await product.settle()
    assert {mail.to for mail in told(product)} == {"k-oss@example.jp", "tsuchi@example.jp"}


async def test_the_approver_is_warned_of_an_address_that_the_office_has_just_changed(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, alice_id: str, path: str
) -> None:
    """Two steps by deceit: first the address, then the factors."""
    page = await look(admin, path)
    assert "30日以内に窓口で変更されています" not in page.text
    here = f"/office/accounts/{alice_id}/address"
    typed = {"act": "propose", "admin_email": "neu@example.jp", "reason": REASON}
    await natively(clerk, here, typed)
    change = (await look(admin, here)).value("change")
    await admin.post(here, data={"act": "approve", "change": change})
    assert "30日以内に窓口で変更されています" in (await look(admin, path)).text


async def test_after_a_release_the_password_alone_changes_nobody_else(
    product: Product, approved: str, bob: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Bob's app, his log-in and his URL are his."""
    assert approved
    await codes.give_app(product, await id_of(product, BOB), name="ボブの")
    await pass_time(product, frozen)
    assert [row["name"] for row in product.rows("SELECT name FROM code_apps")] == ["ボブの"]


async def test_a_change_by_the_owner_of_a_live_session_drops_the_release(
    product: Product, clerk: httpx.AsyncClient, path: str
) -> None:
    """Somebody is logged in who needs no release."""
    async with product.browser() as browser:
        await product.meddle("DELETE FROM code_apps")
        await log_in(browser, ALICE)
        await codes.give_app(product, await id_of(product, ALICE))
        await product.meddle("UPDATE code_apps SET created_at = 0")
        await propose(clerk, path)
        await change_profile(browser, representative="星野　海")
    await background.end_factor_resets(product.services)
    assert how(product) == "changed"


async def test_a_release_goes_thirty_days_after_its_end_and_no_day_before(
    product: Product, clerk: httpx.AsyncClient, path: str, frozen: FrozenClock
) -> None:
    """One that waits stays however long; the trail says for seven years who it was."""
    await propose(clerk, path)
    await background.upkeep(product.services)
    assert how(product) == ""
    await decide(clerk, path, "take-back")
    frozen.advance(30 * DAY)
    await background.upkeep(product.services)
    assert how(product) == "refused"
    frozen.advance(1)
    await background.upkeep(product.services)
    assert product.rows("SELECT 1 FROM factor_resets") == []
    assert events(product) == ["factors.proposed", "factors.refused"]


async def test_accounts_show_tells_of_the_factors_and_when_they_will_end(
    product: Product, approved: str, frozen: FrozenClock
) -> None:
    """What the desk says to somebody who calls again."""
    assert approved
    facts = await product.services.read_one(support.state, "KNCA6288")
    assert facts["apps"] == ["花子のスマートフォン"]
    assert facts["recovery_codes_left"] == 2
    assert facts["factors_cleared_at"] == frozen.at + DAY


async def test_the_background_looks_for_what_is_due_without_being_asked(
    product: Product, approved: str, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is among the works that run as long as the server does."""
    assert approved
    frozen.advance(DAY)
    monkeypatch.setattr(background, "LOOK_AGAIN", 0.01)
    async with background.running(product.services):
        assert await asyncio.wait_for(_done(product), PATIENCE)


async def _done(product: Product) -> bool:
    while how(product) != "done":  # noqa: ASYNC110 the work is not ours to wait for
        await asyncio.sleep(0.01)
    return True


async def test_a_release_takes_passkeys_too_and_one_that_is_used_drops_it(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """They are factors like the others."""
    path = f"/office/accounts/{await id_of(product, ALICE)}/factors"
    async with product.browser() as browser, product.browser() as later:
        await log_in(browser, ALICE)
        phone = await passkeys.register(browser, ALICE.payment_password)
        frozen.advance(MINUTE)
        await propose(clerk, path)
        frozen.advance(MINUTE)
        assert (await passkeys.log_in(later, phone)).h1 == "マイページ"
        await pass_time(product, frozen, 0)
        assert (how(product), len(product.rows("SELECT 1 FROM passkeys"))) == ("used", 1)
        frozen.advance(MINUTE)
        await propose(clerk, path)
        await decide(admin, path)
        await product.settle()
        await pass_time(product, frozen)
        assert product.rows("SELECT 1 FROM passkeys") == []
        assert (await passkeys.log_in(later, phone)).h1 == "マイページログイン"
