"""The tables of second factors: whose a row is, what uses it up, and when it ends, to the second."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import FrozenClock
from tests.support.people import ALICE, BOB, CHARLIE
from tests.unit import parts
from web.clock import MINUTE
from web.database import Tx
from web.features.issuance import flow
from web.office import staff
from web.services import Services, Work
from web.store import (
    accounts,
    code_apps,
    factor_resets,
    passkeys,
    recovery_codes,
    second_factors,
    second_steps,
    spent_challenges,
)
from web.store.credentials import CredentialKind
from web.store.passkeys import Named, Passkey
from web.store.second_factors import Means, Without
from web.store.staff import Role

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

HASHES = dict.fromkeys(CredentialKind, "$argon2id$")
MINE, HERS = "m" * 32, "h" * 32


@pytest.fixture
async def services(tmp_path: Path, frozen: FrozenClock) -> AsyncIterator[Services]:
    """Give the services on a fresh database."""
    assert frozen.at
    async with parts.services(tmp_path) as services:
        yield services


async def add_app(services: Services, id: str, owner: str, key_id: str = "k") -> None:
    """Give somebody an app."""
    await services.write(code_apps.add, id, owner, id, b"sealed", key_id, last_step=7)


def passkey(id: str, owner: str, counter: int = 0) -> Passkey:
    """Give a passkey that somebody makes."""
    return Passkey(
        id=id, owner_id=owner, credential_id=id.encode(), public_key=b"key", rp_id="localhost",
        name=id, transports=("hybrid", "usb"), aaguid="make", counter=counter, synced=True, backed_up=False,
        created_at=0, used_at=None,
    )  # fmt: skip


async def test_the_apps_of_an_owner_are_listed_from_the_oldest_on(
    services: Services, frozen: FrozenClock
) -> None:
    """And nobody else's."""
    await add_app(services, "b", MINE)
    await add_app(services, "c", MINE)
    frozen.advance(1)
    await add_app(services, "a", MINE)
    await add_app(services, "d", HERS)
    found = await services.read_one(code_apps.of_owner, MINE)
    assert [each.id for each in found] == ["b", "c", "a"]
    first = found[0]
    assert (first.name, first.sealed, first.key_id, first.last_step) == ("b", b"sealed", "k", 7)
    assert (first.created_at, first.used_at) == (frozen.at - 1, None)


async def test_what_an_owner_can_prove_the_factor_with_is_found_at_once(
    services: Services, frozen: FrozenClock
) -> None:
    """Nothing, an app, an app and two passkeys, the oldest first; and nobody else's."""
    await add_app(services, "x", HERS)
    assert await services.write(passkeys.add, passkey("y", HERS))
    assert await services.read_one(second_factors.means, MINE) == Means(app=False, passkeys=())
    await add_app(services, "a", MINE)
    assert await services.read_one(second_factors.means, MINE) == Means(app=True, passkeys=())
    for name in ("c", "b"):
        assert await services.write(passkeys.add, passkey(name, MINE))
        frozen.advance(1)
    found = await services.read_one(second_factors.means, MINE)
    assert found.app
    assert found.passkeys == tuple(
        Named(name, "localhost", ("hybrid", "usb")) for name in (b"c", b"b")
    )


async def test_the_newest_step_stays_of_those_of_one_second(services: Services) -> None:
    """Whoever types a right password has a step, whatever came in the same second."""

    async def add(tx: Work, number: int) -> None:
        name = f"{number:02d}"
        second_steps.add(tx, name, name.encode(), MINE, "login", b"x", expires_at=tx.now + 1)

    for number in range(second_steps.PER_OWNER + 3):
        await services.write(add, number)
        newest = f"{number:02d}".encode()
        assert await services.read_one(second_steps.find, newest, "login")


@pytest.mark.parametrize("apps", [[], [MINE], [HERS]], ids=["none", "mine", "hers"])
@pytest.mark.parametrize("keys", [[], [MINE], [HERS]], ids=["none", "mine", "hers"])
async def test_a_step_says_whether_its_owner_has_an_app_alone(
    services: Services, apps: list[str], keys: list[str]
) -> None:
    """An app of the owner's, and no passkey; what somebody else has is nothing to it."""
    for owner in apps:
        await add_app(services, "a", owner)
    for owner in keys:
        assert await services.write(passkeys.add, passkey("b", owner))

    async def add(tx: Work) -> None:
        second_steps.add(tx, "s", b"hash", MINE, "login", b"sealed", expires_at=tx.now + 1)

    await services.write(add)
    step = await services.read_one(second_steps.find, b"hash", "login")
    assert step
    assert step.by_app_alone is (apps == [MINE] and keys != [MINE])


async def test_a_step_of_an_app_is_used_once_and_none_before_it(
    services: Services, frozen: FrozenClock
) -> None:
    """That of another app is not."""
    await add_app(services, "a", MINE)
    await add_app(services, "b", MINE)
    for step, good in ((7, False), (6, False), (9, True), (9, False), (8, False), (10, True)):
        assert await services.write(code_apps.use_step, "a", step) == good
    used, other = await services.read_one(code_apps.of_owner, MINE)
    assert (used.last_step, used.used_at) == (10, frozen.at)
    assert (other.last_step, other.used_at) == (7, None)


@pytest.mark.parametrize("kind", ["app", "passkey"])
async def test_an_owner_renames_and_removes_what_is_the_owner_s(
    services: Services, kind: str
) -> None:
    """One of them, and nobody else's; all of them are counted."""
    for name, owner in (("a", MINE), ("b", MINE), ("c", HERS)):
        await add_app(services, name, owner)
        assert await services.write(passkeys.add, passkey(name, owner))
    table = code_apps if kind == "app" else passkeys

    async def names() -> list[str]:
        mine = await services.read_one(table.of_owner, MINE)
        return [each.name for each in [*mine, *await services.read_one(table.of_owner, HERS)]]

    assert not await services.write(table.rename, "c", MINE, "x")
    assert not await services.write(table.remove, "c", MINE)
    assert await names() == ["a", "b", "c"]
    assert await services.write(table.rename, "a", MINE, "x")
    assert await names() == ["x", "b", "c"]
    assert await services.write(table.remove, "a", MINE)
    assert not await services.write(table.remove, "a", MINE)
    assert await names() == ["b", "c"]
    await add_app(services, "e", MINE)
    await services.write(passkeys.add, passkey("e", MINE))
    assert await services.write(table.remove_all, MINE) == 2
    assert await services.write(table.remove_all, MINE) == 0
    assert await names() == ["c"]


async def test_what_another_key_sealed_is_found_in_pieces(services: Services) -> None:
    """In the order of the ids, after the last one of the piece before."""
    for name, key_id in (("d", "old"), ("a", "old"), ("b", "new"), ("c", "older")):
        await add_app(services, name, MINE, key_id)

    async def ids(after: str, most: int) -> list[str]:
        found = await services.read_one(code_apps.sealed_before, "new", after=after, most=most)
        assert all(sealed == b"sealed" for _, sealed in found)
        return [name for name, _ in found]

    assert await ids("", 9) == ["a", "c", "d"]
    assert await ids("", 2) == ["a", "c"]
    assert await ids("a", 9) == ["c", "d"]
    await services.write(code_apps.reseal, "c", b"anew", "new")
    assert await ids("", 9) == ["a", "d"]
    apps = {each.id: each.sealed for each in await services.read_one(code_apps.of_owner, MINE)}
    assert apps == {"a": b"sealed", "b": b"sealed", "c": b"anew", "d": b"sealed"}


async def test_a_passkey_comes_back_as_it_was_made(services: Services, frozen: FrozenClock) -> None:
    """Found by what its authenticator calls it; made twice, it is refused the second time."""
    made = passkey("a", MINE)
    assert await services.write(passkeys.add, made)
    assert not await services.write(passkeys.add, replace(made, id="b", owner_id=HERS))
    expected = replace(made, created_at=frozen.at)
    assert await services.read_one(passkeys.find, b"a") == expected
    assert await services.read_one(passkeys.of_owner, MINE) == [expected]
    assert await services.read_one(passkeys.find, b"b") is None
    plain = replace(passkey("c", MINE), transports=(), synced=False, backed_up=True)
    frozen.advance(-1)
    assert await services.write(passkeys.add, plain)
    found = await services.read_one(passkeys.of_owner, MINE)
    assert found == [replace(plain, created_at=frozen.at), expected]


async def test_a_counter_rises_or_is_always_nought(services: Services, frozen: FrozenClock) -> None:
    """Else there is a copy of the key; synced ones do not count."""
    first, synced = passkey("a", MINE, counter=3), passkey("b", MINE)
    for each in (first, synced):
        await services.write(passkeys.add, each)

    async def use(each: Passkey, counter: int) -> bool:
        return await services.write(passkeys.use, each, counter, backed_up=True)

    assert not await use(first, 3)
    assert not await use(first, 0)
    assert not await use(replace(first, owner_id=HERS), 4)
    assert await use(synced, 0)
    assert await use(synced, 0)
    counters = {each.id: each for each in await services.read_one(passkeys.of_owner, MINE)}
    assert (counters["a"].counter, counters["a"].used_at, counters["a"].backed_up) == (
        3,
        None,
        False,
    )
    assert (counters["b"].used_at, counters["b"].backed_up) == (frozen.at, True)
    assert await use(first, 4)
    assert not await use(first, 4)
    assert await use(synced, 1)
    assert not await use(synced, 0)


async def test_a_code_on_paper_is_found_by_its_number_until_it_is_used(services: Services) -> None:
    """Of its owner; new ones take the place of all before."""
    await services.write(recovery_codes.replace, MINE, ["one", "two", "three"])
    await services.write(recovery_codes.replace, HERS, ["hers"])

    async def find(number: int) -> str | None:
        return await services.read_one(recovery_codes.find, MINE, number)

    assert [await find(each) for each in range(5)] == [None, "one", "two", "three", None]
    for owner, number, stored in ((MINE, 1, "two"), (HERS, 2, "two"), (MINE, 4, "two")):
        assert not await services.write(recovery_codes.use, owner, number, stored)
    assert await services.read_one(recovery_codes.left, MINE) == 3
    assert await services.write(recovery_codes.use, MINE, 2, "two")
    assert not await services.write(recovery_codes.use, MINE, 2, "two")
    assert [await find(each) for each in (1, 2, 3)] == ["one", None, "three"]
    assert await services.read_one(recovery_codes.left, MINE) == 2
    await services.write(recovery_codes.replace, MINE, ["new"])
    assert [await find(each) for each in (1, 2)] == ["new", None]
    assert await services.write(recovery_codes.remove_all, MINE) == 1
    assert await services.read_one(recovery_codes.left, MINE) == 0
    assert await services.read_one(recovery_codes.left, HERS) == 1


async def add_step(services: Services, id: str, owner: str = MINE, life: int = MINUTE) -> None:
    """Let somebody go on with something."""

    async def add(tx: Tx) -> None:
        second_steps.add(tx, id, id.encode(), owner, "log-in", b"sealed", expires_at=tx.now + life)

    await services.write(add)


async def live(services: Services, now: int, *ids: str) -> list[bool]:
    """Tell which steps can be gone on with."""
    found = [await services.read_one(second_steps.find, each.encode(), "log-in") for each in ids]
    return [each is not None and each.live(now) for each in found]


async def test_a_step_is_found_for_its_purpose_and_used_once(
    services: Services, frozen: FrozenClock
) -> None:
    """Within its time; what used it in vain gives it back."""
    await add_step(services, "a")
    await add_step(services, "b")
    assert await services.read_one(second_steps.find, b"a", "change") is None
    assert await services.read_one(second_steps.find, b"c", "log-in") is None
    found = await services.read_one(second_steps.find, b"a", "log-in")
    assert found
    assert (found.id, found.owner_id, found.purpose, found.sealed) == (
        "a",
        MINE,
        "log-in",
        b"sealed",
    )
    assert (found.created_at, found.expires_at) == (frozen.at, frozen.at + MINUTE)
    assert await services.write(second_steps.use, "a")
    assert not await services.write(second_steps.use, "a")
    assert await live(services, frozen.at, "a", "b") == [False, True]

    async def reopen(tx: Tx) -> None:
        second_steps.reopen(tx, "a")

    await services.write(reopen)
    frozen.advance(MINUTE - 1)
    assert await live(services, frozen.at, "a", "b") == [True, True]
    assert await services.write(second_steps.use, "a")
    frozen.advance(1)
    assert await live(services, frozen.at, "a", "b") == [False, False]
    assert not await services.write(second_steps.use, "b")


async def test_the_steps_of_an_owner_end_together(services: Services, frozen: FrozenClock) -> None:
    """What was used before keeps its time; a restore ends everybody's, and counts them."""
    await add_step(services, "a")
    await add_step(services, "b")
    await add_step(services, "c", HERS)
    await services.write(second_steps.use, "a")
    frozen.advance(1)

    async def end(tx: Tx) -> None:
        second_steps.end_of_owner(tx, MINE)

    await services.write(end)
    assert await live(services, frozen.at, "b", "c") == [False, True]
    used = await services.read_one(second_steps.find, b"a", "log-in")
    assert used
    assert used.used_at == frozen.at - 1
    await add_step(services, "d")
    assert await services.write(second_steps.end_all) == 2
    assert await services.write(second_steps.end_all) == 0
    assert await live(services, frozen.at, "c", "d") == [False, False]


async def test_the_newest_twenty_steps_of_an_owner_are_kept(
    services: Services, frozen: FrozenClock
) -> None:
    """Nobody else's go; those of one second by their names."""
    await add_step(services, "hers", HERS)
    await add_step(services, "z")
    await add_step(services, "y")
    for number in range(second_steps.PER_OWNER - 1):
        frozen.advance(1)
        await add_step(services, f"a{number}")
    assert await live(services, frozen.at, "hers", "y", "z", "a0") == [True, True, False, True]


async def test_steps_are_removed_some_time_after_their_end(
    services: Services, frozen: FrozenClock
) -> None:
    """Those that ended before a moment, used or not."""
    for name, life in (("a", 10), ("b", 11)):
        await add_step(services, name, life=life)
    assert await services.write(second_steps.tidy, before=frozen.at + 10) == 0
    assert await services.write(second_steps.tidy, before=frozen.at + 11) == 1
    assert await live(services, frozen.at, "a", "b") == [False, True]


async def test_a_challenge_is_spent_once_and_remembered_until_it_ends(
    services: Services, frozen: FrozenClock
) -> None:
    """After a restore all that were made before are spent."""
    end = frozen.at + 600
    assert await services.write(spent_challenges.spend, b"a", expires_at=end)
    assert not await services.write(spent_challenges.spend, b"a", expires_at=end)
    assert await services.write(spent_challenges.spend, b"b", expires_at=end)
    await services.write(spent_challenges.end_all, expires_at=end)
    assert not await services.write(spent_challenges.spend, b"c", expires_at=end)
    assert await services.write(spent_challenges.spend, b"d", expires_at=end + 1)
    await services.write(spent_challenges.end_all, expires_at=end + 2)
    assert not await services.write(spent_challenges.spend, b"e", expires_at=end + 2)
    assert await services.write(spent_challenges.spend, b"f", expires_at=end + 3)
    frozen.advance(600)
    assert await services.write(spent_challenges.tidy) == 0
    frozen.advance(1)
    assert await services.write(spent_challenges.tidy) == 2
    frozen.advance(1)
    assert await services.write(spent_challenges.tidy) == 1


async def add_people(services: Services) -> list[str]:
    """Make three accounts; give their ids in their order."""
    for person in (ALICE, BOB, CHARLIE):
        await services.write(flow.add, person.account, HASHES)
    found = []
    for person in (ALICE, BOB, CHARLIE):
        user_id = person.account.payment_user_id
        account = await services.read_one(accounts.find_by_payment_id, user_id)
        assert account
        found.append(account.id)
    return found


async def test_who_has_no_second_factor_is_counted(services: Services) -> None:
    """Of those who may log in; companies apart, and the office."""
    alice, bob, charlie = await add_people(services)
    for name in ("madoguchi", "kanri"):
        await services.write(staff.add, name, Role.CLERK, "$argon2id$")
    without = second_factors.without
    assert await services.read_one(without) == Without(3, 2, 2)
    await add_app(services, "a", alice)
    await services.write(passkeys.add, passkey("b", bob))
    assert await services.read_one(without) == Without(1, 1, 2)
    (clerk, _) = await services.read_one(_staff_ids)
    await add_app(services, "c", clerk)
    assert await services.read_one(without) == Without(1, 1, 1)
    await services.write(staff.disable, "kanri")
    await services.write(staff.disable, "madoguchi")
    assert await services.read_one(without) == Without(1, 1, 0)
    await services.write(_shut, charlie)
    assert await services.read_one(without) == Without(0, 0, 0)
    await services.write(passkeys.add, passkey("d", alice))
    assert await services.read_one(second_factors.owners) == 3
    assert await services.read_one(second_factors.number, alice) == 2
    assert [await services.read_one(second_factors.has_any, each) for each in (bob, charlie)] == [
        True,
        False,
    ]
    assert await services.read_one(second_factors.number, charlie) == 0


async def _staff_ids(tx: Tx) -> list[str]:
    return [row["id"] for row in await tx.all("SELECT id FROM staff ORDER BY name DESC")]


async def mail(tx: Tx, once_key: str, sent_at: int | None) -> None:
    """Write a mail, which was sent or not."""
    await tx.run(
        """INSERT INTO outbox (id, once_key, message_id, recipient, address, created_at, next_try_at, sent_at)
           VALUES (:key, :key, 'm', '', x'00', :now, :now, :sent_at)""",
        key=once_key, sent_at=sent_at,
    )  # fmt: skip


async def _shut(tx: Tx, account_id: str) -> None:
    await tx.run("UPDATE accounts SET disabled_at = :now WHERE id = :id", id=account_id)


async def test_who_is_to_be_told_is_listed_in_pieces(services: Services) -> None:
    """Open accounts, in the order of their ids, with what they have and were told."""
    alice, bob, charlie = await add_people(services)
    await add_app(services, "a", alice)
    first, second, third = sorted([alice, bob, charlie])

    await services.write(mail, f"factor_from:{bob}:30", None)

    async def listed(after: str, most: int, key: str = ":30") -> list[tuple[str, int, int]]:
        found = await services.read_one(second_factors.next_holders, after, key, most=most)
        return [(each.id, each.second, each.told) for each in found]

    everybody = {alice: (alice, 1, 0), bob: (bob, 0, 1), charlie: (charlie, 0, 0)}
    assert await listed("", 9) == [everybody[each] for each in (first, second, third)]
    assert await listed("", 2) == [everybody[each] for each in (first, second)]
    assert await listed(first, 9) == [everybody[each] for each in (second, third)]
    assert {each[2] for each in await listed("", 9, ":7")} == {0}
    await services.write(_shut, second)
    assert [each[0] for each in await listed("", 9)] == [first, third]


async def propose(services: Services, id: str, account: str) -> bool:
    """Propose a 確認手段の解除."""
    by = {"reason": "免許証", "proposed_by": "madoguchi"}
    return await services.write(factor_resets.add, id, account, **by, expires_at=2_000_000_000)


async def proved(services: Services, account: str) -> int:
    """Tell whether a factor was used or made since the one of an account was proposed."""
    found = await services.read_one(factor_resets.open_of_account, account)
    assert found
    return found.proved


@pytest.mark.parametrize("used", ["app", "passkey", "paper"])
async def test_a_factor_used_or_made_since_shows_that_nothing_is_lost(
    services: Services, frozen: FrozenClock, used: str
) -> None:
    """Later than in the second of the proposal, and by its owner."""
    alice, bob, _ = await add_people(services)

    async def make(id: str, owner: str) -> None:
        if used == "app":
            await add_app(services, id, owner)
        elif used == "passkey":
            await services.write(passkeys.add, passkey(id, owner))
        else:
            await services.write(recovery_codes.replace, owner, ["one", "two"])

    async def use(id: str, owner: str) -> None:
        if used == "app":
            await services.write(code_apps.use_step, id, 8)
        elif used == "passkey":
            await services.write(passkeys.use, passkey(id, owner), 0, backed_up=False)
        else:
            await services.write(recovery_codes.use, owner, 1, "one")

    await make("a", alice)
    assert await propose(services, "r", alice)
    await use("a", alice)
    assert not await proved(services, alice)  # in the same second it may have been before
    frozen.advance(1)
    await make("b", bob)
    await use("b", bob)
    assert not await proved(services, alice)
    assert await propose(services, "s", bob)
    assert not await proved(services, bob)
    frozen.advance(1)
    await make("c", bob)
    assert await proved(services, bob)
    if used == "app":
        await services.write(code_apps.use_step, "a", 9)
    elif used == "passkey":
        await use("a", alice)
    else:
        await services.write(recovery_codes.use, alice, 2, "two")
    assert await proved(services, alice)


async def test_a_release_is_proposed_approved_and_ended_once(
    services: Services, frozen: FrozenClock
) -> None:
    """One at a time for an account; the last of those that ended is the one that is told about."""
    alice, bob, _ = await add_people(services)
    assert not await propose(services, "x", "nobody")
    assert await propose(services, "r", alice)
    assert not await propose(services, "s", alice)
    assert await propose(services, "t", bob)
    first, other = await services.read_one(factor_resets.all_open)
    assert (first.id, first.account_id, first.payment_user_id) == ("r", alice, "KNCA6288")
    assert (first.reason, first.proposed_by, first.proposed_at) == (
        "免許証",
        "madoguchi",
        frozen.at,
    )
    assert (first.base_version, first.profile_version) == (1, 1)
    assert (first.approved_by, first.due_at, first.disabled_at, first.told) == ("", None, None, 0)
    assert other.account_id == bob
    due = {"due_at": frozen.at + 60}
    assert await services.write(factor_resets.approve, "r", "kanri", b"key", **due)
    assert not await services.write(factor_resets.approve, "r", "kanri", b"other", **due)
    found = await services.read_one(factor_resets.find_by_key, b"key")
    assert found
    assert (found.id, found.account_id, found.payment_user_id) == ("r", alice, "KNCA6288")
    assert (found.due_at, found.ended) == (frozen.at + 60, "")
    assert await services.read_one(factor_resets.find_by_key, b"other") is None
    assert await services.read_one(factor_resets.latest_ended, alice) is None
    assert await services.write(factor_resets.end, "r", "stopped")
    assert not await services.write(factor_resets.end, "r", "done")
    assert await services.read_one(factor_resets.stopped, "r")
    assert not await services.read_one(factor_resets.stopped, "t")
    ended = await services.read_one(factor_resets.latest_ended, alice)
    assert ended
    assert (ended.account_id, ended.payment_user_id) == (alice, "KNCA6288")
    assert (ended.how, ended.at) == ("stopped", frozen.at)
    assert not await services.write(factor_resets.approve, "r", "kanri", b"third", **due)


async def test_the_last_release_of_an_account_is_the_one_that_ended_last(
    services: Services, frozen: FrozenClock
) -> None:
    """Of two that ended in one second, the one that was proposed later; they go after their time."""
    alice, bob, _ = await add_people(services)
    for name, how in (("z", "refused"), ("a", "expired")):
        await propose(services, name, alice)
        frozen.advance(1)
        await services.write(factor_resets.end, name, how)
    await propose(services, "m", alice)
    await services.write(factor_resets.end, "m", "shut")
    await propose(services, "b", bob)
    frozen.advance(1)
    await services.write(factor_resets.end, "b", "changed")
    ended = await services.read_one(factor_resets.latest_ended, alice)
    assert ended
    assert ended.how == "shut"
    since = await services.read_one(factor_resets.ended_since, frozen.at - 1)
    assert since[0].how == "changed"
    assert {each.how for each in since} == {"changed", "shut", "expired"}
    assert await services.write(factor_resets.tidy, before=frozen.at - 2) == 0
    assert await services.write(factor_resets.tidy, before=frozen.at - 1) == 1
    await propose(services, "o", alice)
    assert await services.write(factor_resets.end_all) == 1
    assert await services.write(factor_resets.end_all) == 0
    assert await services.read_one(factor_resets.all_open) == []


async def test_releases_wait_in_the_order_of_their_proposals(
    services: Services, frozen: FrozenClock
) -> None:
    """Whether the owner was told is seen by the one mail that went out."""
    alice, bob, charlie = await add_people(services)
    await propose(services, "z", alice)
    frozen.advance(1)
    await propose(services, "y", bob)
    await propose(services, "x", charlie)

    await services.write(mail, "factor_reset:z", None)
    await services.write(mail, "factor_reset:y:notice", frozen.at)
    await services.write(mail, "factor_reset:x", frozen.at)
    waiting = await services.read_one(factor_resets.all_open)
    assert [(each.id, each.told) for each in waiting] == [("z", 0), ("x", 1), ("y", 0)]
