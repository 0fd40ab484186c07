"""/metrics: who may read it, and that the numbers are true; and the one line per request in the log."""

import json
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.engines import CHOSEN
from tests.support.guessing import guess
from tests.support.journeys import change_profile
from tests.support.log_lines import Told
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.product import Product, running

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TOKEN = "a token of the tests that is long enough"
HTTPS = {"MYPAGE_BASE_URL": "https://mypage.example.jp", "MYPAGE_TRUSTED_PROXIES": "10.0.0.1"}


async def numbers(browser: httpx.AsyncClient) -> dict[str, float]:
    """Read every number by its name and labels."""
    answer = await browser.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_the_numbers_follow_what_happens(
    product: Product, alice: httpx.AsyncClient, post: PostOffice
) -> None:
    """Requests by route and status, hashes, mails, log-ins, throttling, the database."""
    async with product.browser() as visitor:
        before = await numbers(visitor)
        await change_profile(alice, representative="星野　海")
        await product.settle()
        for _ in range(6):
            await guess(visitor, "KNCA7001")
        after = await numbers(visitor)

    def risen(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert risen('mypage_requests_total{route="profile/complete",status="200"}') == 1
    assert risen('mypage_requests_total{route="profile/confirm",status="303"}') == 1
    assert risen('mypage_request_seconds_count{route="profile/confirm"}') == 2
    assert risen("mypage_throttled_total") >= 1
    assert risen('mypage_mails_total{outcome="sent"}') == 1
    assert risen("mypage_hash_seconds_count") >= 5
    assert risen("mypage_write_wait_seconds_count") >= 5
    assert (after["mypage_hash_queue"], after["mypage_sessions"]) == (0, 1)
    assert (after["mypage_outbox_waiting"], after["mypage_outbox_age_seconds"]) == (0, 0)
    assert (after["mypage_wal_bytes"] > 0) == (CHOSEN.engine.name == "sqlite")  # else the server's
    assert after["process_resident_memory_bytes"] > 1e6


async def test_what_waits_is_counted_and_timed(
    product: Product, alice: httpx.AsyncClient, post: PostOffice, frozen: FrozenClock
) -> None:
    """A mail that is refused for now is aged, not overdue; one given up is dead."""
    post.answer = lambda _: "451 later"
    await change_profile(alice, representative="星野　海")
    await product.settle()
    frozen.advance(20)
    async with product.browser() as visitor:
        found = await numbers(visitor)
        assert (found["mypage_outbox_waiting"], found["mypage_outbox_dead"]) == (1, 0)
        assert found["mypage_outbox_age_seconds"] == 20
        assert found["mypage_outbox_overdue_seconds"] == 0
        await product.meddle("UPDATE outbox SET dead_at = 1")
        assert (await numbers(visitor))["mypage_outbox_dead"] == 1


@pytest.mark.parametrize(
    ("environ", "header", "status"),
    [
        ({}, {}, 200),
        ({"MYPAGE_METRICS_TOKEN": TOKEN}, {}, 401),
        ({"MYPAGE_METRICS_TOKEN": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}, 401),
        ({"MYPAGE_METRICS_TOKEN": TOKEN}, {"Authorization": "Bearer é"}, 401),
        ({"MYPAGE_METRICS_TOKEN": TOKEN}, {"Authorization": f"Bearer {TOKEN}"}, 200),
        (HTTPS, {}, 404),
        (HTTPS, {"Authorization": "Bearer "}, 404),
        ({**HTTPS, "MYPAGE_METRICS_TOKEN": TOKEN}, {"Authorization": f"Bearer {TOKEN}"}, 200),
    ],
)
async def test_only_who_has_the_token_reads_them(
    tmp_path: Path,
    post: PostOffice,
    frozen: FrozenClock,
    environ: dict[str, str],
    header: dict[str, str],
    status: int,
) -> None:
    """Without a token in the settings they are there on loopback alone."""
    async with running(tmp_path, post, **environ) as product, product.browser() as visitor:
        sent = {name.encode(): value.encode() for name, value in header.items()}
        answer = await visitor.get("/metrics", headers=httpx.Headers(sent))
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_a_request_is_one_line_that_gives_nothing_away(
    product: Product, alice: httpx.AsyncClient, told: Told
) -> None:
    """Route, status, time, id and a name for the account; no address, query, ID or cookie."""
    key = "A1" * 64
    answers = [
        await alice.get(f"/useridmg/pwdInitPay/INIT?key={key}"),
        await alice.get(f"/useridmg/{key}?key={key}"),
        await alice.get("/useridmg/mypage"),
        await alice.get("/useridmg/mypage"),
    ]
    lines = told.of("request")
    assert [line["route"] for line in lines] == [
        "password_reset/open", "none", "mypage/show", "mypage/show",
    ]  # fmt: skip
    assert [line["status"] for line in lines] == [answer.status_code for answer in answers]
    assert all(line["at"].endswith("+00:00") and line["ms"] >= 0 for line in lines)
    (account,) = {line["account"] for line in lines}
    assert account != ""
    text = json.dumps(lines)
    profile = ALICE.account.profile
    for secret in (key, "?", "KNCA6288", profile.admin_email, *alice.cookies.values()):
        assert secret not in text
