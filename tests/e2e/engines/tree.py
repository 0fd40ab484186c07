"""What screen readers are given: asked of the engine itself, which has computed it."""

import json
from typing import Any

from playwright.sync_api import Page

from .firefox import IN_TREE
from .webdriver import ELEMENT


def has(page: Page, engine: str, role: str, name: str) -> bool:
    """Tell whether there is one thing of this role and name; in WebKit, whether it has the focus."""
    return _HOW[engine](page, role, name)


def _chromium(page: Page, role: str, name: str) -> bool:
    line = page.context.new_cdp_session(page)
    root = line.send("DOM.getDocument")["root"]["nodeId"]
    wanted = {"nodeId": root, "role": role, "accessibleName": name}
    found = line.send("Accessibility.queryAXTree", wanted)["nodes"]
    line.detach()
    return len(found) == 1


def _firefox(page: Page, role: str, name: str) -> bool:
    return bool(page.evaluate(IN_TREE + json.dumps({"role": role, "name": name})) == 1)


def _webkit(page: Any, role: str, name: str) -> bool:
    path = f"/element/{page.session.get('/element/active')[ELEMENT]}"
    said = [page.session.get(f"{path}/{each}") for each in ("computedrole", "computedlabel")]
    return said == [role, name]


_HOW = {"chromium": _chromium, "firefox": _firefox, "webkit": _webkit}
