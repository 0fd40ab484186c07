"""The client's address: the rightmost one that is no proxy of ours, and nothing that is made up."""

from pathlib import Path

import pytest
from starlette.requests import Request

from tests.unit import parts
from web.http.client import client_address

PROXY, OTHER_PROXY, CLIENT, FAKE = "10.0.0.1", "192.168.7.9", "203.0.113.5", "198.51.100.66"
PROXIES = "10.0.0.1, 192.168.0.0/16, 2001:db8:aa::/48"
PROXY_6, CLIENT_6 = "2001:db8:aa::1", "2001:db8:bb::5"

# what: (who connects, the header's lines, whom we take for the client)
TABLE: dict[str, tuple[str, list[str], str]] = {
    "no header": (PROXY, [], PROXY),
    "no proxy, no header": (CLIENT, [], CLIENT),
    "one proxy": (PROXY, [CLIENT], CLIENT),
    "two proxies": (PROXY, [f"{CLIENT}, {OTHER_PROXY}"], CLIENT),
    "made-up entries before": (PROXY, [f"{FAKE}, 127.0.0.1, {CLIENT}"], CLIENT),
    "a made-up proxy before": (PROXY, [f"{FAKE}, {PROXY}, {CLIENT}, {OTHER_PROXY}"], CLIENT),
    "a header from no proxy": (CLIENT, [FAKE], CLIENT),
    "a header from no proxy that names one": (CLIENT, [f"{FAKE}, {PROXY}"], CLIENT),
    "spaces": (PROXY, [f"  {CLIENT}  ,\t{OTHER_PROXY} "], CLIENT),
    "all are ours": (PROXY, [f"{OTHER_PROXY}, {PROXY}"], PROXY),
    "empty header": (PROXY, [""], PROXY),
    "only commas": (PROXY, [",,"], PROXY),
    "garbage": (PROXY, ["unknown"], PROXY),
    "garbage behind": (PROXY, [f"{FAKE}, _hidden"], PROXY),
    "garbage before": (PROXY, [f"<script>, {CLIENT}"], CLIENT),
    "no address, nearly": (PROXY, [f"{FAKE}, 203.0.113.256"], PROXY),
    "full-width digits": (PROXY, ["２０３.0.113.5"], PROXY),
    "IPv6": (PROXY_6, [CLIENT_6], CLIENT_6),
    "IPv6 through IPv4": (PROXY, [f"{FAKE}, {CLIENT_6}, {PROXY_6}"], CLIENT_6),
    "IPv6 outside the network": (CLIENT_6, [FAKE], CLIENT_6),
    "a second line by the proxy": (PROXY, [FAKE, CLIENT], CLIENT),
    "a second line by the second proxy": (PROXY, [f"{FAKE}, {CLIENT}", OTHER_PROXY], CLIENT),
    "many lines": (PROXY, [FAKE] * 50 + [CLIENT], CLIENT),
}


def asked(peer: str | None, lines: list[str]) -> Request:
    """Make a request as the server sees it."""
    headers = [(b"x-forwarded-for", line.encode("latin-1", "replace")) for line in lines]
    client = (peer, 50000) if peer else None
    return Request({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize("what", TABLE)
def test_the_client_is_the_rightmost_that_is_not_ours(tmp_path: Path, what: str) -> None:
    """Entries further left are whatever the client liked to send."""
    peer, lines, expected = TABLE[what]
    site = parts.settings(tmp_path, MYPAGE_TRUSTED_PROXIES=PROXIES)
    assert client_address(asked(peer, lines), site) == expected


@pytest.mark.parametrize("what", TABLE)
def test_without_trusted_proxies_nobody_is_believed(tmp_path: Path, what: str) -> None:
    """Whoever connects is the client, whatever the header says."""
    peer, lines, _ = TABLE[what]
    assert client_address(asked(peer, lines), parts.settings(tmp_path)) == peer


def test_a_connection_without_an_address_has_none(tmp_path: Path) -> None:
    """A server on a Unix socket knows no peer; the header is not believed instead."""
    site = parts.settings(tmp_path, MYPAGE_TRUSTED_PROXIES=PROXIES)
    assert client_address(asked(None, [FAKE]), site) == ""
