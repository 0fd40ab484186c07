"""What the tests of the screens share: both ways to press a button, and more people."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from typing import Any

import httpx
import pytest
from jinja2 import Environment, FileSystemLoader

from tests.conftest import log_in
from tests.support.engines import pytest_addoption
from tests.support.office import at_work
from tests.support.people import BOB, CHARLIE
from tests.support.press import WAYS, Press
from tests.support.product import Product
from tests.support.trips import BEYOND
from tests.support.twice import every_transaction_once
from web import app, log
from web.database import Tx
from web.demo.personas import ADMIN, CLERK, READER
from web.http.assets import Assets

__all__ = ["pytest_addoption"]


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    """Keep templates, read and compiled, and packed static files between the products of a run: all are pure."""
    compiled: dict[Any, Any] = {}
    compile_one = Environment.compile
    sources: dict[Any, Any] = {}
    read = FileSystemLoader.get_source

    def once_read(loader: FileSystemLoader, environment: Environment, name: str) -> Any:
        key = (tuple(loader.searchpath), name)
        if key not in sources:
            sources[key] = read(loader, environment, name)
        return sources[key]

    def once(environment: Environment, *args: Any, **kwargs: Any) -> Any:
        writes = environment.code_generator_class, environment.autoescape
        key = (writes, args, tuple(sorted(kwargs.items())))
        if key not in compiled:
            compiled[key] = compile_one(environment, *args, **kwargs)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", once)
        patch.setattr(FileSystemLoader, "get_source", once_read)
        patch.setattr(app, "Assets", cache(Assets))
        yield


@pytest.fixture(params=WAYS)
def press(request: pytest.FixtureRequest) -> Press:
    """Press a button, once without scripts and once by htmx."""
    return WAYS[request.param]


@pytest.fixture
async def visitor(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which nobody is logged in."""
    async with product.browser() as browser:
        yield browser


@pytest.fixture
async def bob(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Bob, a person, is logged in."""
    async with product.browser() as browser:
        await log_in(browser, BOB)
        yield browser


@pytest.fixture
async def charlie(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Charlie, a stranger to Alice, is logged in."""
    async with product.browser() as browser:
        await log_in(browser, CHARLIE)
        yield browser


@pytest.fixture
async def reader(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which a 担当者 who may look is logged in."""
    async with at_work(product, READER) as browser:
        yield browser


@pytest.fixture
async def clerk(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which a 担当者 who may act is logged in."""
    async with at_work(product, CLERK) as browser:
        yield browser


@pytest.fixture
async def admin(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which a 担当者 who may shut accounts is logged in."""
    async with at_work(product, ADMIN) as browser:
        yield browser


@pytest.fixture
def once(product: Product) -> Iterator[None]:
    """Write as the product does; the other tests of HTTP write everything twice."""
    with every_transaction_once():
        yield


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down every statement that a request runs."""
    made: list[str] = []

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(tx: Tx, sql: str, /, *rows: Any, **values: Any) -> Any:
            if log.request_id.get() and not BEYOND.match(sql):
                made.append(sql)
            return run(tx, sql, *rows, **values)

        return noted

    for run in (Tx.all, Tx.run, Tx.many, Tx.defer):
        monkeypatch.setattr(Tx, run.__name__, noting(run))
    return made
