"""Takes pictures of the main screens in Chromium, Firefox and WebKit, and sets them side by side, into var/engines."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.chromium import launch_options
from tests.e2e.engines import NAMES

TARGET = Path("var/engines")
WIDE = 3 * 1280 + 2 * 8
ROW = "<body style='display: inline-flex; gap: 8px; margin: 0; background: #888; align-items: start'>{}</body>"


def main() -> int:
    """Take them all; a screen that no engine has been on is missing."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for picture in TARGET.glob("*.png"):
        picture.unlink()
    command = [
        sys.executable,
        "-m",
        "tests.e2e.engines",
        "layout",
        f"--pictures={TARGET.resolve()}",
    ]
    code = subprocess.run(command, check=False).returncode
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport={"width": WIDE, "height": 900})
        row = TARGET / "row.html"
        for name in sorted({each.stem.rpartition("-")[0] for each in TARGET.glob("*.png")}):
            files = [TARGET / f"{name}-{engine}.png" for engine in NAMES]
            images = "".join(f"<img src='{each.name}'>" for each in files if each.exists())
            row.write_text(ROW.format(images), "utf-8")
            page.goto(row.resolve().as_uri())
            page.locator("body").screenshot(path=TARGET / f"{name}.png")
        row.unlink(missing_ok=True)
        browser.close()
    print(f"{len(list(TARGET.iterdir()))} files in {TARGET}")
    return code


if __name__ == "__main__":
    sys.exit(main())
