"""Rows whose writing the trail must name: each of them tells of an event that was cut off."""

import re
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.every_row import BOB_AFTERWARDS, staged
from tests.support.product import Product
from tests.unit.parts import ROOT
from web import clock
from web.database import Tx
from web.security import audit_proof
from web.security.audit import EACH_WRITTEN
from web.security.audit_proof import Broken
from web.store.audit_witnesses import WITHOUT_EVENT

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SCHEMA = Path(ROOT, "db", "schema.sql").read_text(encoding="utf-8")
WITNESSES = {
    f"{table}.{column}"
    for table, column in re.findall(r"'(\w+)', (\w+)(?: AS at)? FROM", WITHOUT_EVENT)
} | {"accounts.created_at"}
# Times at which no event needs to have been written, and why.
OTHERS = {
    "of a time to come": """
        address_changes.expires_at address_confirmations.expires_at factor_resets.expires_at issuances.expires_at
        outbox.expires_at reset_links.expires_at second_steps.expires_at spent_challenges.expires_at
        factor_resets.due_at announcements.ends_at outbox.next_try_at outbox.leased_until error_lanes.held_until""",
    "of a request that is no event": """
        sessions.last_seen_at staff_sessions.last_seen_at shown_errors.shown_at drafts.created_at
        second_steps.created_at second_steps.used_at""",
    "written down the more rarely the more there are": """
        sessions.created_at devices.created_at sessions.ended_at staff_sessions.ended_at
        code_apps.used_at passkeys.used_at recovery_codes.used_at failures.first_at failures.last_at""",
    "of a request that a worker judges later": """
        address_confirmations.asked_at issuances.asked_at reset_links.asked_at reset_requests.asked_at
        issuances.judged_at reset_requests.judged_at""",
    "of a mail, whatever it is about": "outbox.created_at outbox.sent_at outbox.dead_at",
    "brought by a file": "credentials.password_changed_at payments.created_at",
}


# What staged() writes itself, without the event that the product writes with it.
BY_THE_TESTS = ("reports", "code_apps", "recovery_codes", "announcements")


def times() -> set[str]:
    """List the columns of the schema that hold a time."""
    found: set[str] = set()
    for table, columns in re.findall(
        r"^CREATE TABLE (\w+) \((.+?)^\)", SCHEMA, re.MULTILINE | re.DOTALL
    ):
        found |= {
            f"{table}.{name}"
            for name in re.findall(r"^    (\w+_(?:at|until)) INTEGER", columns, re.MULTILINE)
        }
    return found


def test_every_time_in_the_database_is_a_witness_or_it_is_said_why_not() -> None:
    """Also of the next table, whatever its columns are called."""
    others = [each for columns in OTHERS.values() for each in columns.split()]
    assert sorted([*others, *WITNESSES]) == sorted(times())


@pytest.fixture
def ticking(frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """Let a second pass whenever somebody asks for the time: no two transactions have the same."""

    def now() -> int:
        frozen.advance(1)
        return frozen.at

    monkeypatch.setattr(clock, "now", now)
    return frozen


async def proved(product: Product) -> None:
    """See that the trail is in order. Raises Broken."""
    async with product.services.read() as reads:
        await audit_proof.verify_end(reads, product.services.vault)


@pytest.mark.usefixtures("once")
async def test_nothing_that_people_do_looks_like_a_cut(
    product: Product, ticking: FrozenClock, visitor: httpx.AsyncClient
) -> None:
    """Each transaction in a second of its own, and log-ins beyond those that are written down."""
    async with staged(product, visitor):
        for table in BY_THE_TESTS:
            await product.meddle(f"DELETE FROM {table}")  # noqa: S608
        await proved(product)
        for _ in range(EACH_WRITTEN + 5):
            async with product.browser() as browser:
                await log_in(browser, BOB_AFTERWARDS)
                await browser.post("/useridmg/leave")
        await proved(product)


async def test_a_row_whose_event_was_cut_off_is_named(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Every witness by itself, in a database that is in order otherwise."""
    vault, database = product.services.vault, product.services.database
    async with staged(product, visitor), database.read() as reads:
        await audit_proof.verify_end(reads, vault)
        at = clock.now() - 1
        assert not product.rows("SELECT 1 FROM audit WHERE at = ?", at)

        async def tell(tx: Tx, table: str, column: str) -> None:
            assert await tx.run(f"UPDATE {table} SET {column} = :at", at=at)  # noqa: S608
            await audit_proof.verify_end(tx, vault)

        for each in sorted(WITNESSES):
            table, _, column = each.partition(".")
            with pytest.raises(Broken, match=f"{table}: a row of .* has no event"):
                await database.write(tell, table, column)
        await audit_proof.verify_end(reads, vault)
