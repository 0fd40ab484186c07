"""How Chromium is found and started: one on the path, else Playwright's own."""

import os
import shutil
import subprocess
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
)


def launch_options() -> dict[str, Any]:
    """Playwright's launch options that fit this machine."""
    flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    executable = _on_path()
    return {"args": flags, **({"executable_path": executable} if executable else {})}


def _on_path() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and _runs(path)), None)


def _runs(path: str) -> bool:
    """A name on the path may be a stub that only says how to install the browser."""
    return subprocess.run([path, "--version"], check=False, capture_output=True).returncode == 0
