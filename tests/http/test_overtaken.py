"""What ended, or was changed, while something was under way lets nobody act any more."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import web
from tests.http.test_activity import ACTIVITY, disowning
from tests.http.test_factors import listed
from tests.http.test_summary_file import SCREEN, UNPAID, pays
from tests.support import codes, debits
from tests.support.journeys import propose
from tests.support.office import at_work, id_of, look
from tests.support.people import ALICE
from tests.support.press import natively, visit
from tests.support.product import Product
from web import clock
from web.demo.personas import ADMIN, CLERK
from web.security.passwords import Passwords
from web.services import Services

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = {"user_id": "KNCA6288", "password": ALICE.payment_password}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE credentials SET password_changed_at = password_changed_at + 1",
        "UPDATE accounts SET disabled_at = 1",
    ],
    ids=["changed", "shut"],
)
async def test_a_password_that_was_judged_before_a_change_opens_nothing(
    product: Product, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    """The change ends every log-in; one that was waiting for its hash must not come after it."""
    judge = Passwords.verify

    async def overtaken(passwords: Passwords, stored: str, typed: str) -> bool:
        verdict = await judge(passwords, stored, typed)
        await product.meddle(sql)
        return verdict

    monkeypatch.setattr(Passwords, "verify", overtaken)
    answer = await visitor.post("/useridmg/login", data=LOGIN)
    assert answer.headers["Location"].startswith("/useridmg/login")
    assert product.rows("SELECT 1 FROM sessions") == []


async def test_a_form_that_arrives_after_the_end_of_the_log_in_does_nothing(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The last byte is held back until somebody has ended the log-in."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"end=oth"
        begun.set()
        await ended.wait()
        yield b"ers"

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    press = asyncio.create_task(alice.post("/useridmg/sessions", content=slowly(), headers=form))
    await begun.wait()
    await product.meddle("UPDATE sessions SET ended_at = 1")
    ended.set()
    answer = await press
    assert answer.headers["Location"].startswith("/useridmg/login")
    assert product.rows("SELECT 1 FROM audit WHERE event = 'sessions.ended'") == []


@pytest.mark.parametrize("name", ["name", "request", "kind", "action", "values"])
async def test_names_in_the_address_that_nobody_gave_it_are_no_fault(
    alice: httpx.AsyncClient, name: str
) -> None:
    """They are left out of the address of the run."""
    answer = await alice.get(f"{debits.edit()}?{name}=x")
    assert answer.status_code == 303
    assert f"{name}=" not in answer.headers["Location"]


@pytest.mark.parametrize("action", ["change", "stop"])
async def test_what_is_not_registered_can_neither_be_changed_nor_stopped(
    product: Product, alice: httpx.AsyncClient, action: str
) -> None:
    """A forged form of 情報変更 or 利用中止 is a conflict, and makes nothing."""
    typed = {**debits.good(await visit(alice, debits.edit())), **debits.ACCOUNT}
    run = (await alice.get(debits.edit().replace("/new/", f"/{action}/"))).headers["Location"]
    answer = await alice.post(run, data={**typed, "version": "1"})
    page = await visit(alice, answer.headers["Location"])
    assert page.status == 409
    assert product.rows("SELECT 1 FROM direct_debit_forms") == []


NEW = {"representative": "星野　海"}
PASSWORD = {"current_password": ALICE.payment_password}
Ready = tuple[str, dict[str, str]]  # the address of a press, and what it sends
Act = Callable[[Product, httpx.AsyncClient], Awaitable[Ready]]


async def change_the_profile(_: Product, alice: httpx.AsyncClient) -> Ready:
    """確定 on U2."""
    return (await propose(alice, **NEW)).page.action("確定"), {}


async def make_a_form(_: Product, alice: httpx.AsyncClient) -> Ready:
    """確定 of a 届出書."""
    return (await debits.propose(alice)).page.action("確定"), {}


async def take_a_form_back(_: Product, alice: httpx.AsyncClient) -> Ready:
    """取下げ of a 届出書."""
    await debits.make(alice)
    page = await visit(alice, f"{debits.BASE}/national")
    page = await visit(alice, page.link("取下げ"))
    action = page.action("取り下げる")
    return action, page.fields(action)


async def ask_for_the_url_again(product: Product, _: httpx.AsyncClient) -> Ready:
    """再送 on My Page."""
    await product.meddle("UPDATE accounts SET address_confirmed = 0")
    return "/useridmg/email/resend", {}


async def save_the_data(_: Product, __: httpx.AsyncClient) -> Ready:
    """自分の登録データ."""
    return "/useridmg/activity/data", PASSWORD


async def disown(_: Product, alice: httpx.AsyncClient) -> Ready:
    """届け出る of 心当たりがない."""
    page = await visit(alice, disowning(await visit(alice, ACTIVITY))[0].get("href", ""))
    action = page.action("届け出る")
    return action, {**page.fields(action), **PASSWORD}


async def begin_an_app(_: Product, alice: httpx.AsyncClient) -> Ready:
    """ご本人の確認 before the first factor."""
    page = await visit(alice, "/useridmg/factors/prove?for=app")
    return page.action("確認"), PASSWORD


async def add_an_app(product: Product, alice: httpx.AsyncClient) -> Ready:
    """登録 of an app, by its first code."""
    return await new_app(alice, *await begin_an_app(product, alice))


async def new_app(browser: httpx.AsyncClient, address: str, typed: dict[str, str]) -> Ready:
    """Prove who one is, and read the key of a new app."""
    page = (await natively(browser, address, typed)).page
    shown = codes.code(clock.now(), codes.secret_on(page))
    return page.action("登録"), {"name": "花子のスマートフォン", "code": shown}


async def put_codes_in_force(product: Product, alice: httpx.AsyncClient) -> Ready:
    """登録 of new 予備コード, one typed back."""
    return await new_codes(product, alice, await id_of(product, ALICE), "/useridmg/factors")


async def new_codes(
    product: Product, browser: httpx.AsyncClient, owner_id: str, factors: str
) -> Ready:
    """Prove who one is by an app, and type the first of new 予備コード back."""
    await codes.give_app(product, owner_id)
    page = await visit(browser, f"{factors}/prove?for=codes")
    page = (await natively(browser, page.action("確認"), {"code": codes.code(clock.now())})).page
    return page.action("登録"), {"recovery_code": listed(page)[0]}


async def remove_an_app(product: Product, _: httpx.AsyncClient) -> Ready:
    """削除 of an app."""
    return await removal(product, await id_of(product, ALICE), "/useridmg/factors")


async def removal(product: Product, owner_id: str, factors: str) -> Ready:
    """Press 削除 of the only app."""
    await codes.give_app(product, owner_id)
    (app,) = product.rows("SELECT id FROM code_apps")
    typed = {"act": "remove", "code": codes.code(clock.now())}
    return f"{factors}/edit?app={app['id']}", typed


async def end_the_others(_: Product, __: httpx.AsyncClient) -> Ready:
    """ほかの端末をすべてログアウトさせる."""
    return "/useridmg/sessions", {"end": "others"}


async def take_the_file(product: Product, _: httpx.AsyncClient) -> Ready:
    """まとめ納付管理ファイル."""
    await pays(product, ALICE, UNPAID)
    return SCREEN, {"period": "days", "since": "2026-11-01", "until": "2026-11-30"}


# What can be posted by whoever is logged in: the act that is tried, or why there is none.
POSTED: dict[str, Act | str] = {
    "profile/confirm": change_the_profile,
    "direct_debit/confirm": make_a_form,
    "direct_debit/withdraw": take_a_form_back,
    "email/resend": ask_for_the_url_again,
    "activity/data": save_the_data,
    "activity/disown": disown,
    "summary_file/choose": take_the_file,
    "sessions/show": end_the_others,
    "factors/edit": remove_an_app,
    "factors/prove": begin_an_app,
    "factors/app": add_an_app,
    "factors/codes": put_codes_in_force,
    **dict.fromkeys(("profile/edit", "direct_debit/edit"), "keeps a draft of one's own"),
    **dict.fromkeys(("profile/conflict", "direct_debit/conflict"), "the same"),
    "password_reset/ask_bulk": "a worker judges it later, and asks whether the account is shut",
    "factors/mailed": "the second half of factors/prove, which ends with the log-in",
    "factors/passkey": "uses its step up as factors/app does",
}
ACTS = [each for each in POSTED.values() if not isinstance(each, str)]


def test_whatever_can_be_posted_by_somebody_logged_in_is_tried() -> None:
    """A new one fails here until it is listed."""
    text = Path(web.__file__).with_name("routes.py").read_text(encoding="utf-8")
    rows = re.findall(r'(?:BOTH|POST), "([\w/]+)",\s+SIGNED_IN\b(?!,)', text)
    assert set(rows) == POSTED.keys()


MEANWHILE = {
    "shut": ("UPDATE accounts SET disabled_at = 1", "UPDATE accounts SET disabled_at = NULL"),
    "ended": ("UPDATE sessions SET ended_at = 1", "UPDATE sessions SET ended_at = NULL"),
}


@pytest.mark.parametrize(("shut", "back"), MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.parametrize("ready", ACTS, ids=[each.__name__ for each in ACTS])
async def test_whoever_is_shut_out_meanwhile_does_nothing_more(
    product: Product,
    alice: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    ready: Act,
    shut: str,
    back: str,
) -> None:
    """廃止, 停止 or the end of the log-in between the look and the write: no 届出書, no change, no file, no mail."""
    address, typed = await ready(product, alice)
    await product.settle()
    write = Services.write

    async def overtaken(services: Services, *flow: Any, **more: Any) -> Any:
        await product.meddle(shut)
        return await write(services, *flow, **more)

    await product.meddle(shut)
    before = product.content()
    await product.meddle(back)
    monkeypatch.setattr(Services, "write", overtaken)
    answer = await alice.post(address, data=typed)
    assert answer.status_code == 303
    assert "/useridmg/login" in answer.headers["Location"]
    monkeypatch.undo()
    await product.settle()
    assert product.content() == before


async def change_the_address(_: Product, alice: httpx.AsyncClient) -> Ready:
    """確定 on U2 of another 利用者管理用メールアドレス."""
    new = "thief@example.jp"
    page = (await propose(alice, admin_email=new, admin_email_again=new)).page
    return page.action("確定"), PASSWORD


BY_PASSWORD = {
    "web/features/profile/flow.py": change_the_address,
    "web/features/activity/flow.py": disown,
    "web/features/activity/own_data.py": save_the_data,
    "web/features/factors/endpoints.py": begin_an_app,
}


def test_every_act_that_asks_a_password_is_tried() -> None:
    """A new one fails here until it is listed."""
    root = Path(web.__file__).parent.parent
    asking = {
        str(path.relative_to(root))
        for path in root.glob("web/**/*.py")
        if "current_password.prove(" in path.read_text(encoding="utf-8")
    }
    assert asking == BY_PASSWORD.keys()


@pytest.mark.parametrize("ready", BY_PASSWORD.values(), ids=lambda each: each.__name__)
async def test_an_act_waiting_for_its_hash_is_not_done_after_another_password_is_set(
    product: Product,
    alice: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    ready: Callable[[Product, httpx.AsyncClient], Awaitable[Ready]],
) -> None:
    """The owner shuts a thief out by a new password: his form that is under way then does nothing."""
    address, typed = await ready(product, alice)
    answer = await overtaken_by_another_password(
        product, alice, monkeypatch, ANOTHER, address, typed
    )
    assert (await visit(alice, answer.headers["Location"])).h1 == "マイページログイン"


async def test_the_first_factor_of_a_member_of_staff_waits_for_no_older_password(
    product: Product, clerk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office asks for the password by itself."""
    page = await visit(clerk, "/office/factors/prove?for=app")
    typed = {"current_password": CLERK.password}
    answer = await overtaken_by_another_password(
        product, clerk, monkeypatch, ANOTHER_OF_STAFF, page.action("確認"), typed
    )
    assert (await visit(clerk, answer.headers["Location"])).h1 == "担当者ログイン"


async def test_a_log_in_waiting_for_its_hash_begins_no_second_step_after_another_password_is_set(
    product: Product, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has a second factor: the answer is the one of a wrong password, and nothing is proved."""
    await codes.give_app(product, await id_of(product, ALICE))
    typed = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    verify = product.services.passwords.verify

    async def slowly(hashed: str, password: str) -> bool:
        right = await verify(hashed, password)
        await product.meddle(ANOTHER, by=1)
        return right

    monkeypatch.setattr(product.services.passwords, "verify", slowly)
    page = (await natively(visitor, "/useridmg/login", typed)).page
    assert page.h1 == "マイページログイン"
    assert page.error("user_id")
    assert product.rows("SELECT 1 FROM second_steps") == []


ANOTHER = "UPDATE credentials SET password_changed_at = password_changed_at + :by"
ANOTHER_OF_STAFF = "UPDATE staff SET password_changed_at = password_changed_at + :by"


async def overtaken_by_another_password(
    product: Product,
    browser: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    later: str,
    address: str,
    typed: dict[str, str],
) -> httpx.Response:
    """Press, and let another password be set while this one is compared; nothing else is written."""
    await product.settle()
    judge = Passwords.verify

    async def overtaken(passwords: Passwords, stored: str, typed: str) -> bool:
        verdict = await judge(passwords, stored, typed)
        await product.meddle(later, by=1)
        return verdict

    await product.meddle(later, by=1)
    before = product.content()
    await product.meddle(later, by=-1)
    monkeypatch.setattr(Passwords, "verify", overtaken)
    answer = await browser.post(address, data=typed)
    monkeypatch.undo()
    await product.settle()
    assert product.content() == before
    return answer


@pytest.mark.parametrize(
    "shut",
    [
        "UPDATE staff SET disabled_at = 1",
        "UPDATE staff_sessions SET ended_at = 1",
        "UPDATE staff SET role = 'reader'",
    ],
    ids=["shut", "ended", "lowered"],
)
async def test_a_member_of_staff_who_is_shut_out_meanwhile_does_nothing_more(
    product: Product, monkeypatch: pytest.MonkeyPatch, shut: str
) -> None:
    """Between the look at the log-in and the write: no 停止, and log-in is asked for."""
    account, write = await id_of(product, ALICE), Services.write

    async def overtaken(services: Services, flow: Any, *args: Any, **more: Any) -> Any:
        if flow.__name__ == "by_whom_still_may":
            await product.meddle(shut)
        return await write(services, flow, *args, **more)

    async with at_work(product, ADMIN) as browser:
        await look(browser, f"/office/accounts/{account}")
        monkeypatch.setattr(Services, "write", overtaken)
        typed = {"act": "disable", "reason": "電話で確認"}
        answer = await browser.post(f"/office/accounts/{account}/act", data=typed)
    assert answer.headers["Location"].startswith("/office/login")
    assert product.rows("SELECT 1 FROM accounts WHERE disabled_at IS NOT NULL") == []


# What writes in the office, and is no act on what somebody else has; each looks again by itself, where it must.
NO_ACTS = {
    "step_up.py": "looks again for all acts",
    "looks.py": "writes down who looked",
    "login/flow.py": "begins the log-in",
    "password/flow.py": "compares the password that was judged",
    "factors/endpoints.py": "tries the 登録キー of who has no second factor yet",
}


def test_every_act_of_the_office_looks_again_who_acts() -> None:
    """By step_up.act or step_up.write; a new one fails here until it does."""
    root = Path(web.__file__).with_name("office")
    writing = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if re.search(r"(?<!step_up)\.write\b", path.read_text(encoding="utf-8"))
    }
    assert writing == NO_ACTS.keys()


async def begin_an_app_of_staff(_: Product, clerk: httpx.AsyncClient) -> Ready:
    """ご本人の確認 before the first factor of a 担当者."""
    page = await visit(clerk, "/office/factors/prove?for=app")
    return page.action("確認"), {"current_password": CLERK.password}


async def add_an_app_of_staff(product: Product, clerk: httpx.AsyncClient) -> Ready:
    """登録 of an app of a 担当者."""
    return await new_app(clerk, *await begin_an_app_of_staff(product, clerk))


async def put_codes_of_staff_in_force(product: Product, clerk: httpx.AsyncClient) -> Ready:
    """登録 of new 予備コード of a 担当者."""
    return await new_codes(product, clerk, await id_of_clerk(product), "/office/factors")


async def id_of_clerk(product: Product) -> str:
    """Find the id of the 担当者."""
    (clerk,) = product.rows("SELECT id FROM staff WHERE name = ?", CLERK.name)
    return str(clerk["id"])


async def remove_an_app_of_staff(product: Product, _: httpx.AsyncClient) -> Ready:
    """削除 of an app of a 担当者."""
    return await removal(product, await id_of_clerk(product), "/office/factors")


FACTORS = (
    "SELECT id FROM code_apps",
    "SELECT owner_id FROM recovery_codes",
    "SELECT id, used_at FROM second_steps",
    "SELECT seq FROM audit",
)


@pytest.mark.parametrize("shut", ["staff SET disabled_at = 1", "staff_sessions SET ended_at = 1"])
@pytest.mark.parametrize(
    "ready",
    [
        begin_an_app_of_staff,
        add_an_app_of_staff,
        put_codes_of_staff_in_force,
        remove_an_app_of_staff,
    ],
)
async def test_a_member_of_staff_who_is_shut_out_meanwhile_gets_no_factor(
    product: Product,
    clerk: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    ready: Act,
    shut: str,
) -> None:
    """Nor loses one: or who was shut out for a stolen telephone would leave a passkey behind."""
    address, typed = await ready(product, clerk)
    await product.settle()
    kept, write = [product.rows(each) for each in FACTORS], Services.write

    async def overtaken(services: Services, *flow: Any, **more: Any) -> Any:
        await product.meddle(f"UPDATE {shut}")
        return await write(services, *flow, **more)

    monkeypatch.setattr(Services, "write", overtaken)
    answer = await clerk.post(address, data=typed)
    monkeypatch.undo()
    assert answer.headers["Location"].startswith("/office/login")
    assert [product.rows(each) for each in FACTORS] == kept
