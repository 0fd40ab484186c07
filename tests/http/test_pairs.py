"""Two nodes do at once what does not go together: one of them is told, and nothing is half done.

A pair is run in many rounds, each with the two in another order: `--rounds=60` for as many as one likes.
`nodes` says what they are.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import FrozenClock
from tests.support import codes, elsewhere
from tests.support.elsewhere import Elsewhere
from tests.support.office import BANK
from tests.support.people import ALICE
from tests.support.product import Product
from web import background
from web.clock import DAY, HOUR, MINUTE
from web.direct_debit import acts
from web.direct_debit.acts import Wish
from web.direct_debit.states import NotAllowed
from web.features.direct_debit import flow as debit
from web.features.direct_debit import form as debit_form
from web.features.direct_debit.flow import Procedure
from web.features.issuance import flow as issuance
from web.features.issuance import requests as issuance_requests
from web.features.password_change import flow as password_change
from web.features.password_reset import requests
from web.features.profile import flow as profile
from web.mail import messages
from web.office import two_persons
from web.office.accounts import flow as desk
from web.office.address import flow as address
from web.office.factor_reset import flow as factor_reset
from web.office.support import accounts as support
from web.office.support.accounts import Act as By
from web.security import throttle, tokens
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import factor_resets as factor_resets_end
from web.steps import profile_form
from web.steps.check_password import WrongPassword
from web.steps.drafts import Conflict, NothingToConfirm
from web.store import accounts, drafts, factor_resets, issuances, outbox
from web.store.accounts import Account, Shut
from web.store.address_changes import open_of_account
from web.store.credentials import CredentialKind
from web.store.direct_debit_forms import Action, Kind
from web.store.issuances import Issuance
from web.store.reset_requests import Request

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
NEW = Procedure(Kind.NATIONAL, Action.NEW)
TOLD = (
    Shut, NotAllowed, Conflict, NothingToConfirm, WrongPassword, desk.StillUsed,
    desk.DoneBefore, two_persons.DoneBefore, address.Voided, throttle.TooMany,
)  # fmt: skip
Nodes = tuple[Services, Elsewhere]
Both = tuple[Any, Any]  # what each of the two gave, or the exception that told it


@pytest.fixture
def rounds(pytestconfig: pytest.Config) -> int:
    """Say how often each pair is run."""
    return int(pytestconfig.getoption("--rounds", 6))


@pytest.fixture(scope="module")
def another() -> Iterator[Elsewhere]:
    """Run another process."""
    with elsewhere.process() as made:
        yield made


@pytest.fixture
async def nodes(product: Product, another: Elsewhere) -> AsyncIterator[Nodes]:
    """Give two nodes on one database: the product, and what another process has opened."""
    async with another.opened(product.settings):
        yield product.services, another


async def at_once(turn: int, one: Awaitable[Any], other: Awaitable[Any]) -> Both:
    """Do both together, in turn the one or the other first."""
    pair = (one, other) if turn % 2 else (other, one)
    told = await asyncio.gather(*pair, return_exceptions=True)
    for each in told:
        if isinstance(each, BaseException) and not isinstance(each, TOLD):
            raise each
    return (told[0], told[1]) if turn % 2 else (told[1], told[0])


def succeeded(both: Both) -> list[bool]:
    """Tell which of the two did something."""
    return [not isinstance(each, BaseException) for each in both]


async def alice(services: Services) -> Account:
    """Read Alice's account as it is now."""
    async with services.read() as reads:
        found = await accounts.find_by_payment_id(reads, ALICE.account.payment_user_id)
    assert found
    return found


async def drafted(services: Services, account: Account, name: str) -> str:
    """Make a draft of a change, and give its id."""
    values = {**profile_form.values(account.profile), "representative": name}
    version = str(account.profile_version)
    flow_id = profile.DRAFTS.new_flow_id(services.vault, account)
    kept = await services.write(profile.DRAFTS.keep, account, flow_id, values, base_version=version)
    return kept.id


def named(turn: int) -> str:
    """Give a 代表者名 that no other round has."""
    return f"星野　{str(turn).translate(DIGITS)}"


def count(product: Product, sql: str) -> int:
    """Count rows."""
    return int(product.rows(f"SELECT COUNT(*) AS n FROM {sql}")[0]["n"])  # noqa: S608 from here


async def test_an_id_is_retired_while_a_form_is_made(
    product: Product, nodes: Nodes, rounds: int
) -> None:
    """Either the 届出書 is there and the ID lives, or the ID is retired and no 届出書 is."""
    one, other = nodes
    for turn in range(rounds):
        account = await alice(one)
        draft = await _debit_draft(one, account)
        both = await at_once(
            turn,
            one.write(debit.apply, account, NEW, draft),
            other.write(desk.retire, By("kanri", "test"), account.payment_user_id),
        )
        made, retired = succeeded(both)
        assert made != retired
        assert count(product, "direct_debit_forms WHERE state = 'made'") == made
        await product.meddle("DELETE FROM direct_debit_forms")
        await product.meddle("DELETE FROM retirements")
        await product.meddle("DELETE FROM outbox")
        await product.meddle("UPDATE accounts SET disabled_at = NULL")


async def _debit_draft(services: Services, account: Account) -> str:
    async with services.read() as work:
        version = (await debit.current(work, account, Kind.NATIONAL)).version
    details = replace(BANK, holder_kana="ｹｲｼﾞ", postal_code="1600023", address="東京都新宿区１")
    values = {**debit_form.values(details), "procedure": NEW.key}
    flow_id = debit.DRAFTS.new_flow_id(services.vault, account)
    kept = await services.write(
        debit.DRAFTS.keep, account, flow_id, values, base_version=str(version)
    )
    return kept.id


async def test_an_id_is_retired_while_its_account_becomes_usable(
    product: Product, nodes: Nodes, rounds: int
) -> None:
    """利用開始 goes on, whichever is first: what is on its way keeps an ID from being retired."""
    one, other = nodes
    for turn in range(rounds):
        account = await alice(one)
        mandate = await _sent(one, account, Wish(Kind.NATIONAL, Action.NEW, BANK))
        both = await at_once(
            turn,
            one.write(acts.approve, *mandate),
            other.write(desk.retire, By("kanri", "test"), account.payment_user_id),
        )
        assert succeeded(both) == [True, False]
        assert count(product, "retirements") == 0
        await product.meddle("DELETE FROM direct_debit_forms")
        await product.meddle("DELETE FROM direct_debit_accounts")


async def test_an_id_is_retired_while_it_is_opened_again(
    product: Product, nodes: Nodes, rounds: int
) -> None:
    """It is shut for good, whichever is first."""
    one, other = nodes
    account = await alice(one)
    for turn in range(rounds):
        await product.disable(ALICE)
        both = await at_once(
            turn,
            one.write(desk.retire, By("kanri", "test"), account.payment_user_id),
            other.write(support.enable, By("madoguchi", "test"), account.payment_user_id),
        )
        assert both[0]
        assert (await alice(one)).disabled_at is not None
        await product.meddle("DELETE FROM retirements")
        await product.meddle("DELETE FROM outbox")


async def test_an_address_is_approved_while_it_is_taken_back(
    product: Product, nodes: Nodes, rounds: int
) -> None:
    """One decides; the trail has that decision alone."""
    one, other = nodes
    for turn in range(rounds):
        account = await alice(one)
        change = await _proposed(one, account, f"kawa{turn}@example.net")
        before = count(product, "audit WHERE event IN ('address.changed', 'address.refused')")
        both = await at_once(
            turn,
            one.write(address.approve, account.id, "kanri", change),
            other.write(address.take_back, account.id, "madoguchi", change),
        )
        approved, refused = succeeded(both)
        assert approved != refused
        after = await alice(one)
        assert (after.admin_email != account.admin_email) == approved
        assert (
            count(product, "audit WHERE event IN ('address.changed', 'address.refused')")
            == before + 1
        )


async def _proposed(services: Services, account: Account, new: str) -> str:
    await services.write(address.propose, account.id, "madoguchi", new, "test")
    async with services.read() as reads:
        change = await open_of_account(reads, account.id)
    assert change
    return change.id


async def test_a_release_is_taken_back_while_it_is_done(
    product: Product, nodes: Nodes, frozen: FrozenClock, rounds: int
) -> None:
    """Either the factors are there and it was taken back, or they are gone; the trail has one of both."""
    one, other = nodes
    ended = "audit WHERE event IN ('factors.cleared', 'factors.refused')"
    for turn in range(rounds):
        account = await alice(one)
        await codes.give_app(product, account.id)
        await one.write(factor_reset.propose, account.id, "madoguchi", "test")
        waiting = await one.read_one(factor_resets.open_of_account, account.id)
        assert waiting
        await one.write(factor_reset.approve, account.id, "kanri", waiting.id)
        await product.settle()
        frozen.advance(DAY)
        both = await at_once(
            turn,
            one.write(factor_reset.take_back, account.id, "madoguchi", waiting.id),
            other.write(factor_resets_end.end_due),
        )
        assert succeeded(both) == [count(product, "code_apps") == 1, True]
        assert count(product, ended) == turn + 1
        await product.meddle("DELETE FROM code_apps")


async def test_a_profile_is_changed_while_an_address_is_approved(
    product: Product, nodes: Nodes, rounds: int, frozen: FrozenClock
) -> None:
    """One is told: no receipt is given for a change that was not made."""
    one, other = nodes
    for turn in range(rounds):
        account = await alice(one)
        change = await _proposed(one, account, f"umi{turn}@example.net")
        draft = await drafted(one, account, named(turn))
        receipts = count(product, "receipts")
        both = await at_once(
            turn,
            one.write(profile.apply, account, draft),
            other.write(address.approve, account.id, "kanri", change),
        )
        assert sorted(succeeded(both)) == [False, True]
        assert count(product, "receipts") == receipts + 1
        assert (await alice(one)).profile_version == account.profile_version + 1
        await product.meddle("UPDATE address_changes SET decided_at = 1 WHERE decided_at IS NULL")
        frozen.advance(HOUR)  # what may be done twenty times in one begins anew


async def test_one_draft_is_confirmed_twice(
    product: Product, nodes: Nodes, rounds: int, frozen: FrozenClock
) -> None:
    """Both find the same receipt."""
    one, other = nodes
    for turn in range(rounds):
        account = await alice(one)
        draft = await drafted(one, account, named(turn))
        both = await at_once(
            turn,
            one.write(profile.apply, account, draft),
            other.write(profile.apply, account, draft),
        )
        assert both[0] == both[1]
        assert (await alice(one)).profile_version == account.profile_version + 1
        frozen.advance(HOUR)  # what may be done twenty times in one begins anew


async def test_an_account_is_changed_and_stopped(
    product: Product, nodes: Nodes, rounds: int
) -> None:
    """One 届出書 is made."""
    one, other = nodes
    account = await alice(one)
    for turn in range(rounds):
        live = await _live(one, account)
        wish = Wish(Kind.NATIONAL, Action.CHANGE, BANK)
        both = await at_once(
            turn,
            one.write(acts.make, account.id, [wish], tokens.new_id()),
            other.write(
                acts.make, account.id, [replace(wish, action=Action.STOP)], tokens.new_id()
            ),
        )
        assert sorted(succeeded(both)) == [False, True]
        assert count(product, f"direct_debit_forms WHERE target_id = '{live}'") == 1
        await product.meddle("DELETE FROM direct_debit_forms")
        await product.meddle("DELETE FROM direct_debit_accounts")


async def _sent(services: Services, account: Account, wish: Wish) -> tuple[str, int]:
    """Bring a 届出書 to where the bank looks at it; give its id and version."""
    (mandate,) = await services.write(acts.make, account.id, [wish], tokens.new_id())
    for version, act in enumerate((acts.receive, acts.send), start=1):
        await services.write(act, mandate.id, version)
    return mandate.id, 3


async def _live(services: Services, account: Account) -> str:
    """Bring an account through to 承認."""
    mandate = await _sent(services, account, Wish(Kind.NATIONAL, Action.NEW, BANK))
    return (await services.write(acts.approve, *mandate)).id


async def test_a_password_is_changed_to_two_others(
    product: Product, nodes: Nodes, rounds: int, frozen: FrozenClock
) -> None:
    """By two forms, with the same current one: one is set, the other is told that its current one is wrong."""
    current = ALICE.payment_password
    for turn in range(rounds):
        new = [f"hoshi-no-umi-to-{wind}-{turn}" for wind in ("kaze", "nami")]
        network, one, other = f"203.0.113.{turn}", *nodes
        both = await at_once(
            turn,
            _change_password(one, network, current, new[0]),
            other.call(_change_password, network, current, new[1]),
        )
        assert sorted(succeeded(both)) == [False, True]
        current = new[succeeded(both).index(True)]
        assert await product.holds(ALICE, CredentialKind.PAYMENT, current)
        assert count(product, "audit WHERE event = 'password.changed'") == turn + 1
        await product.settle()
        frozen.advance(HOUR)  # what may be done twenty times in one begins anew


async def _change_password(services: Services, network: str, current: str, new: str) -> str:
    attempt = Attempt(services.vault, ALICE.account.payment_user_id, network, "")
    done = await password_change.change(services, attempt, current, new, tokens.new_id())
    return done.number


async def test_two_new_ids_have_a_number_each(product: Product, nodes: Nodes, rounds: int) -> None:
    """次へ of two people who ask for a 利用者ID, and what was kept for others stays theirs."""
    one, other = nodes
    for turn in range(rounds):
        first, second = [await _asked(one, f"new{turn}{name}@example.net") for name in "ab"]
        both = await at_once(turn, _fill_in(one, first), other.call(_fill_in, second))
        assert succeeded(both) == [True, True]
    numbers = [row["number"] for row in product.rows("SELECT number FROM issuances")]
    assert None not in numbers
    assert len(set(numbers)) == 2 * rounds


async def _asked(services: Services, email: str) -> Issuance:
    """Ask for a 利用者ID."""
    await services.write(issuance_requests.ask, email, email, address=email)
    async with services.read() as reads:
        found = await issuances.find_asked(reads, email)
    assert found
    return found


async def _fill_in(services: Services, asked: Issuance) -> None:
    form = issuance.judge(services, asked, profile_form.values(ALICE.account.profile))
    await services.write(issuance.fill_in, asked.id, form)


async def test_two_drafts_of_a_flow_have_a_place_each(product: Product, nodes: Nodes) -> None:
    """次へ in two tabs: neither is lost."""
    one, other = nodes
    account = await alice(one)
    flow_id = profile.DRAFTS.new_flow_id(one.vault, account)
    both = await at_once(
        0, one.write(_keep, account, flow_id), other.write(_keep, account, flow_id)
    )
    assert succeeded(both) == [True, True]
    places = [row["position"] for row in product.rows("SELECT position FROM drafts")]
    assert len(places) == len(set(places)) == 2
    async with one.read() as reads:
        assert await drafts.latest(reads, account.id, profile.NAME, flow_id)


async def _keep(tx: Work, account: Account, flow_id: str) -> None:
    await profile.DRAFTS.keep(tx, account, flow_id, {})


async def test_the_last_request_of_an_hour_is_taken_once(nodes: Nodes, rounds: int) -> None:
    """A network that has one left gets one."""
    for turn in range(rounds):
        asked = [each.write(_ask, f"198.51.100.{turn}") for each in nodes]
        assert sorted(succeeded(await at_once(turn, *asked))) == [False, True]


async def _ask(tx: Work, network: str) -> None:
    await throttle.ask(tx, tx.vault, network, most=1)


async def test_two_resets_leave_one_live_url(product: Product, nodes: Nodes, rounds: int) -> None:
    """Each is mailed; the newer ends the older."""
    one, other = nodes
    for turn in range(rounds):
        both = await at_once(
            turn, one.write(_mail_url, 2 * turn), other.write(_mail_url, 2 * turn + 1)
        )
        assert succeeded(both) == [True, True]
        assert count(product, "reset_links WHERE ended_at IS NULL AND used_at IS NULL") == 1


async def _mail_url(tx: Work, number: int) -> None:
    account = await accounts.find_by_payment_id(tx, ALICE.account.payment_user_id)
    assert account
    asked = Request(f"{number:032}", CredentialKind.PAYMENT, b"", tx.now)
    await requests._mail_link(tx, account, asked)


@pytest.fixture
def no_other_courier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let those of the product wait for a commit of their own process; asked for before the product."""
    monkeypatch.setattr(background, "LOOK_AGAIN", 1.0 * HOUR)


@pytest.mark.parametrize("mails", [1, 2], ids=["one mail", "one address"])
@pytest.mark.usefixtures("no_other_courier")
async def test_two_couriers_take_one_mail_of_an_address(
    product: Product, nodes: Nodes, frozen: FrozenClock, mails: int, rounds: int
) -> None:
    """Neither the same mail twice, nor two to one mailbox at the same moment."""
    for turn in range(rounds):
        for number in range(mails):
            await nodes[1].write(_put_mail, 10 * turn + number)  # where no courier is awake
        frozen.advance(MINUTE)
        claims = [
            each.write(outbox.claim, leased_until=frozen.at + MINUTE, again=False) for each in nodes
        ]
        both = await at_once(turn, *claims)
        assert sum(each is not None for each in both) == 1
        await product.meddle("DELETE FROM outbox")


async def _put_mail(tx: Work, number: int) -> None:
    account = await accounts.find_by_payment_id(tx, ALICE.account.payment_user_id)
    assert account
    later = tx.as_of(tx.now + MINUTE)  # so that neither takes it yet
    message = messages.password_changed(
        tx.settings, account.admin_email, account.payment_user_id, at=tx.now
    )
    await later.mail(message, f"password_change:{number}", account_id=account.id)
