"""The client's address: the rightmost one that is no proxy of ours, and nothing that is made up."""

from pathlib import Path

import pytest

from tests.unit import parts
from web import networks
from web.settings import Settings

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
    "an IPv4 address with a port": (PROXY, [f"{FAKE}, {CLIENT}:50123"], CLIENT),
    "an IPv6 address in brackets": (PROXY, [f"{FAKE}, [{CLIENT_6}]"], CLIENT_6),
    "an IPv6 address with a port": (PROXY, [f"{FAKE}, [{CLIENT_6}]:443"], CLIENT_6),
    "an IPv4 address as IPv6": (PROXY, [f"{FAKE}, ::ffff:{CLIENT}"], CLIENT),
    "the same in hexadecimal": (PROXY, [f"{FAKE}, ::ffff:cb00:7105"], CLIENT),
    "the same with a port": (PROXY, [f"{FAKE}, [::ffff:{CLIENT}]:50123"], CLIENT),
    "a proxy as IPv6": (PROXY, [f"{CLIENT}, ::ffff:{OTHER_PROXY}"], CLIENT),
    "a proxy with a port": (PROXY, [f"{CLIENT}, {OTHER_PROXY}:8443"], CLIENT),
    "an IPv6 proxy with a port": (PROXY, [f"{CLIENT}, [{PROXY_6}]:8443"], CLIENT),
    "a made-up proxy as IPv6": (PROXY, [f"::ffff:{PROXY}, {CLIENT}, {OTHER_PROXY}"], CLIENT),
    "a zone": (PROXY, [f"{CLIENT}, [{PROXY_6}%eth0]:80"], CLIENT),
    "a proxy that connects by IPv6": (f"::ffff:{PROXY}", [f"{FAKE}, {CLIENT}"], CLIENT),
    "many lines": (PROXY, [FAKE] * 50 + [CLIENT], CLIENT),
}


# how it is written: how it is read, what is counted as its network
READ = {
    "203.0.113.5": ("203.0.113.5", "203.0.113.5"),
    "203.0.113.5:1": ("203.0.113.5", "203.0.113.5"),
    " 203.0.113.5:65535\t": ("203.0.113.5", "203.0.113.5"),
    "[203.0.113.5]": ("203.0.113.5", "203.0.113.5"),
    "::ffff:203.0.113.5": ("203.0.113.5", "203.0.113.5"),
    "::FFFF:CB00:7105": ("203.0.113.5", "203.0.113.5"),
    "0:0:0:0:0:ffff:203.0.113.5": ("203.0.113.5", "203.0.113.5"),
    "[::ffff:203.0.113.5]": ("203.0.113.5", "203.0.113.5"),
    "[::ffff:203.0.113.5]:443": ("203.0.113.5", "203.0.113.5"),
    "::ffff:203.0.113.5:443": ("203.0.113.5", "203.0.113.5"),
    "2001:db8:1:2::5": ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
    "2001:DB8:1:2:ffff:ffff:ffff:ffff": (
        "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"
    ),
    "64:ff9b::203.0.113.5": ("64:ff9b::cb00:7105", "203.0.113.5"),
    "[64:ff9b::cb00:7105]:443": ("64:ff9b::cb00:7105", "203.0.113.5"),
    "64:ff9b::1:0:0": ("64:ff9b::1:0:0", "64:ff9b::/64"),
    "[2001:db8:1:2::5]": ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
    "[2001:db8:1:2::5]:443": ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
    "fe80::1%eth0": ("fe80::1", "fe80::/64"),
    "[fe80::1%25eth0]:443": ("fe80::1", "fe80::/64"),
    "::1": ("::1", "::/64"),
}  # fmt: skip
NO_ADDRESS = (
    "", "unknown", "_hidden", "203.0.113.256", "203.0.113", "203.0.113.5:", "203.0.113.5:a",
    "203.0.113.5:443:443", "203.0.113.05", "２０３.0.113.5", "203.0.113.5/32",
    "[2001:db8::1", "2001:db8::1]", "[2001:db8::1]443", "2001:db8::1::2", "[]", "::ffff:203.0.113.256",
    "203.0.113.5 198.51.100.6", "203.0.113.5\n", "fe80::1%", "x" * 10_000, ":" * 10_000,
)  # fmt: skip


@pytest.mark.parametrize("written", READ)
def test_an_address_is_the_same_however_it_is_written(written: str) -> None:
    """Port, brackets, zone and the IPv6 form of IPv4 do not matter."""
    assert (str(networks.read(written)), networks.counted(written)) == READ[written]


@pytest.mark.parametrize("written", NO_ADDRESS)
def test_what_is_no_address_is_not_guessed_at(written: str) -> None:
    """Nor taken for one of our proxies."""
    assert networks.read(written) is None
    assert not networks.within(written, [networks.read_network("0.0.0.0/0")])


@pytest.mark.parametrize(
    ("given", "proxy", "stranger"),
    [
        ("10.0.0.0/8", "::ffff:10.1.2.3", "11.0.0.1"),
        ("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.1"),
        ("::ffff:10.0.0.1", "[::ffff:10.0.0.1]:80", "10.0.0.2"),
        ("2001:db8::/48", "[2001:db8:0:9::1]:443", "2001:db9::1"),
    ],
)
def test_a_trusted_proxy_is_known_however_either_is_written(
    tmp_path: Path, given: str, proxy: str, stranger: str
) -> None:
    """In the setting and in the header."""
    site = parts.settings(tmp_path, MYPAGE_TRUSTED_PROXIES=given)
    assert found(proxy, [CLIENT], site) == CLIENT
    assert found(stranger, [CLIENT], site) == stranger


def found(peer: str, lines: list[str], site: Settings) -> str:
    """Give the address that SecurityMiddleware puts in the place of the peer's."""
    return networks.client(peer, lines, site.trusted_proxies)


@pytest.mark.parametrize("what", TABLE)
def test_the_client_is_the_rightmost_that_is_not_ours(tmp_path: Path, what: str) -> None:
    """Entries further left are whatever the client liked to send."""
    peer, lines, expected = TABLE[what]
    site = parts.settings(tmp_path, MYPAGE_TRUSTED_PROXIES=PROXIES)
    assert found(peer, lines, site) == expected


@pytest.mark.parametrize("what", TABLE)
def test_without_trusted_proxies_nobody_is_believed(tmp_path: Path, what: str) -> None:
    """Whoever connects is the client, whatever the header says."""
    peer, lines, _ = TABLE[what]
    assert found(peer, lines, parts.settings(tmp_path)) == peer.removeprefix("::ffff:")


def test_a_connection_without_an_address_has_none(tmp_path: Path) -> None:
    """A server on a Unix socket knows no peer; the header is not believed instead."""
    site = parts.settings(tmp_path, MYPAGE_TRUSTED_PROXIES=PROXIES)
    assert found("", [FAKE], site) == ""
