"""Attacks by text that is slow to convert: in fields, live checks, searches and drafts."""

from itertools import cycle
from urllib.parse import quote

from bench.attack.attacks import Attack, network, until
from bench.attack.site import Site
from bench.journeys import EDIT
from bench.stage import LOG_IN
from bench.table import Line

# What normalising, folding and guessing take longest for: each is repeated until there is no room.
PATTERNS = ("\u0315\u0300", "ｶﾞ", "\ufdfa", "ﬃ", "か\u3099", "㌔", "p4ssw0rd", "ａ　")
LONG, LONG_ADDRESS, LONG_PASSWORD = 60_000, 7_500, 1_000  # bytes
MOST = 4_000  # requests
BANKS = "/useridmg/debit/banks"
CHECKS = (  # those that need no log-in
    ("/useridmg/pwdInitPay/request/check", "user_id"),
    ("/useridmg/pwdInitPay/request/check", "admin_email"),
    ("/useridmg/issue/address/check", "email"),
    ("/useridmg/password/check", "new_password"),
    ("/useridmg/pwdInitPay/request", "user_id"),
    (LOG_IN, "user_id"),
)


def _long(pattern: str, size: int) -> str:
    return pattern * (size // len(pattern.encode()))


def _typed(site: Site, ends: float) -> list[Line]:
    """Type it wherever nobody has to be logged in."""
    asked, refused = 0, 0
    ways = cycle((path, name, pattern) for pattern in PATTERNS for path, name in CHECKS)
    for number, (path, name, pattern) in zip(until(ends, MOST), ways, strict=False):
        body = f"{name}={_long(pattern, LONG)}".encode()
        asked += 1
        refused += site.ask(path, body, network=network(number)).status == 413  # noqa: PLR2004
    return [Line("texts of 60 KB", asked), Line("answered as too large a body", refused, at_most=0)]


def _passwords(site: Site, ends: float) -> list[Line]:
    """Try passwords of many signs at log-in, where each costs a hash if it is not too long."""
    for number, pattern in zip(until(ends, MOST), cycle(PATTERNS), strict=False):
        typed = {"user_id": f"KNCA8{number:04}", "password": _long(pattern, LONG_PASSWORD)}
        site.ask(LOG_IN, typed, network=network(number))
    return []


def _searches(site: Site, ends: float) -> list[Line]:
    """Search with as many words as an address holds, with and without a log-in."""
    asked, someone = 0, site.browser(network(1), 1)
    for _, pattern in zip(until(ends, MOST), cycle(PATTERNS), strict=False):
        words = _long(f"{pattern} ", LONG_ADDRESS // 3)
        asked += someone.get(f"/help/search?q={quote(words)}").status == 200  # noqa: PLR2004
        asked += someone.post(BANKS, {"bank": words}).status == 200  # noqa: PLR2004
    someone.close()
    return [Line("searches answered", asked)]


def _drafts(site: Site, ends: float) -> list[Line]:
    """Keep it as a draft, and read that again and again."""
    asked, someone = 0, site.browser(network(1), 1)
    for _, pattern in zip(until(ends, MOST), cycle(PATTERNS), strict=False):
        form = someone.get(EDIT).at(EDIT)
        names = ("corporate_kana", "corporate_name", "representative", "admin_email")
        typed = dict.fromkeys(names, _long(pattern, 60_000 // 3 // len(names)))
        shown = someone.post(form.path, {"kind": "corporate", **typed, "version": "1"})
        asked += 1
        for _ in range(5):
            someone.get(shown.path).at(EDIT, 422)
    someone.close()
    return [Line("drafts, each read six times", asked)]


ATTACKS = [
    Attack("Texts that are slow to convert", _typed),
    Attack("Long passwords", _passwords),
    Attack("Searches of many words", _searches),
    Attack("Long drafts, read again and again", _drafts),
]
