"""Answers of passkeys that prove nothing: one calm message, nothing told about who has what, nothing lost."""

import asyncio
import gc
import importlib
import json
import pkgutil
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import web
from tests.conftest import FrozenClock
from tests.conftest import log_in as log_in_by_password
from tests.support.alike import face
from tests.support.authenticator import UP, Authenticator, b64, raw, wanted
from tests.support.codes import SECOND, press_log_in
from tests.support.office import at_work
from tests.support.page import Page
from tests.support.passkeys import LOGIN, log_in, posts_to, register
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, Press, natively, visit
from tests.support.product import Product
from web.clock import HOUR, MINUTE
from web.database import Database, DatabaseUnavailable
from web.demo.personas import ADMIN
from web.fields.field import Field
from web.http.errors import GOOD_ONCE
from web.security import challenges, passkeys
from web.security.passkey_answers import Assertion
from web.security.passkeys import Site, Used
from web.store import audit, audit_marks, failures, spent_challenges

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

REFUSED = (
    "このパスキーではログインできませんでした。納付利用者IDとパスワードでログインしてください。"
)
STALE = "時間がたったか、すでに使われたため、ログインできませんでした。もう一度「パスキーでログイン」を押してください。"
NOT_PROVED = (
    "このパスキーでは確認できませんでした。もう一度操作するか、ほかの方法で確認してください。"
)


@pytest.fixture
async def phone(alice: httpx.AsyncClient) -> Authenticator:
    """Give the device with Alice's passkey; its counter rises."""
    return await register(alice, ALICE.payment_password, device=Authenticator(rises=1))


async def answered(
    browser: httpx.AsyncClient, answer: Callable[[dict[str, Any]], str], press: Press = natively
) -> Page:
    """Answer log-in by a passkey."""
    page = await visit(browser, LOGIN)
    return (await press(browser, LOGIN, {"credential": answer(wanted(page))})).page


def changed(part: str, change: Callable[[bytes], bytes]) -> Callable[..., str]:
    """Change the bytes of a part of an answer."""

    def answer(phone: Authenticator, asked: dict[str, Any]) -> str:
        parts = phone.parts(asked)
        return json.dumps({**parts, part: b64(change(raw(parts[part])))})

    return answer


def flipped(at: int) -> Callable[[bytes], bytes]:
    """Change one bit."""
    return lambda whole: whole[:at] + bytes([whole[at] ^ 1]) + whole[at:][1:]


def without(part: str) -> Callable[..., str]:
    """Leave a part out."""
    return lambda phone, asked: json.dumps(
        {name: value for name, value in phone.parts(asked).items() if name != part}
    )


def otherwise(**of: Any) -> Callable[..., str]:
    """Sign, but for something else."""

    def answer(phone: Authenticator, asked: dict[str, Any]) -> str:
        for name, value in of.items():
            setattr(phone, name, value)
        return phone.use(asked)

    return answer


PARTS = ("id", "client", "data", "signature", "user")
WRONG: dict[str, Callable[..., str]] = {
    **{f"{part}, byte {at}": changed(part, flipped(at)) for part in PARTS for at in (0, 9, -1)},
    **{f"without {part}": without(part) for part in PARTS},
    **{f"{part} doubled": changed(part, lambda whole: whole + whole) for part in PARTS},
    "60 KB": changed("signature", lambda _: b"s" * 40_000),
    "another port": otherwise(origin="http://localhost:8001"),
    "a subdomain": otherwise(origin="http://www.localhost:8000"),
    "an IP address": otherwise(origin="http://127.0.0.1:8000"),
    "another domain": otherwise(rp_id="example.jp"),
    "in a frame": otherwise(client={"crossOrigin": True}),
    "nobody verified": otherwise(flags=UP),
    "a lower counter": otherwise(counter=-1, rises=1),
    "an equal counter": otherwise(rises=0),
    "no owner named": otherwise(user=b""),
    "another owner named": otherwise(user=b"u" * 32),
    "no json": lambda *_: "{",
    "an unknown passkey": otherwise(id=b"n" * 32),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_a_wrong_answer_looks_like_that_of_a_passkey_that_nobody_has(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient, wrong: Callable[..., str]
) -> None:
    """The same page, and no session; somebody who types wrong passwords sees no difference either."""
    async with product.browser() as stranger:
        nobody = await answered(stranger, Authenticator().use)
    await log_in(visitor, phone)  # so that the counter is 1
    visitor.cookies.clear()
    page = await answered(visitor, lambda asked: wrong(phone, asked))
    assert (page.status, page.error("credential")) == (422, REFUSED)
    assert face(page.response) == face(nobody.response)
    assert "session" not in visitor.cookies
    assert len(product.rows("SELECT 1 FROM sessions WHERE method = 'passkey'")) == 1


@pytest.mark.usefixtures("once")
async def test_known_and_unknown_passkeys_cost_the_same_statements(
    phone: Authenticator, visitor: httpx.AsyncClient, statements: list[str]
) -> None:
    """Or the time would tell who has one. A row of the trail stands against what counts the others."""
    costs = []
    for device in (Authenticator(id=phone.id, user=phone.user), Authenticator()):
        asked = wanted(await visit(visitor, LOGIN))
        statements.clear()
        await visitor.post(LOGIN, data={"credential": device.use(asked)}, headers=HTMX)
        costs.append([*statements])
    known, unknown = costs
    assert len(known) > 4
    *before, count, touch = unknown
    assert (count, touch) == (failures.COUNT, audit_marks.TOUCH)
    assert known == [*before, audit.APPEND, audit_marks.PUT]


async def test_a_passkey_that_nobody_has_is_checked_against_a_key_like_any_other(
    phone: Authenticator, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the time of a signature would tell who has one."""
    keys: list[bytes] = []

    def used(site: Site, challenge: bytes, answer: Assertion, key: bytes) -> Used:
        keys.append(key)
        return plain(site, challenge, answer, key)

    plain = passkeys.used
    monkeypatch.setattr(passkeys, "used", used)
    for device in (Authenticator(id=phone.id, user=phone.user), Authenticator(), Authenticator()):
        await answered(visitor, device.use)
    known, first, second = keys
    assert first == second != known


@pytest.mark.usefixtures("phone")
async def test_log_in_tells_nobody_whose_passkeys_there_are(visitor: httpx.AsyncClient) -> None:
    """The page asks for any; what is asked for after a right password is told after a right password."""
    assert wanted(await visit(visitor, LOGIN))["allow"] == []
    wrong = {"user_id": "KNCA6288", "password": "not the password"}
    page = (await natively(visitor, LOGIN, wrong)).page
    assert wanted(page)["allow"] == []


async def test_what_was_answered_before_a_restore_logs_in_no_more(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A copy does not know which challenges were used after it was made; those of later pages serve."""
    asked = wanted(await visit(visitor, LOGIN))
    ends_at = frozen.at + challenges.LIFE
    await product.services.database.write(spent_challenges.end_all, expires_at=ends_at)
    page = (await natively(visitor, LOGIN, {"credential": phone.use(asked)})).page
    assert page.error("credential") == STALE
    frozen.advance(1)
    assert (await log_in(visitor, phone)).h1 == "マイページ"


async def test_an_answer_logs_in_once(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """Forty presses of it at once are one log-in; whoever has listened has nothing."""
    phone.rises = 0
    page = await visit(visitor, LOGIN)
    answer = {"credential": phone.use(wanted(page))}

    async def press() -> httpx.Response:
        async with product.browser() as browser:
            return await browser.post(LOGIN, data=answer, headers=HTMX)

    got = await asyncio.gather(*(press() for _ in range(40)))
    assert sorted(each.status_code for each in got) == [204] + [422] * 39
    assert len(product.rows("SELECT 1 FROM sessions WHERE method = 'passkey'")) == 1
    late = (await natively(visitor, LOGIN, answer)).page
    assert late.error("credential") == STALE


async def test_a_challenge_lives_ten_minutes_and_a_page_that_stays_open_gets_another(
    phone: Authenticator, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The new one is for the same page; an old one is renewed no more."""
    asked = wanted(await visit(visitor, LOGIN))
    frozen.advance(10 * MINUTE)
    late = (await natively(visitor, LOGIN, {"credential": phone.use(asked)})).page
    assert (late.status, late.error("credential")) == (422, STALE)
    given = {"challenge": asked["challenge"]}
    assert (await visitor.post(asked["renew"], data=given)).status_code == 410
    asked = wanted(late)
    frozen.advance(10 * MINUTE - 1)
    renewed = await visitor.post(asked["renew"], data={"challenge": asked["challenge"]})
    frozen.advance(10 * MINUTE - 1)
    answer = phone.use({**asked, **renewed.json()})
    assert (await natively(visitor, LOGIN, {"credential": answer})).page.h1 == "マイページ"


@pytest.mark.parametrize("challenge", ["", "!", "AAAA", b64(bytes(80)), "A" * 30_000])
async def test_nobody_makes_a_challenge_of_his_own(
    phone: Authenticator, visitor: httpx.AsyncClient, challenge: str
) -> None:
    """Neither to have it renewed, nor to answer it."""
    asked = wanted(await visit(visitor, LOGIN))
    renewed = await visitor.post(asked["renew"], data={"challenge": challenge})
    assert renewed.status_code == 410
    page = await answered(visitor, lambda asked: phone.use({**asked, "challenge": challenge}))
    assert page.status == 422
    assert "session" not in visitor.cookies


async def test_a_challenge_changed_by_one_bit_is_none_of_ours(
    phone: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """Its end, what it is for, its MAC: whoever could choose them could answer at leisure."""
    asked = wanted(await visit(visitor, LOGIN))
    whole = raw(asked["challenge"])
    for at in (0, 7, 8, 31, 32, 47, 48, 79):
        bent = {**asked, "challenge": b64(flipped(at)(whole))}
        page = (await natively(visitor, LOGIN, {"credential": phone.use(bent)})).page
        assert page.error("credential") == STALE, f"byte {at}"
        renewed = await visitor.post(asked["renew"], data={"challenge": bent["challenge"]})
        assert renewed.status_code == 410
    assert "session" not in visitor.cookies


async def test_a_clock_set_back_makes_no_challenge_live_longer(
    phone: Authenticator, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """One that was made in what is the future now is refused."""
    asked = wanted(await visit(visitor, LOGIN))
    frozen.at -= HOUR
    page = (await natively(visitor, LOGIN, {"credential": phone.use(asked)})).page
    assert page.error("credential") == STALE


async def test_the_answer_for_one_page_is_none_for_another(
    product: Product, phone: Authenticator, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Log-in, the step after a password, an act of a session, the office: each has challenges of its own."""
    at_log_in = wanted(await visit(visitor, LOGIN))
    step = await press_log_in(visitor, ALICE)
    at_step = wanted(step)
    page = (await natively(visitor, SECOND, {"credential": phone.use(at_log_in)})).page
    assert page.error("credential").startswith("時間がたったか、")
    page = (await natively(visitor, LOGIN, {"credential": phone.use(at_step)})).page
    assert page.error("credential") == STALE
    act = await visit(alice, "/useridmg/factors/prove?for=app")
    page = (await natively(visitor, SECOND, {"credential": phone.use(wanted(act))})).page
    assert page.error("credential").startswith("時間がたったか、")
    other = await visit(alice, "/useridmg/factors/prove?for=codes")
    given = {"credential": phone.use(wanted(other))}
    page = (await natively(alice, posts_to(act), given)).page
    assert page.error("credential").startswith("時間がたったか、")
    async with product.browser() as office:
        asked = wanted(await visit(office, "/office/login"))
        page = (await natively(visitor, LOGIN, {"credential": phone.use(asked)})).page
        assert page.error("credential") == STALE


async def test_the_passkey_of_one_person_serves_no_other(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """Not after the other one's password, and not in the office."""
    async with product.browser() as bob:
        await log_in_by_password(bob, BOB)
        other = await register(bob, BOB.payment_password)
    step = await press_log_in(visitor, ALICE)
    for device in (other, Authenticator()):
        page = (await natively(visitor, SECOND, {"credential": device.use(wanted(step))})).page
        assert (page.status, page.error("credential")) == (422, NOT_PROVED)
    async with product.browser() as office:
        asked = wanted(await visit(office, "/office/login"))
        page = (await natively(office, "/office/login", {"credential": phone.use(asked)})).page
        assert page.status == 422
        assert "staff" not in office.cookies
    assert [row["account_id"] is None for row in refusals(product)] == [False, False]


def refusals(product: Product) -> list[dict[str, Any]]:
    """Give the events of refused passkeys."""
    return product.rows(
        "SELECT account_id FROM audit WHERE event IN ('passkey.refused', 'office.passkey.refused')"
    )


async def test_a_member_of_staff_opens_no_account(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """A passkey of the office is one that nobody has, for 利用者."""
    async with at_work(product, ADMIN) as office:
        phone = await register(office, ADMIN.password, at="/office/factors")
    page = await answered(visitor, phone.use)
    assert (page.status, page.error("credential")) == (422, REFUSED)
    async with product.browser() as nobody:
        unknown = await answered(nobody, Authenticator().use)
    assert face(page.response) == face(unknown.response)


async def test_a_counter_that_does_not_rise_is_refused_and_recorded(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """There is a copy of the key. The one that counts on still logs in."""
    assert (await log_in(visitor, phone)).h1 == "マイページ"
    phone.counter, phone.rises = 1, 0
    async with product.browser() as thief:
        page = await answered(thief, phone.use)
        assert page.error("credential") == REFUSED
    assert len(refusals(product)) == 1
    phone.rises = 5
    async with product.browser() as again:
        assert (await log_in(again, phone)).h1 == "マイページ"


async def test_a_removed_passkey_is_one_that_nobody_has(
    product: Product, phone: Authenticator, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """And the password alone logs in again: what is not there is not asked for."""
    (row,) = product.rows("SELECT id FROM passkeys")
    page = await visit(alice, f"/useridmg/factors/edit?passkey={row['id']}")
    gone = {"act": "remove", "credential": phone.use(wanted(page))}
    page = (await natively(alice, posts_to(page), gone)).page
    assert page.notice == "パスキーを削除しました。"
    assert (await answered(visitor, phone.use)).error("credential") == REFUSED
    assert (await press_log_in(visitor, ALICE)).h1 == "マイページ"


async def test_who_is_shut_out_comes_in_by_no_passkey(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """Whoever proves to be the owner is told so."""
    await product.disable(ALICE)
    page = await answered(visitor, phone.use)
    assert page.status == 422
    assert "停止" in page.error("credential")
    assert "session" not in visitor.cookies


async def test_a_passkey_of_another_domain_is_not_offered(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """Each keeps the domain that it was made for."""
    await product.meddle("UPDATE passkeys SET rp_id = 'example.jp'")
    page = await press_log_in(visitor, ALICE)
    assert "このアドレスでは、登録されているパスキーを使えません。" in page.text
    assert (await answered(visitor, phone.use)).error("credential") == REFUSED


def test_everything_that_is_good_once_is_known_to_error_pages() -> None:
    """Every field of the product that is marked so: a new one fails here until it is listed."""
    for found in pkgutil.walk_packages(web.__path__, "web."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    once = {each.name for each in gc.get_objects() if isinstance(each, Field) and each.once}
    assert once == GOOD_ONCE


@pytest.mark.parametrize("name", sorted(GOOD_ONCE))
async def test_an_error_page_gives_back_what_was_typed_but_nothing_that_proves(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whoever sees the page could use it."""

    async def no_database(*_: Any, **__: Any) -> None:
        raise DatabaseUnavailable("locked")

    for way in ("read_one", "write"):
        monkeypatch.setattr(Database, way, no_database)
    typed = {"user_id": "KNCA6288", name: "what-proves-it", "password": "geheim"}
    answer = await visitor.post(LOGIN, data=typed)
    assert answer.status_code == 503
    assert "KNCA6288" in answer.text
    assert "what-proves-it" not in answer.text


async def test_refused_answers_do_not_fill_the_trail(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """Whoever knows the name of a passkey writes twenty rows within an hour, and then ever fewer."""
    thief = Authenticator(id=phone.id, user=phone.user)
    asked = wanted(await visit(visitor, LOGIN))
    for _ in range(45):
        await visitor.post(LOGIN, data={"credential": thief.use(asked)}, headers=HTMX)
    assert len(refusals(product)) == 21
