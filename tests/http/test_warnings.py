"""Mails that warn: the password ends soon, it was wrong many times, somebody logged in from elsewhere."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.journeys import CHANGE, GOOD, choose, payment_link, twice
from tests.support.people import ALICE
from tests.support.post import Mail, PostOffice
from tests.support.press import visit
from tests.support.product import Product, running
from web import clock
from web.clock import DAY, HOUR, MINUTE
from web.features import warnings
from web.features.warnings import Lookout
from web.mail.courier import Courier
from web.store import audit

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = "/useridmg/login"
ENDS, WRONG, ELSEWHERE = (
    "納付利用者パスワード有効期限のご連絡",
    "納付利用者パスワードの入力誤りのご連絡",
    "新しい端末からのログインのご連絡",
)
NOW = "2026年09月21日 09時00分00秒"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36"


async def look(product: Product) -> None:
    """Let the background look around as often as it wants to, and deliver what it wrote."""
    lookout = Lookout(product.services)
    for _ in range(5):
        await lookout.look()
        await product.settle()


def mails(product: Product, subject: str, to: str = "k-oss@example.jp") -> list[Mail]:
    """Give what arrived for somebody under a subject."""
    found = [mail for mail in product.post.mails if mail.subject.endswith(subject)]
    return [mail for mail in found if mail.to == to]


async def warned(product: Product) -> int:
    """Look, and count the announcements that Alice has."""
    await look(product)
    return len(mails(product, ENDS))


async def test_the_end_is_announced_14_7_and_1_days_before(
    product: Product, frozen: FrozenClock
) -> None:
    """To the second, once each, and never after the end."""
    start = frozen.at
    count = {}
    for days in (46, 53, 59, 60, 75):
        for second in (-1, 0, HOUR):
            frozen.at = start + days * DAY + second
            count[days, second] = await warned(product)
    before, at, later = (
        [count[days, second] for days in (46, 53, 59, 60)] for second in (-1, 0, HOUR)
    )
    assert (before, at, later) == ([0, 1, 2, 3], [1, 2, 3, 3], [1, 2, 3, 3])
    assert count[75, 0] == 3


async def test_the_announcement_arrives(product: Product, frozen: FrozenClock) -> None:
    """Who, until when, what to do; and no link to a page that takes passwords."""
    frozen.advance(46 * DAY)
    await look(product)
    (mail,) = mails(product, ENDS)
    assert mail.subject == f"【軽自動車OSS】{ENDS}"
    assert {"KNCA6288", "2026年11月20日 09時00分00秒"} <= set(mail.body.splitlines())
    assert "useridmg" not in mail.body
    assert mails(product, ENDS, "hanako@example.jp")


@pytest.mark.parametrize(
    ("asleep", "then"), [(53 * DAY, 1), (54 * DAY, 1), (59 * DAY, 1), (60 * DAY, 0)]
)
async def test_missed_announcements_are_not_made_up_for(
    product: Product, frozen: FrozenClock, asleep: int, then: int
) -> None:
    """After an outage the one that is due comes, never three at once."""
    frozen.advance(asleep)
    assert await warned(product) == then
    frozen.advance(60 * DAY)
    assert await warned(product) == then


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_a_new_password_begins_a_new_life(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock, way: str
) -> None:
    """Nothing at the old one's 53rd day, the first announcement 46 days after the change."""
    frozen.advance(47 * DAY)
    assert await warned(product) == 1
    if way == "change":
        typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(GOOD)}
        fields = (await visit(visitor, CHANGE)).fields(CHANGE)
        await visitor.post(CHANGE, data={**fields, **typed})
    else:
        form = await visit(visitor, await payment_link(product, visitor, ALICE))
        await choose(visitor, form, GOOD)
    frozen.advance(13 * DAY)
    assert await warned(product) == 1
    frozen.advance(33 * DAY - 1)
    assert await warned(product) == 1
    frozen.advance(1)
    assert await warned(product) == 2


async def test_a_disabled_account_is_told_nothing(product: Product, frozen: FrozenClock) -> None:
    """Neither of the end nor of wrong passwords."""
    await product.disable(ALICE)
    await fail(product, 6)
    await look(product)
    frozen.advance(46 * DAY)
    await look(product)
    assert (mails(product, ENDS), mails(product, WRONG)) == ([], [])
    assert mails(product, ENDS, "hanako@example.jp")


@pytest.mark.parametrize(("life", "days"), [("0", []), ("1", []), ("7", [6]), ("14", [7, 13])])
async def test_a_stage_as_long_as_the_life_is_left_out(
    post: PostOffice, frozen: FrozenClock, tmp_path: Path, life: str, days: list[int]
) -> None:
    """No life, no announcement; and none on the day of the change."""
    start = frozen.at
    async with running(tmp_path, post, MYPAGE_PASSWORD_LIFE_DAYS=life) as product:
        for day in range(20):
            frozen.at = start + day * DAY
            assert await warned(product) == len([each for each in days if each <= day]), day


async def test_many_are_told_in_rounds(
    product: Product, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round adds a few, and none while mails are due: a mailed URL does not wait for them."""
    monkeypatch.setattr(warnings, "MOST", 2)
    frozen.advance(46 * DAY)
    assert await announced(product) == (True, 2)
    await product.settle()
    assert await announced(product) == (False, 3)
    await product.settle()
    assert len(product.post.mails) == 3
    frozen.advance(7 * DAY)
    monkeypatch.setattr(Courier, "deliver_due", delivers_nothing)
    assert await announced(product) == (True, 5)
    assert await announced(product) == (True, 5)


async def announced(product: Product) -> tuple[bool, int]:
    """Announce one round; tell whether there may be more, and how many mails there are now."""
    more = await warnings.announce_expiry(product.services, now=clock.now())
    return more, len(product.rows("SELECT 1 FROM outbox WHERE once_key LIKE 'expiry:%'"))


async def delivers_nothing(_: Courier, **__: bool) -> int:
    """Be a courier whose mail server is down."""
    return 0


@pytest.fixture
async def office(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give the browser in which Alice logged in for the first time ever."""
    async with product.browser("203.0.113.7") as browser:
        await log_in(browser, ALICE)
        yield browser


async def fail(product: Product, times: int, user_id: str = "KNCA6288", path: str = LOGIN) -> None:
    """Try a wrong password, each time from another network."""
    for number in range(times):
        async with product.browser(f"198.51.100.{number + 1}") as stranger:
            data = {"user_id": user_id, "password": "wrong", "current_password": "wrong"}
            await stranger.post(path, data={**data, **twice(GOOD)})


async def test_five_wrong_passwords_in_a_row_are_told(
    product: Product, frozen: FrozenClock
) -> None:
    """Four are nothing; the fifth is told to the letter, and not by the request itself."""
    await fail(product, 4)
    await look(product)
    assert mails(product, WRONG) == []
    await fail(product, 1)
    assert product.rows("SELECT 1 FROM outbox WHERE once_key LIKE 'failures:%'") == []
    await look(product)
    (mail,) = mails(product, WRONG)
    assert mail.subject == f"【軽自動車OSS】{WRONG}"
    assert {"KNCA6288", NOW} <= set(mail.body.splitlines())


async def test_wrong_passwords_are_told_once_a_day(product: Product, frozen: FrozenClock) -> None:
    """However many come, and whether the server was started anew; the next day once more."""
    for _ in range(3):
        await fail(product, 5)
        await look(product)
        frozen.advance(MINUTE)
    assert len(mails(product, WRONG)) == 1
    frozen.advance(DAY)
    await look(product)
    assert len(mails(product, WRONG)) == 1
    await fail(product, 1)
    await look(product)
    assert len(mails(product, WRONG)) == 2


@pytest.mark.parametrize("way", ["log-in", "change"])
async def test_a_success_in_between_begins_anew(
    product: Product, office: httpx.AsyncClient, way: str
) -> None:
    """Four wrong, one right, four wrong: somebody who mistypes is told nothing."""
    await fail(product, 4)
    if way == "log-in":
        await log_in(office, ALICE)
    else:
        typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(GOOD)}
        fields = (await visit(office, CHANGE)).fields(CHANGE)
        await office.post(CHANGE, data={**fields, **typed})
    await fail(product, 4)
    await look(product)
    assert mails(product, WRONG) == []


async def test_every_door_counts_together(product: Product) -> None:
    """パスワード変更 is a log-in by another door (ASVS 6.3.4)."""
    await fail(product, 3)
    await fail(product, 2, path=CHANGE)
    await look(product)
    assert len(mails(product, WRONG)) == 1


async def test_an_unknown_id_has_nobody_to_tell(product: Product) -> None:
    """And the others are not told of it."""
    await fail(product, 9, "KNCA9999")
    await look(product)
    assert product.post.mails == []


async def test_what_happened_while_the_server_was_down_is_told(
    product: Product, frozen: FrozenClock
) -> None:
    """A new lookout looks a day back, not for ever."""
    await fail(product, 5)
    frozen.advance(DAY - 1)
    await look(product)
    assert len(mails(product, WRONG)) == 1
    await fail(product, 5, "KNCA6289")
    frozen.advance(DAY)
    await look(product)
    assert mails(product, WRONG, "hanako@example.jp") == []


async def test_the_lookout_works_in_the_background(
    product: Product, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One lookout remembers how far it has looked and looks for the end every ten minutes."""
    lookout = Lookout(product.services)
    await lookout.look()
    looked: list[int] = []

    async def noted(_: object, *, now: int) -> bool:
        looked.append(now)
        return False

    monkeypatch.setattr(warnings, "announce_expiry", noted)
    for _ in range(20):
        frozen.advance(MINUTE)
        await lookout.look()
    assert looked == [frozen.at - 10 * MINUTE, frozen.at]
    await fail(product, 5)
    await lookout.look()
    await product.settle()
    assert len(mails(product, WRONG)) == 1
    seen = product.rows("SELECT MAX(seq) AS seq FROM audit")[0]["seq"]
    asked: list[int] = []

    async def none_after(_: object, seq: int, *, since: int) -> dict[str, int]:
        asked.append(seq)
        return {}

    monkeypatch.setattr(audit, "refused_after", none_after)
    await lookout.look()
    assert asked == [seen]


async def test_a_log_in_from_a_new_device_is_told(
    product: Product, office: httpx.AsyncClient
) -> None:
    """When, with what, from where, to the letter; the first log-in ever is nothing new."""
    await product.settle()
    assert product.post.mails == []
    async with product.browser("198.51.100.4", **{"User-Agent": WINDOWS}) as browser:
        await log_in(browser, ALICE)
    await product.settle()
    (mail,) = mails(product, ELSEWHERE)
    assert mail.subject == f"【軽自動車OSS】{ELSEWHERE}"
    assert {NOW, "Chrome（Windows）", "198.51.100.4"} <= set(mail.body.splitlines())


async def test_a_device_is_new_once(
    product: Product, office: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """It is known by its cookie, which outlives 終了, for 400 days; wrong passwords tell nothing."""
    async with product.browser() as browser:
        await browser.post(LOGIN, data={"user_id": "KNCA6288", "password": "wrong"})
        for _ in range(3):
            await log_in(browser, ALICE)
            await browser.post("/useridmg/leave")
            await log_in(office, ALICE)
        await product.settle()
        assert len(mails(product, ELSEWHERE)) == 1


async def test_the_same_words_come_once_a_day(
    product: Product, office: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Some browsers forget their cookies every time; another network or browser is told at once."""

    async def from_a_fresh_browser(address: str, user_agent: str) -> int:
        async with product.browser(address, **{"User-Agent": user_agent}) as browser:
            await log_in(browser, ALICE)
        await product.settle()
        return len(mails(product, ELSEWHERE))

    assert [await from_a_fresh_browser("198.51.100.4", WINDOWS) for _ in range(3)] == [1, 1, 1]
    assert await from_a_fresh_browser("198.51.100.5", WINDOWS) == 2
    assert await from_a_fresh_browser("198.51.100.5", "Firefox/1") == 3
    frozen.advance(DAY)
    assert await from_a_fresh_browser("198.51.100.4", WINDOWS) == 4


async def test_a_device_is_new_for_every_account_anew(
    product: Product, office: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Bob's browser is not Alice's, though it has a cookie."""
    await log_in(bob, ALICE)
    await product.settle()
    assert len(mails(product, ELSEWHERE)) == 1
    assert mails(product, ELSEWHERE, "hanako@example.jp") == []
