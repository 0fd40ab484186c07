"""The scripts of ours, and what templates let htmx send."""

import re

from tests.unit.parts import ROOT
from web import paths

SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in paths.STATIC.glob("*.js")}
TAG = re.compile(r"<\w[^>]*(?:\{[{%].*?[%}]\}[^>]*)*>", re.DOTALL)
# a member by a computed name that is written: `a[b] = c`, also in `Object.assign(a, given)` of something parsed
WRITTEN = re.compile(
    r"[\w)\]]\[[^\]]+\]\s*=[^=]|Object\.assign\([^)]*JSON\.parse|__proto__|\.prototype\.\w+\s*="
)


def test_no_script_writes_a_property_by_a_name_that_it_was_given() -> None:
    """Otherwise data could change what every object inherits (ASVS 15.3.6)."""
    assert len(SCRIPTS) > 5
    assert {name: found for name, text in SCRIPTS.items() if (found := WRITTEN.findall(text))} == {}


def test_what_is_typed_is_looked_up_by_no_address() -> None:
    """Addresses stand in logs and histories; names of banks, 支店 and 住所 are posted (ASVS 14.2.1)."""
    asking = []
    for path in (ROOT / "templates").rglob("*.html"):
        for tag in TAG.findall(path.read_text(encoding="utf-8")):
            typed = "hx-include" in tag or tag.startswith(("<input", "<select", "<textarea"))
            if "hx-get" in tag and (typed or "hx-trigger" in tag):
                asking.append((path.name, tag))
    assert asking == []
    assert not any(
        "fetch(" in text and "?" in text.partition("fetch(")[2][:80] for text in SCRIPTS.values()
    )
