"""Both credentials through every order of asking, opening, using, changing, waiting and killing.

Whatever the order: one live URL per credential at most, no URL sets the other's password, and none works
twice, after 24 hours, or after a change of the password or of the address it was mailed to.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
)

from tests.conftest import FrozenClock
from tests.support.journeys import (
    ASK_BULK,
    ASK_PAYMENT,
    CHANGE,
    GUIDES,
    commit,
    propose,
    twice,
)
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import natively, visit
from tests.support.product import CHEAP, Product, running
from web import clock
from web.app import create_app
from web.clock import HOUR, MINUTE
from web.mail.lease import LEASE
from web.security import tokens

pytestmark = pytest.mark.slow

T = TypeVar("T")
KINDS = {"payment": (ASK_PAYMENT, "Pay"), "bulk": (ASK_BULK, "Bulk")}
ID = ALICE.account.payment_user_id
LIVE = """
    SELECT kind, COUNT(*) AS number FROM reset_links
     WHERE used_at IS NULL AND ended_at IS NULL AND expires_at > ? GROUP BY kind
"""
HASHES = """
    SELECT credentials.kind, password_hash FROM credentials JOIN accounts ON id = account_id
     WHERE payment_user_id = ?
"""
DAY_LONG = 24 * HOUR


@dataclass
class Url:
    """A mailed URL as the model sees it."""

    kind: str
    address: str
    asked_at: int
    ended: bool = False
    used_at: int | None = None
    password: str = ""
    form: str = ""
    once: str = ""
    used_by: str = ""

    def live(self, now: int) -> bool:
        """Tell whether a posted password may still use it."""
        return not self.ended and self.used_at is None and now < self.asked_at + DAY_LONG

    def repeats(self, now: int, fields: dict[str, str]) -> bool:
        """Tell whether this is the press that used it, coming again."""
        used, same = self.used_at, fields["once"] == self.used_by
        typed = fields["new_password"]
        return used is not None and now < used + 10 * MINUTE and same and typed == self.password


class Resets(RuleBasedStateMachine):
    """The real application, and beside it what it should be doing."""

    urls = Bundle("urls")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.patch = pytest.MonkeyPatch()
        self.frozen = FrozenClock()
        self.patch.setattr(clock, "now", self.frozen)
        self.folder = tempfile.TemporaryDirectory()
        self.post = PostOffice()
        self.post.start()
        self.passwords = {"payment": ALICE.payment_password, "bulk": ALICE.bulk_password}
        self.email = ALICE.account.profile.admin_email
        self.known: list[Url] = []
        self.number = 0
        self.run(self._start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something of the application to its end."""
        return self.runner.run(work)

    async def _start(self) -> None:
        self.stack = AsyncExitStack()
        self.product: Product = await self.stack.enter_async_context(
            running(Path(self.folder.name), self.post)
        )
        self.browser: httpx.AsyncClient = await self.stack.enter_async_context(
            self.product.browser()
        )

    def teardown(self) -> None:
        """Put everything away."""
        self.run(self.stack.aclose())
        self.runner.close()
        self.post.stop()
        self.folder.cleanup()
        self.patch.undo()

    def fresh(self) -> str:
        """Think of a password that was never used."""
        self.number += 1
        return f"kuroi-neko-no-yume-{self.number}"

    def end(self, kind: str) -> None:
        """Let every URL of a credential be over."""
        for url in self.known:
            url.ended = url.ended or (url.kind == kind and url.used_at is None)

    @rule()
    def log_in(self) -> None:
        """Log in with the password that should be the right one."""
        typed = {"user_id": ID, "password": self.passwords["payment"]}
        answer = self.run(self.browser.post("/useridmg/login", data=typed))
        assert answer.headers["Location"].startswith("/useridmg/")
        assert answer.headers["Location"] != "/useridmg/login?again=1"

    @rule(target=urls, kind=st.sampled_from(sorted(KINDS)))
    def request(self, kind: str) -> Any:
        """Ask for a mailed URL; the one before is over when there is a new one."""
        if kind == "bulk":
            self.log_in()
        address, _ = KINDS[kind]
        self.run(self._ask(address))
        found = [mail for mail in self.post.mails if mail.subject.endswith(GUIDES[address])]
        of_kind = [url for url in self.known if url.kind == kind]
        if len(found) == len(of_kind):
            return multiple()  # more than three in an hour: the one before stays
        assert len(found) == len(of_kind) + 1
        assert found[-1].to == self.email
        self.end(kind)
        url = Url(kind, found[-1].link, self.frozen.at)
        self.known.append(url)
        return url

    async def _ask(self, address: str) -> None:
        page = await visit(self.browser, address)
        typed = {"user_id": ID, "admin_email": self.email} if address == ASK_PAYMENT else {}
        await natively(self.browser, address, {**page.fields(address), **typed})
        await self.product.settle()

    @rule(url=urls, times=st.integers(1, 3))
    def open(self, url: Url, times: int) -> None:
        """Open a URL; a live one shows its form, and nothing is consumed."""
        for _ in range(times):
            answer = self.run(self.browser.get(url.address))
            assert (answer.status_code == 303) == url.live(self.frozen.at)
            if answer.status_code == 303:
                url.form = answer.headers["Location"]
                url.once = Page(self.run(self.browser.get(url.form))).value("once")

    @rule(url=urls)
    def open_for_the_other(self, url: Url) -> None:
        """The key of one credential opens nothing at the other's address."""
        mine, other = ("Pay", "Bulk") if url.kind == "payment" else ("Bulk", "Pay")
        answer = self.run(self.browser.get(url.address.replace(mine, other)))
        assert answer.status_code == 410
        if url.form:
            wish = twice(self.fresh())
            crossed = self.run(self.browser.post(url.form.replace(mine, other), data=wish))
            assert crossed.status_code in {403, 410}

    @precondition(lambda self: any(url.form for url in self.known))
    @rule(data=st.data())
    def use(self, data: st.DataObject) -> None:
        """Post a password to a form that was opened, sooner or later; also from another browser's form."""
        url = data.draw(st.sampled_from([url for url in self.known if url.form]))
        again = url.used_at is not None and data.draw(st.booleans())
        typed = url.password if again else self.fresh()
        now, before = self.frozen.at, self.hashes()
        same_form = data.draw(st.booleans())
        fields = {"once": url.once if same_form else tokens.new_id(), **twice(typed)}
        answer = self.run(self.browser.post(url.form, data=fields))
        if url.live(now):
            assert answer.status_code == 303
            assert "/complete?" in answer.headers["Location"]
            url.used_at, url.password, url.used_by = now, typed, fields["once"]
            self.passwords[url.kind] = typed
            before[url.kind] = self.hashes()[url.kind]
        elif answer.status_code == 429:  # wrong ones typed into the form that used it are guesses
            assert fields["once"] == url.used_by
        elif url.repeats(now, fields) and self.passwords[url.kind] == typed:
            assert "/complete?" in answer.headers["Location"]
        else:
            assert answer.status_code == 410
        assert self.hashes() == before

    @rule()
    def change(self) -> None:
        """Change the payment password with the current one; its URL is over."""
        new = self.fresh()
        typed = {"user_id": ID, "current_password": self.passwords["payment"], **twice(new)}
        bulk = self.hashes()["bulk"]
        answer = self.run(self.browser.post(CHANGE, data=typed))
        assert answer.headers["Location"].startswith("/useridmg/password/changed?")
        assert self.hashes()["bulk"] == bulk
        self.passwords["payment"] = new
        self.end("payment")

    @rule()
    def change_address(self) -> None:
        """Change the address that the URLs go to; both are over."""
        self.log_in()
        self.email = f"atarashii-{token_hex(4)}@example.jp"
        self.run(self._change_address())
        self.end("payment")
        self.end("bulk")

    async def _change_address(self) -> None:
        typed = {"admin_email": self.email, "admin_email_again": self.email}
        confirm = (await propose(self.browser, natively, **typed)).page
        done = await commit(self.browser, confirm, password=self.passwords["payment"])
        assert done.page.h1 == "利用者情報変更 登録完了"
        await self.product.settle()

    @rule(seconds=st.sampled_from([1, 10 * MINUTE - 1, 10 * MINUTE, HOUR, DAY_LONG - 1, DAY_LONG]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.frozen.advance(seconds)

    @rule()
    def leave(self) -> None:
        """Log out."""
        self.run(self.browser.post("/useridmg/leave"))

    @rule()
    def kill(self) -> None:
        """End the server and start another on the same file; cookies and counters go on."""
        self.run(self._restart())

    async def _restart(self) -> None:
        before, cookies = self.product, self.browser.cookies
        await self.stack.aclose()
        app = create_app(before.settings, parameters=CHEAP)
        self.stack = AsyncExitStack()
        await self.stack.enter_async_context(app.router.lifespan_context(app))
        self.product = Product(app, before.settings, self.post)
        self.browser = await self.stack.enter_async_context(self.product.browser())
        self.browser.cookies = cookies
        if not await self.product.services.database.only_server():
            self.frozen.advance(LEASE)  # of the mail that was under way: another node might have it

    @invariant()
    def one_live_url_at_most(self) -> None:
        """Per credential, and only where the model has one."""
        found = {row["kind"]: row["number"] for row in self.product.rows(LIVE, self.frozen.at)}
        wanted = {url.kind: 1 for url in self.known if url.live(self.frozen.at)}
        assert found == wanted

    @invariant()
    def the_passwords_are_those_last_set(self) -> None:
        """Each credential has its own, and no other."""
        for kind, password in self.passwords.items():
            assert self.run(self.product.holds(ALICE, kind, password)), kind

    def hashes(self) -> dict[str, str]:
        """Give what is stored of both passwords."""
        return {row["kind"]: row["password_hash"] for row in self.product.rows(HASHES, ID)}


TestResets = Resets.TestCase
TestResets.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
