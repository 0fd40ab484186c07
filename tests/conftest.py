"""What every test can ask for: the clock, the post office, the product, a signed-in browser."""

import gc
import unicodedata
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest

from tests.e2e.waiting import PATIENCE
from tests.support import postgresql
from tests.support.engines import CHOSEN
from tests.support.log_lines import Told, heard
from tests.support.loop_time import LoopTime
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.product import Product, running
from web import clock
from web.database import database
from web.database.postgresql import address
from web.database.sqlite import locks
from web.demo.personas import Persona

SERVER = pytest.StashKey[str]()
# `make fuzz`: new cases each time, for as long as somebody cares to wait
hypothesis.settings.register_profile("long", max_examples=10_000, deadline=None)
hypothesis.settings.register_profile("usual", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("usual")


def pytest_configure(config: pytest.Config) -> None:
    """Start a PostgreSQL for the whole run; its workers are told where it is."""
    if config.getoption("--engine", "sqlite") != "postgresql":
        return
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is not None:
        CHOSEN.engine = postgresql.Databases(given["postgresql"], given["workerid"])
        return
    try:
        server = postgresql.Server()
    except postgresql.NoPostgreSQL as none:
        pytest.exit(str(none), returncode=1)
    config.add_cleanup(server.end)
    config.stash[SERVER] = server.url()
    CHOSEN.engine = postgresql.Databases(server.url(), "alone")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker."""
    if SERVER in node.config.stash:
        node.workerinput["postgresql"] = node.config.stash[SERVER]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that at the end no worker is alone with one."""
    items.sort(key=lambda each: each.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Let the collector look less often through the thousands of tests, which stay: it took 4 % of the run."""
    gc.set_threshold(20_000, 20, 50)


MONDAY_MORNING = 1_790_000_000 - 1_790_000_000 % clock.DAY


class FrozenClock:
    """The time, which moves only when told to."""

    def __init__(self) -> None:
        self.at = MONDAY_MORNING

    def __call__(self) -> int:
        return self.at

    def advance(self, seconds: int) -> None:
        """Move the time on."""
        self.at += seconds


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """Freeze the clock of the product."""
    frozen = FrozenClock()
    monkeypatch.setattr(clock, "now", frozen)
    return frozen


@pytest.fixture(scope="session", autouse=True)
def _patient_database() -> Iterator[None]:
    """Let writes and readers wait as long as a busy machine makes them.

    The product answers 503 when five seconds pass: where twenty log-ins stand in line for the one
    writer, a machine with much else to do needs longer. Tests of that 503 set a time of their own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "PATIENCE", PATIENCE)
        patch.setattr(locks, "PATIENCE", PATIENCE)
        patch.setattr(address, "PATIENCE", PATIENCE)
        patch.setitem(address._SETTINGS, "lock_timeout", f"{PATIENCE}s")
        patch.setitem(address._HURRIED, "idle_in_transaction_session_timeout", f"{PATIENCE}s")
        yield


@pytest.fixture
async def loop_time(monkeypatch: pytest.MonkeyPatch) -> LoopTime:
    """Give the time by which the event loop measures how long it has waited."""
    return LoopTime(monkeypatch)


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio, as the product does."""
    return "asyncio"


@pytest.fixture
def told() -> Iterator[Told]:
    """Read along in the log."""
    lines = Told()
    with heard(lines.hear):
        yield lines


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the lengths of the texts that are normalised."""
    seen: list[int] = []
    plain = unicodedata.normalize

    def counted(form: Any, text: str) -> str:
        seen.append(len(text))
        return plain(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    return seen


@pytest.fixture
def post() -> Iterator[PostOffice]:
    """Run a mail server."""
    office = PostOffice()
    office.start()
    yield office
    office.stop()


@pytest.fixture
async def product(tmp_path: Path, post: PostOffice, frozen: FrozenClock) -> AsyncIterator[Product]:
    """Run the product on a fresh database, with Alice, Bob and Charlie."""
    async with running(tmp_path, post) as product:
        yield product


async def log_in(browser: httpx.AsyncClient, person: Persona) -> None:
    """Log a person in through the screen."""
    answer = await browser.post(
        "/useridmg/login",
        data={
            "user_id": person.account.payment_user_id,
            "password": person.payment_password,
        },
    )
    assert answer.headers["Location"] == "/useridmg/mypage"


@pytest.fixture
async def alice(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Alice is logged in."""
    async with product.browser() as browser:
        await log_in(browser, ALICE)
        yield browser
