"""ダイレクト納付口座 over the real tables: whatever is done in whatever order, the rules hold."""

import asyncio
import tempfile
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.support.people import ALICE
from tests.support.product import CHEAP
from tests.unit import parts
from web import clock
from web.direct_debit import acts, states
from web.direct_debit.acts import Wish
from web.direct_debit.details import Details, opened
from web.direct_debit.states import TABLE, Act, Actor, NotAllowed, OutOfDate
from web.direct_debit.status import marks, status_of
from web.features.issuance import flow
from web.security import tokens
from web.services import Services, Work
from web.store import direct_debit_accounts, direct_debit_forms
from web.store.credentials import CredentialKind
from web.store.direct_debit_forms import OPEN, Action, Kind, Mandate, State

pytestmark = pytest.mark.slow

MOVES = {
    Act.RECEIVE: acts.receive,
    Act.SEND: acts.send,
    Act.APPROVE: acts.approve,
    Act.RETURN: acts.return_with_reason,
    Act.WITHDRAW: acts.withdraw,
}
ONWARDS = {State.MADE: Act.RECEIVE, State.RECEIVED: Act.SEND, State.AT_BANK: Act.APPROVE}
COUNTS = "SELECT (SELECT COUNT(*) FROM outbox) AS mails, (SELECT COUNT(*) FROM audit) AS events"


def details(number: str) -> Details:
    """Describe an account of an ordinary bank."""
    return Details("0005", "三菱ＵＦＪ", "001", "本店", "ordinary", number, "ｹｲｼﾞ", "軽自")


class Debits(RuleBasedStateMachine):
    """One person, two kinds, staff, and the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.stack = AsyncExitStack()
        self.now = 1_790_000_000
        self.done = 0  # acts that succeeded
        self.live: dict[Kind, str] = {}
        self.forms: dict[str, Mandate] = {}
        self.run(self.begin())

    def run(self, coroutine: Any) -> Any:
        """Run something to its end."""
        return self.loop.run_until_complete(coroutine)

    async def begin(self) -> None:
        """Open a fresh database with Alice in it."""
        path = Path(self.folder.name)
        await self.stack.enter_async_context(parts.opened(path / "mypage.sqlite3"))
        self.services = Services.of(parts.settings(path), CHEAP)
        await self.services.open(command=True)
        hashes = dict.fromkeys(CredentialKind, "$argon2id$")
        self.account = await self.write(flow.add, ALICE.account, hashes)
        self.before = await self.counts()

    async def write(self, work: Any, *args: Any) -> Any:
        """Write as the product does."""

        async def now(tx: Work) -> Any:
            return await work(tx.as_of(self.now), *args)

        return await self.services.write(now)

    async def counts(self) -> tuple[int, int]:
        """Count mails and audit rows."""
        async with self.services.database.read() as reads:
            row = await reads.one(COUNTS)
        assert row
        return tuple(row)

    def teardown(self) -> None:
        """Close the database and remove it."""
        self.run(self.services.database.close())
        self.run(self.stack.aclose())
        self.services.passwords.close()
        self.loop.close()
        self.folder.cleanup()

    @rule(kind=st.sampled_from(Kind), wished=st.sampled_from(["new", "change", "stop", "stop new"]))
    def make(self, kind: Kind, wished: str) -> None:
        """Make a form, or the two for another bank."""
        number = f"{len(self.forms):07d}"
        wishes = [Wish(kind, Action(each), details(number)) for each in wished.split()]
        try:
            made = self.run(self.write(acts.make, self.account, wishes, tokens.new_id()))
        except NotAllowed:
            return
        self.done += len(made)
        self.forms |= {form.id: form for form in made}

    @rule(data=st.data(), act=st.sampled_from(list(MOVES)), stale=st.booleans())
    def do_anything(self, data: st.DataObject, act: Act, stale: bool) -> None:
        """Do anything with any form, now and then as somebody who sees an old page."""
        if self.forms:
            self.do(self.one_of(data, self.forms.values()), act, stale=stale)

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Take a form that waits one step further, so that runs get far."""
        if waiting := [form for form in self.forms.values() if form.state in OPEN]:
            form = self.one_of(data, waiting)
            self.do(form, ONWARDS[form.state], stale=False)

    def one_of(self, data: st.DataObject, forms: Iterable[Mandate]) -> Mandate:
        """Choose a form."""
        return data.draw(st.sampled_from(sorted(forms, key=lambda each: each.made_at)))

    def do(self, form: Mandate, act: Act, *, stale: bool) -> None:
        """Do it, and compare what came of it with the table."""
        version = form.version - 1 if stale else form.version
        more = ["印がありません。"] if act is Act.RETURN else []
        who = Actor.USER if act is Act.WITHDRAW else Actor.OFFICE
        listed = [
            line.end
            for line in TABLE
            if (line.act, line.actor) == (act, who) and form.state in line.start
        ]
        try:
            self.run(self.write(MOVES[act], form.id, version, *more))
        except OutOfDate:
            assert stale
            return
        except NotAllowed:
            assert not listed or act is Act.APPROVE
            return
        assert listed
        assert not stale
        self.moved(form, listed[0])

    def moved(self, form: Mandate, end: State) -> None:
        """Follow a transition in the model."""
        self.done += 1
        self.forms[form.id] = self.run(self.find(form.id))
        assert self.forms[form.id].state is end
        if end is State.APPROVED:
            if form.action is not Action.STOP:
                self.live[form.kind] = form.id
            elif self.live.get(form.kind) == form.target_id:
                del self.live[form.kind]

    async def find(self, form_id: str) -> Mandate | None:
        """Read a form."""
        async with self.services.database.read() as reads:
            return await direct_debit_forms.find(reads, form_id)

    @rule(days=st.sampled_from([1, 89, 90]))
    def wait(self, days: int) -> None:
        """Let time pass; the upkeep takes back what lies too long."""
        self.now += days * clock.DAY
        self.run(self.write(acts.take_back_old))
        for form in list(self.forms.values()):
            old = form.state is State.MADE and form.made_at <= self.now - acts.WAITED_FOR
            if old:
                self.moved(form, State.WITHDRAWN)

    @invariant()
    def the_live_account_is_the_one_last_approved(self) -> None:
        """At most one per kind, with the details of the form that brought it."""
        for kind in Kind:
            account = self.run(self.live_account(kind))
            assert (account.id if account else None) == self.live.get(kind)
            if account:
                form = self.forms[account.id]
                assert opened(self.services.vault, account.id, account.sealed) == opened(
                    self.services.vault, form.id, form.sealed
                )

    async def live_account(self, kind: Kind) -> Any:
        """Read the live account."""
        async with self.services.database.read() as reads:
            return await direct_debit_accounts.find_live(reads, self.account, kind)

    @invariant()
    def what_waits_is_one_procedure(self) -> None:
        """Of one kind nothing waits twice; a 変更 waits alone."""
        for kind in Kind:
            waiting = [
                (form.action, form.target_id)
                for form in self.forms.values()
                if form.kind is kind and form.state in OPEN
            ]
            assert len(set(waiting)) == len(waiting)
            now = states.under_way(
                [form for form in self.forms.values() if form.kind is kind],
                self.live.get(kind, ""),
            )
            assert Action.CHANGE not in now or now == {Action.CHANGE}

    @invariant()
    def every_act_left_one_mail_and_one_audit_row(self) -> None:
        """And a refused one left nothing."""
        mails, events = self.run(self.counts())
        assert (mails - self.before[0], events - self.before[1]) == (self.done, self.done)

    @invariant()
    def my_page_says_something_that_can_be_done(self) -> None:
        """No dead end: where nothing waits, something can be started."""
        for kind in Kind:
            forms = marks(self.run(self.latest(kind)))
            said = status_of(kind, self.live.get(kind, ""), forms, "12月1日")
            assert said.label
            assert said.actions or said.next_step

    async def latest(self, kind: Kind) -> list[Mandate]:
        """Read the forms that tell where things stand."""
        async with self.services.database.read() as reads:
            return await direct_debit_forms.latest(reads, self.account, kind)


Debits.TestCase.settings = hypothesis_settings(max_examples=40, stateful_step_count=50)
TestDebits = Debits.TestCase
