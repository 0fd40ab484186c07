"""Other engines than Chromium for the same page objects and tests: docs/browsers.md."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

NAMES = ("chromium", "firefox", "webkit")


def choose(config: pytest.Config) -> None:
    """Tell the plugins which engine is meant."""
    if config.option.engine == "firefox":
        config.option.browser = ["firefox"]
        config.option.browser_channel = "moz-firefox"


def firefox_launcher(folder: Path) -> Path:
    """A program that Playwright can start in place of Firefox."""
    launcher = folder / "firefox"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {__package__}.firefox "$@"\n')
    launcher.chmod(0o755)
    return launcher


def keep_scripts_out(context: BrowserContext) -> None:
    """JavaScript off, as far as a page can tell: Firefox under Playwright hangs without any."""
    context.route("**/*.js", lambda route: route.abort())
