"""Attacks on the way in: headers without a bound, requests that are never whole, addresses in disguise."""

import time
from contextlib import ExitStack, suppress

from bench.attack.attacks import Attack, until
from bench.attack.site import Site, answered, head
from bench.ground import FIRST, PASSWORD
from bench.stage import LOG_IN
from bench.table import Line
from web.security.throttle import NETWORK_TRIES

ATTACKER = "198.51.100.66"
FORM = "Content-Type: application/x-www-form-urlencoded"
QUIETLY_HELD = 1_000  # connections, at most
MEGABYTE = 1024 * 1024
MOST_HEADERS = (
    50.0  # MB: of each of five connections what the kernel holds, and what is thrown away
)


def _cookies(site: Site, ends: float) -> list[Line]:
    """Send what is slow to unquote: as much as is taken, and much more."""
    taken, refused = 0, 0
    for number in until(ends, 2_000):
        size = 15_000 if number % 2 else 60_000
        lines = f'Cookie: __Host-session="{(size // 2) * (chr(92) + chr(34))}"'
        status = site.poured(head("GET", LOG_IN, lines, network=ATTACKER), b"\r\n")
        taken += status == 200  # noqa: PLR2004 statuses
        refused += status == 431  # noqa: PLR2004
    return [Line("cookies of 15 KB answered", taken), Line("cookies of 60 KB refused", refused)]


def _headers(site: Site, ends: float) -> list[Line]:
    """Begin heads that have no end: 250 MB in all, if somebody took them."""
    line, taken = b"X: " + 65_000 * b"a" + b"\r\n", 0
    for _ in until(ends, 5):
        with site.connected() as connection, suppress(OSError):
            connection.sendall(head("GET", LOG_IN, network=ATTACKER))
            for _ in until(ends, 50 * MEGABYTE // len(line)):
                connection.sendall(line)
                taken += len(line)
    return [Line("headers taken of 250 MB", taken / MEGABYTE, " MB", at_most=MOST_HEADERS)]


def _addresses(site: Site, ends: float) -> list[Line]:
    """Ask with query strings and numbers of headers that nobody needs."""
    for number in until(ends, 2_000):
        if number % 2:
            site.poured(head("GET", f"/?{'&'.join(['q=%41'] * 9_000)}", network=ATTACKER), b"\r\n")
        else:
            site.poured(head("GET", "/", *["X: 1"] * 2_000, network=ATTACKER), b"\r\n")
    return []


def _bodies(site: Site, ends: float) -> list[Line]:
    """Hold 200 places, and take each again as soon as it is lost."""
    return _held(site, ends, 200, [FORM, "Content-Length: 60000"], rest=b"\r\nuser_id=K")


def _silence(site: Site, ends: float) -> list[Line]:
    """Open a thousand connections with half a head each, from many networks, one after the other."""
    pause = (ends - time.perf_counter()) / QUIETLY_HELD
    return _held(site, ends, QUIETLY_HELD, [], rest=b"X-Dri", pause=pause)


def _held(
    site: Site, ends: float, most: int, lines: list[str], rest: bytes, pause: float = 0.0
) -> list[Line]:
    """Keep so many requests half sent, each from one of fifty networks."""
    opened = 0
    with ExitStack() as stack:
        held = []
        for number in until(ends, most):
            connection = stack.enter_context(site.connected())
            network = f"198.51.100.{number % 50}"
            connection.sendall(head("POST", LOG_IN, *lines, network=network) + rest)
            held.append(connection)
            opened += 1
            time.sleep(pause)
        for each in held:
            each.settimeout(max(0.01, ends - time.perf_counter()))
            answered(each)
            each.close()
    return [Line("requests half sent", opened)]


def _disguises(site: Site, _: float) -> list[Line]:
    """Use up the tries of one network, in every spelling; look whether others are counted with it."""
    spellings = (ATTACKER, f"{ATTACKER}:4711", f"::ffff:{ATTACKER}", f"[::ffff:{ATTACKER}]:4711")
    wrong = {"user_id": "KNCA9999", "password": "wrong"}
    for number in range(NETWORK_TRIES):
        typed = {**wrong, "user_id": f"KNCA9{number:03}"}
        site.ask(LOG_IN, typed, network=spellings[number % len(spellings)])
    stopped = sum(site.ask(LOG_IN, wrong, network=each).status == 429 for each in spellings)  # noqa: PLR2004
    right = {"user_id": FIRST, "password": PASSWORD}
    others = ("::ffff:203.0.113.9", "203.0.113.10:4711", "[2001:db8::9]:4711")
    served = sum(
        site.ask(LOG_IN, right, network=each).location.endswith("mypage") for each in others
    )
    return [
        Line("spellings of the attacker's network stopped", stopped, at_least=len(spellings)),
        Line("others who log in meanwhile", served, at_least=len(others)),
    ]


ATTACKS = [
    Attack("Cookies that are slow to unquote", _cookies),
    Attack("Headers without an end", _headers),
    Attack("Long addresses, many headers", _addresses),
    Attack("200 bodies that never come", _bodies),
    Attack("A thousand half heads", _silence),
    Attack("One network in many spellings", _disguises),
]
