"""Fixtures of the journeys: a site, a browser with or without JavaScript, a mailbox, people."""

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from . import engines
from .chromium import launch_options
from .engines import limits
from .forked import ForkedServer
from .inboxes import Inbox, inbox_at
from .mailbox import Mailbox
from .personas import Cast, Officer, Persona, Service
from .server import Server
from .waiting import PATIENCE
from .watch import Watch

PATIENCE_MS = 1000 * PATIENCE


@dataclass(frozen=True)
class Site:
    """A deployment under test, the inbox of its mails and the people it knows."""

    url: str
    inbox: Inbox
    cast: Cast
    server: Server | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mypage", "Journeys")
    group.addoption(
        "--mailbox",
        metavar="url",
        help="where mails are read: https://host/demo/mail or imaps://user:password@host/folder; "
        "by default /demo/mail of --base-url",
    )
    group.addoption(
        "--personas",
        metavar="file",
        default=os.environ.get("MYPAGE_E2E_PERSONAS"),
        help="INI file with the people of the deployment; changed passwords are written back",
    )

    group.addoption(
        "--browser-engine",
        choices=engines.NAMES,
        default="chromium",
        help="another engine for the same journeys: docs/browsers.md",
    )
    group.addoption("--pictures", metavar="folder", help="where test_layout.py puts pictures")
    group.addoption("--transcripts", metavar="folder", help="where w3m's walks are written down")


def pytest_configure(config: pytest.Config) -> None:
    engines.choose(config)
    if config.option.screenshot == "off":
        config.option.screenshot = "only-on-failure"
    expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    limits.leave_out(config, items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    limits.hear(node.config, getattr(node, "workeroutput", {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was not run, and why."""
    for line in limits.lines(config):
        terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    site = getattr(item, "funcargs", {}).get("site")
    if isinstance(site, Site) and site.server:
        if report.failed:
            report.sections.append(("server log", site.server.log()))
        if report.when == "teardown":
            site.server.turn_page()
    return report


@pytest.fixture(scope="session")
def browser_engine(pytestconfig: pytest.Config) -> str:
    """The engine of --browser-engine."""
    given: str = pytestconfig.getoption("--browser-engine")
    return given


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config) -> str | None:
    """The deployment of --base-url; the plugin's own fixture warns under pytest 9."""
    given: str | None = pytestconfig.getoption("--base-url")
    return given


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
    browser_name: str,
    browser_channel: str | None,
    browser_engine: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    if browser_engine == "firefox":
        there = engines.firefox_launcher(tmp_path_factory.mktemp("firefox"))
        return {**browser_type_launch_args, "executable_path": there}
    if browser_name != "chromium" or browser_channel:
        return browser_type_launch_args
    headed = browser_type_launch_args.get("headless") is False
    return {**browser_type_launch_args, **launch_options(headed=headed)}


@pytest.fixture(scope="module", params=[True, False], ids=["javascript", "no-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Every journey runs twice; those about scripts alone say so in their module."""
    return bool(request.param)


@pytest.fixture(scope="module")
def site(
    javascript: bool,
    base_url: str | None,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The deployment of --base-url, or a fresh server for each module and mode."""
    file = pytestconfig.getoption("--personas", default=None)
    cast = Cast.load(Path(file) if file else None)
    given_inbox = pytestconfig.getoption("--mailbox", default=None)
    if base_url:
        url = base_url.rstrip("/")
        yield Site(url, inbox_at(given_inbox or f"{url}/demo/mail"), cast)
        return
    server = ForkedServer(tmp_path_factory.mktemp("site"))
    try:
        server.wait_until_alive()
        yield Site(server.url, inbox_at(f"{server.url}/demo/mail"), cast, server)
    finally:
        code = server.stop()
    assert code == 0, f"exit code {code} after SIGTERM\n{server.log()}"
    assert not server.spilled()


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], site: Site, javascript: bool, browser_engine: str
) -> dict[str, Any]:
    return {
        **browser_context_args,
        "base_url": site.url,
        "locale": "ja-JP",
        "timezone_id": "Asia/Tokyo",
        "java_script_enabled": javascript or browser_engine == "firefox",
    }


@pytest.fixture
def context(
    new_context: CreateContextCallback,
    site: Site,
    javascript: bool,
    browser_engine: str,
    pytestconfig: pytest.Config,
) -> Iterator[BrowserContext]:
    context = new_context()
    if browser_engine == "firefox" and not javascript:
        engines.keep_scripts_out(context)
    watch = Watch(context, site.url)
    yield context
    if not pytestconfig.getoption("--pictures"):  # Playwright puts a style into what it pictures
        watch.verdict()


@pytest.fixture(scope="session")
def webkit_screen(
    browser_engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[object]:
    """A display for WebKit's windows."""
    folder = tmp_path_factory.mktemp("webkit")
    screen = engines.webkit_screen(folder) if browser_engine == "webkit" else None
    yield screen
    if screen:
        screen.stop()


@pytest.fixture
def webkit_page(site: Site, javascript: bool, webkit_screen: object) -> Iterator[Page]:
    yield from engines.webkit_pages(webkit_screen, site.url, javascript=javascript)


@pytest.fixture
def page(browser_engine: str, request: pytest.FixtureRequest, site: Site, javascript: bool) -> Page:
    page: Page
    if browser_engine == "webkit":
        page = request.getfixturevalue("webkit_page")
        return page
    page = request.getfixturevalue("context").new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


@pytest.fixture
def mailbox(site: Site) -> Mailbox:
    return Mailbox(site.inbox)


@pytest.fixture
def cast(site: Site) -> Cast:
    return site.cast


@pytest.fixture
def service(cast: Cast) -> Service:
    """What the deployment says about itself."""
    return cast.service


@pytest.fixture
def company(cast: Cast) -> Persona:
    """A 行政書士事務所, complete."""
    return cast.company


@pytest.fixture
def individual(cast: Cast) -> Persona:
    """An individual."""
    return cast.individual


@pytest.fixture
def expired(cast: Cast) -> Persona:
    """A company whose payment password is older than its life of 60 days."""
    return cast.expired


@pytest.fixture
def clerk(cast: Cast) -> Officer:
    """A 担当者 who may act."""
    return cast.clerk


@pytest.fixture
def admin(cast: Cast) -> Officer:
    """A 担当者 who may also shut accounts."""
    return cast.admin
