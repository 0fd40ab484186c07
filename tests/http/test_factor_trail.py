"""What the audit trail and the mails say of each act on factors, to the letter."""

import json
from typing import Any

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.http.test_factor_reset import REASON, decide, propose
from tests.http.test_factors import EDIT, listed, register
from tests.support import codes, passkeys
from tests.support.authenticator import Authenticator, wanted
from tests.support.codes import FACTORS, SECOND, code, press_log_in, secret_on
from tests.support.office import at_work, id_of
from tests.support.people import ALICE, BOB
from tests.support.press import natively, visit
from tests.support.product import Product
from web import background
from web.clock import DAY, HOUR, MINUTE
from web.demo.personas import ADMIN, CLERK, Persona
from web.office import factor_key
from web.security import second_throttle, throttle
from web.security.passkeys import New
from web.services import Work
from web.steps import factors, offers, second_factor
from web.steps.second_factor import Owner
from web.store.second_steps import SecondStep

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SUBJECT = "【軽自動車OSS】ログインの方法についてのご連絡"


def trail(product: Product, *kinds: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Give the events of some kinds: name, account, details."""
    rows = product.rows("SELECT event, account_id, detail FROM audit ORDER BY seq")
    return [
        (row["event"], row["account_id"], json.loads(row["detail"]))
        for row in rows
        if row["event"].startswith(kinds)
    ]


def told(product: Product) -> list[str]:
    """Give the first lines of the mails about factors, in their order."""
    mails = [mail for mail in product.post.mails if mail.subject == SUBJECT]
    return [mail.body.splitlines()[0] for mail in mails]


async def test_every_act_of_an_owner_is_in_the_trail_and_mailed(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Registered, renamed, ten codes, one used, removed: each once, with its name and number."""
    account = await id_of(product, ALICE)
    secret = await register(alice, frozen.at)
    (app,) = product.rows("SELECT id FROM code_apps")
    here = f"{EDIT}?app={app['id']}"
    frozen.advance(MINUTE)
    typed = {"act": "rename", "name": "太郎の電話", "code": code(frozen.at, secret)}
    await natively(alice, here, typed)
    frozen.advance(MINUTE)
    page = await visit(alice, f"{FACTORS}/prove?for=codes")
    page = (await natively(alice, page.action("確認"), {"code": code(frozen.at, secret)})).page
    made = listed(page)
    await natively(alice, page.action("登録"), {"recovery_code": made[0]})
    async with product.browser() as other:
        await press_log_in(other, ALICE)
        await natively(other, f"{SECOND}?codes=1", {"recovery_code": made[3]})
    frozen.advance(MINUTE)
    await natively(alice, here, {"act": "remove", "code": code(frozen.at, secret)})
    assert trail(product, "app.", "codes.") == [
        ("app.added", account, {"app": "花子のスマートフォン"}),
        ("app.renamed", account, {"app": "太郎の電話"}),
        ("codes.made", account, {"number": 10}),
        ("codes.used", account, {"number": 9}),
        ("app.removed", account, {"app": "太郎の電話"}),
    ]
    (_, login) = trail(product, "login.done")
    assert login == ("login.done", account, {"device": "new", "method": "codes", "app": ""})
    await product.settle()
    assert sorted(told(product)) == sorted(
        [
            "認証アプリ「花子のスマートフォン」を登録しました。",
            "予備コードを新しく登録しました。",
            "予備コードが使われました。残りは9個です。",
            "認証アプリ「太郎の電話」を削除しました。二段階の確認はなくなり、IDとパスワードだけでログインできます。",
        ]
    )


async def test_the_removal_of_one_of_two_apps_says_nothing_of_the_last(
    product: Product, frozen: FrozenClock
) -> None:
    """The second factor stays, and so do the 予備コード."""
    account = await id_of(product, ALICE)
    await codes.give_app(product, account)
    await codes.give_app(product, account, name="古い電話")
    await codes.give_paper(product, account)
    (app,) = product.rows("SELECT id FROM code_apps WHERE name = '古い電話'")
    async with product.browser() as browser:
        await codes.enter(browser, ALICE, frozen.at)
        frozen.advance(MINUTE)
        here = f"{EDIT}?app={app['id']}"
        await natively(browser, here, {"act": "remove", "code": code(frozen.at)})
    await product.settle()
    assert told(product) == ["認証アプリ「古い電話」を削除しました。"]
    assert len(product.rows("SELECT 1 FROM recovery_codes")) == 2


async def test_acts_on_factors_are_twenty_an_hour(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Each is a row of the trail, and most are a mail: an authenticator may be a program."""
    await codes.give_app(product, await id_of(product, ALICE))
    (app,) = product.rows("SELECT id FROM code_apps")
    here = f"{EDIT}?app={app['id']}"
    for number in range(20):
        frozen.advance(30)
        typed = {"act": "rename", "name": f"電話{number}", "code": code(frozen.at)}
        assert (await natively(alice, here, typed)).page.notice == "名前を変更しました。"
    for act in ("rename", "remove"):
        frozen.advance(30)
        typed = {"act": act, "name": "電話", "code": code(frozen.at)}
        assert (await natively(alice, here, typed)).page.status == 429
    assert len(trail(product, "app.")) == 20
    frozen.advance(HOUR)
    await codes.enter(alice, ALICE, frozen.at)
    frozen.advance(30)
    typed = {"act": "remove", "code": code(frozen.at)}
    assert (await natively(alice, here, typed)).page.notice == "認証アプリを削除しました。"


async def test_wrong_codes_between_right_ones_write_few_rows(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Each right one forgets the wrong ones, so that nothing is ever locked."""
    await codes.give_app(product, await id_of(product, ALICE))
    for _ in range(15):
        await press_log_in(visitor, ALICE)
        for _ in range(throttle.FREE_TRIES - 1):
            await natively(visitor, SECOND, {"code": code(frozen.at + DAY)})
        await natively(visitor, SECOND, {"code": code(frozen.at)})
        frozen.advance(30)
    assert len(trail(product, "login.done")) == 15
    assert len(trail(product, "second.failed")) == 21
    assert trail(product, "second.failed")[-1][2] == {"times": 40}


async def test_no_member_of_staff_hides_what_another_does(product: Product) -> None:
    """Events that become rarer are counted by whose they are."""

    async def refuse(tx: Work, who: str) -> None:
        await tx.audit_repeated("office.passkey.refused", None, who=who)

    for _ in range(25):
        await product.services.write(refuse, CLERK.name)
    await product.services.write(refuse, ADMIN.name)
    assert trail(product, "office.passkey")[-1] == (
        "office.passkey.refused", None, {"who": ADMIN.name}
    )  # fmt: skip


async def test_wrong_codes_are_in_the_trail_and_the_fifth_is_mailed(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """And the hundredth closes them: by whose they are."""
    account = await id_of(product, ALICE)
    await codes.give_app(product, account)
    await press_log_in(visitor, ALICE)
    for _ in range(second_throttle.TOLD):
        await natively(visitor, SECOND, {"code": code(frozen.at + DAY)})
    assert trail(product, "second.") == [("second.failed", account, {})] * second_throttle.TOLD
    await product.settle()
    (words,) = told(product)
    assert words == (
        "ログインなどの確認で、違うコードが5回続けて入力されました。"
        "お心当たりがないときは、納付利用者パスワードを知られているおそれがあります。"
        "パスワードを変更してください。"
    )
    await product.meddle("UPDATE failures SET number = 99 WHERE scope = 'second'")
    frozen.advance(DAY)
    await press_log_in(visitor, ALICE)
    await natively(visitor, SECOND, {"code": code(frozen.at + DAY)})
    assert trail(product, "second.locked") == [("second.locked", account, {"number": 100})]


async def test_each_recovery_code_that_is_used_is_mailed(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """To the owner's account: a thief with the paper is told of by each."""
    account = await id_of(product, ALICE)
    await codes.give_app(product, account)
    await codes.give_paper(product, account)
    for number, letters in enumerate(codes.PAPER, start=1):
        await press_log_in(visitor, ALICE)
        typed = {"recovery_code": f"{number:02d}{letters}"}
        assert (await natively(visitor, f"{SECOND}?codes=1", typed)).page.h1 == "マイページ"
    await product.settle()
    assert sorted(told(product)) == [
        f"予備コードが使われました。残りは{left}個です。" for left in (0, 1)
    ]
    sent = product.rows("SELECT account_id FROM outbox WHERE once_key LIKE 'factors:%'")
    assert [row["account_id"] for row in sent] == [account, account]


async def test_every_factor_is_told_of_whenever_it_is_added_or_removed(product: Product) -> None:
    """The second one too, to the same owner: a thief's would be one of them."""
    account, services = await id_of(product, ALICE), product.services
    owner = Owner(account, "KNCA6288", account)

    async def step(tx: Work) -> SecondStep:
        token = await factors.begin(tx, owner, "app", "session")
        return await factors.begun(tx, token, "app", "session")

    for number in range(2):
        name = f"電話{number}"
        new = New(b"%d" % number, b"key", "make", (), 0, synced=True, backed_up=True)
        app = await services.write(step)
        assert await services.write(factors.add_app, owner, app, name, b"secret", 1) == app.id
        key = await services.write(step)
        made = await services.write(factors.add_passkey, owner, key, name, new, "localhost")
        assert made == key.id
        paper = await services.write(step)
        assert await services.write(factors.make_codes, owner, paper, ["hash"]) == paper.id
        (stored,) = product.rows("SELECT id, synced, backed_up FROM passkeys WHERE name = ?", name)
        assert stored == {"id": key.id, "synced": 1, "backed_up": 1}
    for factor in await services.read_one(factors.of_owner, account):
        assert await services.write(factors.rename, owner, factor, factor.name) == factor.id
        assert await services.write(factors.remove, owner, factor) == factor.id
    await product.settle()
    assert len(told(product)) == 10
    assert len([line for line in told(product) if "」を削除しました。" in line]) == 4


def test_the_ways_to_prove_it_are_stored_by_these_names() -> None:
    """In sessions and in the trail, of seven years."""
    ways = second_factor.PASSWORD, second_factor.APP, second_factor.RECOVERY, second_factor.PASSKEY
    assert ways == ("password", "app", "codes", "passkey")
    assert second_factor.Proof("app") == second_factor.Proof("app", "")
    assert second_factor.Given() == second_factor.Given("", 0, None, None)
    assert offers.Offered() == offers.Offered(app=False, passkey="")


async def test_a_recovery_code_and_a_release_forget_the_wrong_codes(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Who has the paper, or has nothing any more, begins without them."""
    account, services = await id_of(product, ALICE), product.services
    await codes.give_app(product, account)
    await codes.give_paper(product, account)
    counted = "SELECT 1 FROM failures WHERE scope = 'second'"
    await press_log_in(visitor, ALICE)
    await services.write(second_throttle.failed, services.vault, account)
    typed = {"recovery_code": f"01{codes.PAPER[0]}"}
    await natively(visitor, f"{SECOND}?codes=1", typed)
    assert product.rows(counted) == []
    await services.write(second_throttle.failed, services.vault, account)
    assert await services.write(second_factor.clear, account) == 1
    assert product.rows(counted) == []


async def test_wrong_codes_are_mailed_once_a_day_to_each(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """One who is told does not keep another from being told, nor today's mail tomorrow's."""

    async def mistype(person: Persona) -> None:
        await press_log_in(visitor, person)
        for _ in range(second_throttle.TOLD):
            await natively(visitor, SECOND, {"code": code(frozen.at + DAY)})
        await product.services.write(
            second_throttle.passed, product.services.vault, await id_of(product, person)
        )
        await product.settle()

    for person in (ALICE, BOB):
        await codes.give_app(product, await id_of(product, person))
    for person, mails in ((ALICE, 1), (BOB, 2), (ALICE, 2)):
        await mistype(person)
        assert len(told(product)) == mails
    frozen.advance(DAY)
    await mistype(ALICE)
    assert len(told(product)) == 3


async def test_what_a_passkey_does_is_in_the_trail(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Refused as the second factor, and then taken, by its name."""
    account = await id_of(product, ALICE)
    phone = await passkeys.register(alice, ALICE.payment_password)
    async with product.browser() as browser:
        for device in (Authenticator(id=phone.id), phone):
            page = await press_log_in(browser, ALICE)
            given = {"credential": device.use(wanted(page))}
            await natively(browser, passkeys.posts_to(page), given)
    assert trail(product, "passkey.refused") == [("passkey.refused", account, {})]
    *_, login = trail(product, "login.done")
    named = {"method": "passkey", "passkey": "花子のスマートフォン"}
    assert login == ("login.done", account, {"device": "new", **named})
    assert [row["method"] for row in product.rows("SELECT method FROM sessions")][-1] == "passkey"


async def test_a_member_of_staff_is_named_in_the_trail(
    product: Product, frozen: FrozenClock
) -> None:
    """By the 担当者ID, without an account; nobody is mailed."""
    async with at_work(product, CLERK) as browser:
        page = await visit(browser, "/office/factors/prove?for=app")
        given = {"current_password": CLERK.password}
        page = (await natively(browser, page.action("確認"), given)).page
        typed = {"name": "窓口の電話", "code": code(frozen.at, secret_on(page))}
        await natively(browser, page.action("登録"), typed)
    named = {"who": CLERK.name, "app": "窓口の電話"}
    assert trail(product, "office.app.") == [("office.app.added", None, named)]
    await product.settle()
    assert told(product) == []


async def test_a_wrong_password_before_a_factor_of_the_office_is_in_the_trail(
    product: Product,
) -> None:
    """As at its log-in; and so is a 登録キー that an operator makes."""
    async with at_work(product, CLERK) as browser:
        page = await visit(browser, "/office/factors/prove?for=app")
        await natively(browser, page.action("確認"), {"current_password": "not the password"})
    assert trail(product, "office.login.failed") == [
        ("office.login.failed", None, {"who": CLERK.name})
    ]
    await product.services.write(factor_key.make, CLERK.name)
    assert trail(product, "office.user.key") == [("office.user.key", None, {"name": CLERK.name})]


async def test_a_release_is_in_the_trail_from_beginning_to_end(
    product: Product,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    frozen: FrozenClock,
) -> None:
    """Who proposed it and why, who approved, took back, what dropped it, that it was done."""
    account = await id_of(product, ALICE)
    await codes.give_app(product, account)
    path = f"/office/accounts/{account}/factors"
    proposed = ("factors.proposed", account, {"who": CLERK.name, "reason": REASON})
    approved = ("factors.approved", account, {"who": ADMIN.name})
    await propose(clerk, path)
    await decide(admin, path, "take-back")
    await propose(clerk, path)
    await decide(admin, path)
    await product.meddle("UPDATE code_apps SET used_at = :later", later=frozen.at + 1)
    frozen.advance(1)
    await background.end_factor_resets(product.services)
    await product.meddle("UPDATE code_apps SET used_at = NULL")
    await propose(clerk, path)
    assert "承認を待っています。" in (await visit(clerk, "/office/")).text
    await decide(admin, path)
    assert "承認済みです。" in (await visit(clerk, "/office/")).text
    await product.settle()
    frozen.advance(DAY)
    await background.end_factor_resets(product.services)
    assert trail(product, "factors.") == [
        proposed,
        ("factors.refused", account, {"who": ADMIN.name}),
        proposed,
        approved,
        ("factors.voided", account, {"why": "used"}),
        proposed,
        approved,
        ("factors.cleared", account, {"number": 1}),
    ]
    await product.settle()
    assert told(product) == [
        (
            "窓口で受け付けたとおり、認証アプリ、パスキー、予備コードをすべて解除しました。"
            "ログイン中の端末は、すべてログアウトしました。"
        )
    ]


async def test_the_stop_of_a_release_is_in_the_trail_of_its_account(
    product: Product,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    visitor: httpx.AsyncClient,
) -> None:
    """So that 操作履歴 shows it to its owner."""
    account = await id_of(product, ALICE)
    await codes.give_app(product, account)
    path = f"/office/accounts/{account}/factors"
    await propose(clerk, path)
    await decide(admin, path)
    await product.settle()
    link = next(mail.link for mail in product.post.mails if "factors/stop" in mail.body)
    page = await visit(visitor, link)
    await natively(visitor, page.action("解除を止める"), {})
    assert trail(product, "factors.stopped") == [("factors.stopped", account, {})]
