"""What an answer of the mail server means: our fault, this mail's, or nobody's; by RFC 5321."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FrozenClock
from tests.support.files import file_of
from tests.support.loop_time import LoopTime
from tests.support.scripted_smtp import Rule, ScriptedServer, scripted
from tests.unit import parts
from tests.unit.letters import LETTER, Mailroom
from web import clock
from web.database import DatabaseUnavailable
from web.database.sqlite import locks
from web.database.sqlite.database import SQLite
from web.mail import courier as couriers
from web.mail import lease, mail_server
from web.mail.mail_server import MailServerDown
from web.mail.messages import SECURITY, Message
from web.store import outbox

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

BAD = Message("bad@refused.example.jp", "【軽自動車OSS】悪い宛先", "本文")


LETS_IN: dict[str, Rule] = {
    "EHLO": lambda _: "250-scripted\r\n250 AUTH PLAIN",
    "AUTH": lambda _: "235 welcome",
}


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    """Run a mail server that follows a script."""
    async with scripted() as server:
        server.rules.update(LETS_IN)
        yield server


@pytest.fixture
async def mailroom(
    tmp_path: Path, server: ScriptedServer, frozen: FrozenClock
) -> AsyncIterator[Mailroom]:
    """Give outbox and courier that use it, logging in."""
    url = server.url.replace("smtp://", "smtp://user:word@")
    settings = parts.settings(tmp_path, MYPAGE_SMTP_URL=url)
    async with parts.opened(file_of(settings)) as database:
        yield Mailroom(database, settings, frozen)


def person(number: int) -> Message:
    """Write to somebody of one's own."""
    return Message(f"person{number}@example.jp", LETTER.subject, LETTER.body)


def refusing(who: str, answer: str | None) -> Rule:
    """Answer so when somebody is named, else as usual."""
    return lambda line: answer if who in line else "250 ok"


OUR_FAULT: dict[str, dict[str, Rule]] = {
    "5xx greeting": {"CONNECT": lambda _: "554 no service"},
    "421 greeting": {"CONNECT": lambda _: "421 too busy"},
    "hang-up at greeting": {"CONNECT": lambda _: None},
    "5xx hello": {"EHLO": lambda _: "550 who?", "HELO": lambda _: "550 who?"},
    "5xx log-in": {"AUTH": lambda _: "535 wrong password"},
    "4xx log-in": {"AUTH": lambda _: "454 later"},
    "5xx sender": {"MAIL": lambda _: "550 not from you"},
    "4xx sender": {"MAIL": lambda _: "452 disk full"},
    "hang-up at sender": {"MAIL": lambda _: None},
    "log-in needed": {"RCPT": lambda _: "530 log in first"},
}


@pytest.mark.parametrize("rules", OUR_FAULT.values(), ids=OUR_FAULT)
async def test_what_is_our_fault_blames_no_mail(
    mailroom: Mailroom, server: ScriptedServer, rules: dict[str, Rule]
) -> None:
    """Not a try is counted, not a 5xx makes it undeliverable; when it is mended, it goes."""
    server.rules.update(rules)
    await mailroom.put("a")
    before = await mailroom.rows()
    with pytest.raises(MailServerDown):
        await mailroom.courier.deliver_due()
    assert await mailroom.rows() == before
    server.rules = dict(LETS_IN)
    assert await mailroom.courier.deliver_due() == 1
    assert len(server.kept) == 1


async def test_a_server_that_cannot_be_used_is_left_alone(
    mailroom: Mailroom, server: ScriptedServer
) -> None:
    """Ten seconds, then twice as long, up to five minutes; each rest one connection."""
    server.rules["CONNECT"] = lambda _: "554 no service"
    await mailroom.put("a")
    courier, rests = mailroom.courier, []
    for number in range(1, 8):
        with pytest.raises(MailServerDown, match="554"):
            await courier.deliver_due()
        with pytest.raises(MailServerDown, match="resting"):
            await courier.deliver_due()
        assert server.connections == number
        rests.append(courier._rests_until - mailroom.clock.at)
        mailroom.clock.at = courier._rests_until
    assert rests == [10, 20, 40, 80, 160, 300, 300]
    mailroom.clock.at -= clock.HOUR  # as a clock that was set: nobody rests for that hour
    await mailroom.put("c")
    with pytest.raises(MailServerDown, match="554"):
        await courier.deliver_due()
    mailroom.clock.at += 2 * clock.HOUR
    del server.rules["CONNECT"]
    assert await courier.deliver_due() == 2
    await mailroom.put("b")
    assert await courier.deliver_due() == 1


@pytest.mark.parametrize("verb", ["RCPT", "."])
@pytest.mark.parametrize("answer", ["421 closing", "451 later", None])
async def test_one_poisoned_address_delays_nobody(
    mailroom: Mailroom, server: ScriptedServer, verb: str, answer: str | None
) -> None:
    """Whatever the server does about it, the others go in the same round, by a new connection."""
    server.rules[verb] = refusing("bad@", answer)
    for number in range(4):
        await mailroom.put(f"{number}", BAD if number == 1 else person(number))
    assert await mailroom.courier.deliver_due() == 4
    assert len(server.kept) == 3
    row = await mailroom.row("1")
    assert (row["tries"], row["dead_at"], row["sent_at"]) == (1, None, None)
    assert server.connections == (1 if answer == "451 later" else 2)


async def test_a_mail_perhaps_sent_is_sent_once_more_and_no_more(
    mailroom: Mailroom, server: ScriptedServer
) -> None:
    """Dropped after the final dot, twice: two copies under one Message-ID, and a reason to read."""
    server.rules["."] = lambda _: None
    await mailroom.put("a")
    await mailroom.courier.deliver_due()
    row = await mailroom.row("a")
    assert (row["last_error"], row["dead_at"]) == ("perhaps sent", None)
    mailroom.clock.at = row["next_try_at"]
    await mailroom.courier.deliver_due()
    row = await mailroom.row("a")
    assert (row["last_error"], row["dead_at"]) == ("perhaps sent, twice", mailroom.clock.at)
    assert len(server.received) == 2
    assert all(f"Message-ID: {row['message_id']}" in mail for mail in server.received)


async def test_a_server_as_slow_as_half_a_minute_is_waited_for(
    mailroom: Mailroom, server: ScriptedServer, loop_time: LoopTime
) -> None:
    """An answer after thirty seconds is an answer."""
    assert mail_server.DATA_PATIENCE >= 600
    asked, held = asyncio.Event(), asyncio.Event()

    async def slow(_: str) -> str:
        asked.set()
        await held.wait()
        return "250 ok"

    server.rules["RCPT"] = slow
    await mailroom.put("a")
    delivering = asyncio.create_task(mailroom.courier.deliver_due())
    await asked.wait()
    loop_time.advance(30)
    await asyncio.sleep(0)  # what is due now goes off before the answer
    held.set()
    assert await delivering == 1
    assert len(server.kept) == 1


async def test_a_server_that_says_nothing_delays_one_mail_only(
    mailroom: Mailroom, server: ScriptedServer
) -> None:
    """A second courier passes it by, and takes no second mail to the address that hangs."""
    named, held = asyncio.Event(), asyncio.Event()

    async def slow(line: str) -> str:
        if "bad@" in line:
            named.set()
            await held.wait()
        return "250 ok"

    server.rules["RCPT"] = slow
    await mailroom.put("0", BAD)
    for number in range(1, 4):
        await mailroom.put(f"{number}", BAD if number == 2 else person(number))
    courier = mailroom.courier
    first = asyncio.create_task(courier.deliver_due())
    await named.wait()
    assert await courier.deliver_due(first_tries_only=True) == 2
    assert len(server.kept) == 2
    held.set()
    assert await first == 2
    assert len(server.kept) == 4


async def test_helpers_leave_second_tries_alone(mailroom: Mailroom, server: ScriptedServer) -> None:
    """However many addresses hang, those who wait for the first time find a free courier."""
    server.rules["RCPT"] = refusing("bad@", "451 later")
    await mailroom.put("0", BAD)
    await mailroom.courier.deliver_due()
    mailroom.clock.advance(clock.HOUR)
    assert await mailroom.courier.deliver_due(first_tries_only=True) == 0
    assert server.connections == 1
    assert await mailroom.courier.deliver_due() == 1


async def test_couriers_at_once_send_nothing_twice(
    mailroom: Mailroom, server: ScriptedServer
) -> None:
    """Each mail is leased to one of them."""
    for number in range(40):
        await mailroom.put(f"{number}", person(number))
    counts = await asyncio.gather(*(mailroom.courier.deliver_due() for _ in range(4)))
    assert sum(counts) == len(server.kept) == len(set(server.kept)) == 40


async def test_what_a_killed_courier_had_claimed_is_taken_over(
    mailroom: Mailroom, server: ScriptedServer
) -> None:
    """By the next server at once, by a courier beside it when the lease is over."""
    named, over = asyncio.Event(), asyncio.Event()

    async def silent(_: str) -> str:
        named.set()
        await over.wait()
        return ""

    server.rules["RCPT"] = silent
    for key in ("a", "b"):
        await mailroom.put(key)
        killed = asyncio.create_task(mailroom.courier.deliver_due())
        await named.wait()
        named.clear()
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        mailroom.clock.advance(lease.LEASE - 1)
        assert await mailroom.courier.deliver_due() == 0
        del server.rules["RCPT"]
        if key == "a":
            await mailroom.courier.free_leases()
        else:
            mailroom.clock.advance(1)
        assert await mailroom.courier.deliver_due() == 1
        server.rules["RCPT"] = silent
    over.set()


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.usefixtures("short")
async def test_a_courier_that_was_frozen_sends_nothing_that_another_has_sent(
    mailroom: Mailroom, server: ScriptedServer, loop_time: LoopTime, at: str
) -> None:
    """It wakes up in the middle of a mail whose lease is over; what the server then says counts no more."""
    asked, awake = asyncio.Event(), asyncio.Event()

    async def frozen(_: str) -> str:
        asked.set()
        await awake.wait()
        return "250 ok" if at == "RCPT" else "451 later"

    server.rules[at] = frozen
    await mailroom.put("a")
    sleeping = asyncio.create_task(mailroom.courier.deliver_due())
    await asked.wait()
    mailroom.clock.advance(lease.LEASE)
    loop_time.advance(lease.LEASE)
    del server.rules[at]
    assert await mailroom.courier.deliver_due() == 1
    sent = await mailroom.row("a")
    awake.set()
    await sleeping
    assert await mailroom.row("a") == sent
    assert len(server.kept) == 1
    assert (sent["sent_at"], sent["tries"]) == (mailroom.clock.at, 1)


@pytest.mark.parametrize("says", ["451 later", "550 no"])
@pytest.mark.usefixtures("short")
async def test_a_courier_that_was_frozen_takes_no_mail_from_who_holds_it(
    mailroom: Mailroom, server: ScriptedServer, loop_time: LoopTime, says: str
) -> None:
    """The other is in the middle of it: nobody else may begin."""
    asked = [asyncio.Event(), asyncio.Event()]
    awake = [asyncio.Event(), asyncio.Event()]
    number = iter([0, 1])

    async def slow(_: str) -> str:
        mine = next(number)
        asked[mine].set()
        await awake[mine].wait()
        return says if mine == 0 else "250 ok"

    server.rules["RCPT"] = slow
    await mailroom.put("a")
    sleeping = asyncio.create_task(mailroom.courier.deliver_due())
    await asked[0].wait()
    mailroom.clock.advance(lease.LEASE)
    loop_time.advance(lease.LEASE)
    holding = asyncio.create_task(mailroom.courier.deliver_due())
    await asked[1].wait()
    awake[0].set()
    await sleeping
    mailroom.clock.advance(lease.LEASE - 1)
    assert await mailroom.courier.deliver_due() == 0
    assert (await mailroom.row("a"))["tries"] == 0
    mailroom.clock.advance(1 - lease.LEASE)
    awake[1].set()
    assert await holding == 1
    assert len(server.kept) == 1


@pytest.mark.parametrize("says", ["451 later", "550 no", "250 ok"])
async def test_an_outcome_counts_though_the_answer_to_a_renewal_was_lost(
    mailroom: Mailroom, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    """The lease in the database ends later than the courier knows; it is the courier's all the same."""
    renewed, write_one = asyncio.Event(), mailroom.database.write_one

    async def lossy(work: Any, *args: Any, **values: Any) -> Any:
        done = await write_one(work, *args, **values)
        if work is outbox.lease:
            if values["until"] == mailroom.clock.at + lease.LEASE:
                renewed.set()
            raise DatabaseUnavailable("the answer was lost")
        return done

    async def slow(_: str) -> str:
        for _round in range(3):
            renewed.clear()
            mailroom.clock.advance(10)
            await renewed.wait()
        return says

    monkeypatch.setattr(mailroom.database, "write_one", lossy)
    monkeypatch.setattr(lease, "RENEW", 0.0)
    server.rules["RCPT"] = slow
    await mailroom.put("a")
    assert await mailroom.courier.deliver_due() == 1
    row = await mailroom.row("a")
    assert row["tries"] == 1
    assert (row["sent_at"] is not None, row["dead_at"] is not None) == (
        says.startswith("2"), says.startswith("5")
    )  # fmt: skip


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lease end before the patience with a mail server does."""
    monkeypatch.setattr(lease, "LEASE", int(mail_server.PATIENCE / 2))


async def test_a_mail_sent_while_the_database_is_locked_is_not_sent_again(
    mailroom: Mailroom, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outcome is written when it can be."""
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    monkeypatch.setattr(couriers, "AGAIN", 0.0)
    lock = locks.hold(mailroom.database.path, "write")
    failed = asyncio.Event()

    def locking(_: str) -> str:
        lock.__enter__()
        return "250 ok"

    finished = SQLite._finished

    def noting(database: SQLite, task: asyncio.Task[object]) -> None:
        finished(database, task)
        if not task.cancelled() and isinstance(task.exception(), DatabaseUnavailable):
            failed.set()

    monkeypatch.setattr(SQLite, "_finished", noting)
    server.rules["."] = locking
    await mailroom.put("a")
    delivering = asyncio.create_task(mailroom.courier.deliver_due())
    await failed.wait()
    lock.__exit__(None, None, None)
    assert await delivering == 1
    assert (await mailroom.row("a"))["sent_at"] == mailroom.clock.at


async def test_an_address_gets_fifty_mails_a_day(
    mailroom: Mailroom, server: ScriptedServer
) -> None:
    """The rest is kept unsent with its reason; capitals make no new address; tomorrow is another day."""
    small = Message(LETTER.to.upper(), LETTER.subject, LETTER.body)
    for number in range(52):
        await mailroom.put(f"{number}", small if number % 2 else LETTER)
    await mailroom.put("other", person(1))
    while await mailroom.courier.deliver_due():
        pass
    assert len(server.kept) == 51
    for key in ("50", "51"):
        row = await mailroom.row(key)
        assert (row["last_error"], row["dead_at"]) == ("50 a day", mailroom.clock.at)
        assert row["sealed"]
    mailroom.clock.advance(clock.DAY)
    await mailroom.put("tomorrow")
    assert await mailroom.courier.deliver_due() == 1


async def test_a_reserve_is_kept_for_what_protects_an_account(mailroom: Mailroom) -> None:
    """Fifty others first: twenty more of that kind go, then none; plus signs make no new address."""
    secure = Message(LETTER.to.replace("@", "+a@"), LETTER.subject, LETTER.body, "secure %")
    for number in range(51):
        await mailroom.put(f"{number}")
    for number in range(21):
        await mailroom.put(f"secure {number}", secure)
    assert (await mailroom.row("50"))["dead_at"]
    assert (await mailroom.row("secure 19"))["dead_at"] is None
    assert (await mailroom.row("secure 20"))["last_error"] == "50 a day"


async def test_no_kind_of_mail_uses_up_the_reserve_of_another(mailroom: Mailroom) -> None:
    """Whoever logs in seventy times, or changes the password twenty times, keeps no reset back."""
    for kind in ["new_device:%", *sorted(f"{about}:%" for about in SECURITY), "profile:%:old"]:
        letter = Message(LETTER.to, LETTER.subject, LETTER.body, kind)
        before = sum(row["dead_at"] is None for row in await mailroom.rows())
        for number in range(60):
            await mailroom.put(kind.replace("%", str(number)), letter)
        went = sum(row["dead_at"] is None for row in await mailroom.rows()) - before
        again = kind == "new_device:%" and before
        assert went == (0 if again else 20 if before else 50), kind
