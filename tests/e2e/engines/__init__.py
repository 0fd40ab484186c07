"""Other engines than Chromium for the same page objects and tests: docs/browsers.md."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api
from playwright.sync_api import BrowserContext

NAMES = ("chromium", "firefox", "webkit")


def choose(config: pytest.Config) -> None:
    """Tell the plugins which engine is meant."""
    if config.option.browser_engine == "firefox":
        config.option.browser = ["firefox"]
        config.option.browser_channel = "moz-firefox"
    if config.option.browser_engine == "webkit":
        config.option.browser = ["webkit"]
        from . import webkit

        sync_api.expect = webkit.expect  # type: ignore[assignment]  # before any page object has it


def webkit_screen(folder: Path) -> Any:
    """A display that nobody sees, with WebKit's driver on it."""
    from . import webdriver

    return webdriver.Screen(folder)


def webkit_pages(screen: Any, base: str, *, javascript: bool) -> Iterator[Any]:
    """One page in a fresh browser."""
    from . import webdriver, webkit

    session = webdriver.Session(screen, javascript=javascript)
    yield webkit.Page(session, base)
    session.end()


def firefox_launcher(folder: Path) -> Path:
    """A program that Playwright can start in place of Firefox."""
    launcher = folder / "firefox"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {__package__}.firefox "$@"\n')
    launcher.chmod(0o755)
    return launcher


def keep_scripts_out(context: BrowserContext) -> None:
    """JavaScript off, as far as a page can tell: Firefox under Playwright hangs without any."""
    context.route("**/*.js", lambda route: route.abort())
