"""Every cookie there is: its name, its life and its attributes, to the letter (ASVS 3.3.1–3.3.4)."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from tests.conftest import FrozenClock, log_in
from tests.support.journeys import ASK_PAYMENT, CHANGE, EDIT, GOOD, choose, payment_link
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import natively, visit
from tests.support.product import Product, running
from web import paths
from web.clock import DAY, MINUTE
from web.http.client import cookie_named

pytestmark = pytest.mark.anyio

# name: seconds it lives; None: until the browser closes
COOKIES = {
    r"session": None,
    r"device": 400 * DAY,
    r"stash-login-log_in": 5 * MINUTE,
    r"stash-password_change-change": 5 * MINUTE,
    r"stash-password_reset-ask_payment": 5 * MINUTE,
    r"stash-password_reset-choose": 5 * MINUTE,
    r"reset-[0-9a-f]{32}": DAY,
    r"return-[0-9a-f]{32}": DAY,
}
FORGOTTEN = {"return-[0-9a-f]{32}"}  # set anew with no content and no life once it has served
BASES = {
    "http": {},
    "https": {
        "MYPAGE_BASE_URL": "https://mypage.example.jp",
        "MYPAGE_TRUSTED_PROXIES": "127.0.0.1",
    },
}


@pytest.fixture(params=BASES)
async def site(
    request: pytest.FixtureRequest, tmp_path: Path, post: PostOffice, frozen: FrozenClock
) -> AsyncIterator[Product]:
    """Run the product on one's own machine, and as the public sees it."""
    async with running(tmp_path, post, **BASES[request.param]) as site:
        yield site


async def walk(site: Product, browser: httpx.AsyncClient, frozen: FrozenClock) -> None:
    """Meet every cookie: slips on each form, a mailed URL, a log-in that ended in a form."""
    await natively(browser, "/useridmg/login", {"user_id": "KNCA6288", "password": "wrong"})
    await natively(browser, CHANGE, {"user_id": "KNCA6288"})
    await natively(browser, ASK_PAYMENT, {"user_id": "KNCA6288"})
    form = await visit(browser, await payment_link(site, browser, ALICE))
    await natively(browser, form.action("パスワード初期化"), {"new_password": "short"})
    await log_in(browser, ALICE)
    edit = await visit(browser, EDIT)
    frozen.advance(31 * MINUTE)
    await natively(browser, edit.action("次へ"), edit.fields(EDIT))
    back = await browser.post(
        "/useridmg/login", data={"user_id": "KNCA6288", "password": ALICE.payment_password}
    )
    assert back.headers["Location"].startswith(EDIT)
    await choose(browser, form, GOOD)
    await browser.post("/useridmg/leave")


async def test_every_cookie_is_as_the_table_has_it(site: Product, frozen: FrozenClock) -> None:
    """`__Host-`, Secure on https; HttpOnly, SameSite=Lax, Path=/ everywhere; nothing else, no Domain."""
    given: list[str] = []

    async def note(response: httpx.Response) -> None:
        given.extend(response.headers.get_list("Set-Cookie"))

    async with site.browser() as browser:
        browser.event_hooks["response"].append(note)
        await walk(site, browser, frozen)
    prefix = "__Host-" if site.settings.secure else ""
    met = set()
    for each in given:
        pair, *attributes = each.split("; ")
        name, _, value = pair.partition("=")
        assert name.startswith(prefix), name
        (known,) = [known for known in COOKIES if re.fullmatch(known, name.removeprefix(prefix))]
        life = COOKIES[known] if value not in {"", '""'} else 0
        assert life or value or known in FORGOTTEN, name
        wanted = {"HttpOnly", "Path=/", "SameSite=lax"}
        wanted |= {f"Max-Age={life}"} if life is not None else set()
        wanted |= {"Secure"} if prefix else set()
        assert sorted(attributes) == sorted(wanted), name
        met.add(known)
    assert met == set(COOKIES)


async def test_every_secret_in_a_cookie_is_long_enough(site: Product) -> None:
    """256 random bits in session and device, new at each log-in (ASVS 7.2.3, 7.2.4)."""
    seen: dict[str, set[str]] = {"session": set(), "device": set()}
    for _ in range(4):
        async with site.browser() as browser:
            await log_in(browser, ALICE)
            for name, values in seen.items():
                prefix = "__Host-" if site.settings.secure else ""
                values.add(browser.cookies[prefix + name])
    for values in seen.values():
        assert len(values) == 4
        assert all(re.fullmatch(r"[\w-]{43}", value) for value in values)


async def test_the_text_size_is_kept_under_the_prefix_too(site: Product) -> None:
    """Written by a script, read here: no other host of the domain, and no page in clear, can set it."""
    sizes = {"text_size": "large", "__Host-text_size": "small"}
    header = "; ".join(f"{name}={size}" for name, size in sizes.items())
    async with site.browser() as browser:
        page = (await browser.get("/", headers={"Cookie": header})).text
    assert f'data-text-size="{"small" if site.settings.secure else "large"}"' in page
    assert '"__Host-", "; secure"' in (paths.STATIC / "app.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("session=first; session=second", "first"),
        ("xsession=no; session=yes", "yes"),
        ("a=session=no; session=yes", "yes"),
        ("a; session=yes", "yes"),
        ("Session=no; session=yes", "yes"),
        ('session="yes="; a=b', "yes="),
        ('session="\\171es"', "\\171es"),
        ("session=yes;session=no", "yes"),
        ("session", ""),
        ("session=", ""),
        ("", ""),
    ],
)
def test_a_cookie_is_read_by_its_name_as_it_was_set(header: str, found: str) -> None:
    """The first of two; nothing is unquoted, which takes quadratic time before Python 3.11.10."""
    scope = {"type": "http", "headers": [(b"cookie", header.encode())]}
    assert cookie_named(Request(scope), "session") == found
