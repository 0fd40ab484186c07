"""How Chromium is found and started: one on the path, else Playwright's own.

Its headless shell comes first: it opens a window for a sixth of the work, because it has no menus, tabs and
settings of a browser around the page. What it makes of a page is the same.
"""

import os
import shutil
import subprocess
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    # no process in reserve: most windows of a test stay the only one
    "--renderer-process-limit=1",
)


def launch_options(*, headed: bool = False) -> dict[str, Any]:
    """Playwright's launch options that fit this machine."""
    flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    executable = _on_path(NAMES if headed else (SHELL, *NAMES))
    return {"args": flags, **({"executable_path": executable} if executable else {})}


def _on_path(names: tuple[str, ...]) -> str | None:
    found = (shutil.which(name) for name in names)
    return next((path for path in found if path and _runs(path)), None)


def _runs(path: str) -> bool:
    """A name on the path may be a stub that only says how to install the browser."""
    return subprocess.run([path, "--version"], check=False, capture_output=True).returncode == 0
