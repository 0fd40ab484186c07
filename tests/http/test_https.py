"""Behind a proxy that ends TLS: cookies that only https sets, and no address that leaves it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.journeys import GOOD, choose, payment_link
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import Press, visit
from tests.support.product import Product, running
from web.clock import DAY

pytestmark = pytest.mark.anyio

HOST = "mypage.example.jp"


@pytest.fixture
async def public(tmp_path: Path, post: PostOffice, frozen: FrozenClock) -> AsyncIterator[Product]:
    """Run the product as the public sees it."""
    environ = {"MYPAGE_BASE_URL": f"https://{HOST}", "MYPAGE_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(tmp_path, post, **environ) as public:
        yield public


async def test_the_key_of_a_link_is_kept_in_a_host_cookie(public: Product, press: Press) -> None:
    """`__Host-reset-<id>`, Secure, as long as the link lives; with it the password is set."""
    async with public.browser() as browser:
        link = await payment_link(public, browser, ALICE)
        assert link.startswith(f"https://{HOST}/useridmg/pwdInitPay/INIT?key=")
        cookie = (await browser.get(link)).headers["Set-Cookie"]
        assert cookie.startswith("__Host-reset-")
        assert f"Max-Age={DAY}" in cookie
        done = (await choose(browser, await visit(browser, link), GOOD, press)).page
        assert done.h1 == "納付利用者パスワード初期化 登録完了"


@pytest.mark.parametrize("path", ["/useridmg/pwdInitPay/INIT/", "/useridmg/login/", "/help/faq/"])
async def test_a_slash_too_many_leads_nowhere_in_clear(public: Product, path: str) -> None:
    """No answer sends a browser, or a key, to an http:// address (ASVS 12.2.1, 14.2.1)."""
    # as the proxy passes it on: plain http from 127.0.0.1
    transport = httpx.ASGITransport(public.app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as proxy:
        answer = await proxy.get(f"{path}?key={'AB' * 64}")
    location = answer.headers.get("Location", "")
    assert not location.startswith("http:")
    assert "key=" not in location
