"""People who log in, change their profile and ask for mails, and remember what was promised to them."""

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import httpx

from tests.e2e.waiting import PATIENCE
from tests.support.journeys import ASK_PAYMENT, propose
from tests.support.press import SEE_OTHER, visit
from tests.support.product import SAME_ORIGIN
from web.features.issuance.form import NewAccount
from web.store.accounts import Profile

DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
PASSWORD = "midori-no-kaze-6288"
PAUSE = 0.2  # seconds before somebody presses again


@dataclass
class Somebody:
    """A person, what was acknowledged to them, and what may have been done without an answer."""

    number: int
    name: str = "軽自　太郎"
    perhaps: str = ""  # the name that 確定 was pressed for, until there is an answer
    changes: int = 0
    asked: int = 0
    session: str = ""

    @property
    def account(self) -> NewAccount:
        """Give the account to be made."""
        profile = Profile(
            "corporate", "星野事務所", "ホシノジムショ", self.name, f"{self.number}@example.jp", ""
        )
        return NewAccount(f"KNCA{self.number}", f"KICA{self.number}", profile)


class Away(httpx.TransportError):
    """A page that asks to come back later: what was done is not known, as after no answer."""


class Crowd:
    """Keeps several people busy at a server that comes and goes."""

    def __init__(
        self, base_url: str, people: list[Somebody], seed: int, away: frozenset[int] = frozenset()
    ) -> None:
        self._base_url = base_url
        self._away = away
        self.statuses = Counter[int]()
        self.wrote = asyncio.Event()  # something that was asked for after `wrote_after`
        self.wrote_after = self.wrote_at = 0.0
        self._free = people
        self._chance = random.Random(seed)  # noqa: S311 no secret
        self.alive = asyncio.Event()
        self.ended = False

    async def work(self) -> None:
        """Take one person after the other through something, until told to stop."""
        while not self.ended:
            await self.alive.wait()
            person = self._free.pop(self._chance.randrange(len(self._free)))
            try:
                await self._go(person)
            except httpx.TransportError:  # the server was killed: what it did is not known
                await asyncio.sleep(PAUSE if self._away else 0)
            finally:
                self._free.append(person)

    async def _go(self, person: Somebody) -> None:
        near = f"{person.number % 250}.{self._chance.randrange(250)}.1"
        headers = {**SAME_ORIGIN, "X-Forwarded-For": f"10.{near}"}
        # a proxy says by itself where somebody comes from: from another address of this machine
        from_there = httpx.AsyncHTTPTransport(local_address=f"127.{near}" if self._away else None)
        async with httpx.AsyncClient(
            base_url=self._base_url, headers=headers, timeout=PATIENCE, transport=from_there,
            event_hooks={"request": [self._asks], "response": [self._answers]},
        ) as browser:  # fmt: skip
            what = self._chance.random()
            if what < 0.3:
                await self._ask(browser, person)
                return
            await self._log_in(browser, person)
            if what < 0.9:
                await self._change(browser, person)

    async def _asks(self, request: httpx.Request) -> None:
        request.extensions["asked"] = time.monotonic()

    async def _answers(self, answer: httpx.Response) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code in self._away:
            raise Away(f"{answer.status_code}", request=answer.request)
        writes = answer.request.method == "POST" and answer.status_code == SEE_OTHER
        begun = answer.request.extensions["asked"]
        if writes and begun > self.wrote_after and not self.wrote.is_set():
            self.wrote_at = time.monotonic()
            self.wrote.set()

    async def _log_in(self, browser: httpx.AsyncClient, person: Somebody) -> None:
        typed = {"user_id": person.account.payment_user_id, "password": PASSWORD}
        answer = await browser.post("/useridmg/login", data=typed)
        assert answer.headers.get("Location") == "/useridmg/mypage", answer.text
        person.session = browser.cookies["session"]

    async def _change(self, browser: httpx.AsyncClient, person: Somebody) -> None:
        name = f"星野　{self._chance.randrange(10**9)}".translate(DIGITS)
        confirm = (await propose(browser, representative=name)).page
        person.perhaps = name
        answer = await self._pressed(browser, confirm.action("確定"))
        assert "/complete" in answer.headers.get("Location", ""), answer.text
        person.name, person.perhaps = name, ""
        person.changes += 1

    async def _pressed(self, browser: httpx.AsyncClient, address: str) -> httpx.Response:
        """Press until there is an answer: what was done without one is not done again."""
        while True:
            with suppress(httpx.TransportError):
                return await browser.post(address, data={})
            await asyncio.sleep(PAUSE)
            await self.alive.wait()

    async def _ask(self, browser: httpx.AsyncClient, person: Somebody) -> None:
        page = await visit(browser, ASK_PAYMENT)
        typed = {
            "user_id": person.account.payment_user_id,
            "admin_email": person.account.profile.admin_email,
        }
        answer = await browser.post(ASK_PAYMENT, data={**page.fields(ASK_PAYMENT), **typed})
        assert "/requested" in answer.headers.get("Location", ""), answer.text
        person.asked += 1
