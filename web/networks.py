"""Reads IP addresses for every purpose: the client, our proxies, the network that failures are counted for.

Proxies write an address in many ways. If two places read them differently, all clients of a proxy could
count as one network, or a stranger could pass for a proxy of ours.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")  # an IPv4 address written as IPv6
# IPv4 clients of an IPv6 server: RFC 6052, section 2.1.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_COUNTED_BITS = 64  # of IPv6: what a subscriber gets
_ZONE, _PORT = r"(?:%[\w.~-]{1,32})?", r"(?::[0-9]{1,5})?"
_WRITTEN = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"([0-9.]{{7,15}}){_PORT}",  # 192.0.2.1, 192.0.2.1:443
        rf"([0-9A-Fa-f:]{{2,39}}){_ZONE}",  # 2001:db8::1, fe80::1%eth0
        rf"\[([0-9A-Fa-f:]{{2,30}}[0-9A-Fa-f.:]{{0,15}}){_ZONE}\]{_PORT}",  # the same in brackets
        rf"([0-9A-Fa-f:]{{2,30}}:[0-9.]{{7,15}}){_PORT}",  # ::ffff:192.0.2.1, some with a port
    )
)


@lru_cache(maxsize=1000)
def read(written: str) -> Address | None:
    """Give the address that somebody wrote, without port, brackets and zone; None for anything else."""
    text = written.strip(" \t")
    found = next(filter(None, (each.fullmatch(text) for each in _WRITTEN)), None)
    if found is None:
        return None
    try:
        address = ipaddress.ip_address(found[1])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def read_network(written: str) -> Network:
    """Give the network of an address or CIDR in a setting. Raises ValueError."""
    network = ipaddress.ip_network(written.strip())
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        last = int(network.network_address) & 0xFFFFFFFF
        return ipaddress.IPv4Network((last, network.prefixlen - _MAPPED.prefixlen))
    return network


@lru_cache(maxsize=1000)
def counted(written: str) -> str:
    """Give what is counted as one network: an IPv4 address, translated or not, or an IPv6 /64."""
    address = read(written)
    if address is None:
        return written
    if address in _TRANSLATED:
        return str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _COUNTED_BITS), strict=False))
    return str(address)


def within(written: str, networks: Iterable[Network]) -> bool:
    """Tell whether an address lies in one of the networks."""
    address = read(written)
    return address is not None and any(address in network for network in networks)


@lru_cache(maxsize=1000)
def _spelled(written: str) -> str:
    """Spell an address as Python does; '' for anything else."""
    return str(read(written) or "")


def client(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Give the rightmost address that is no proxy of ours: the peer, or of X-Forwarded-For's lines.

    The client itself may have sent the entries further left. At one that is no address the search stops,
    and the peer counts.
    """
    ours = _spelled(peer) or peer
    if not forwarded or not proxies:
        return ours
    hops = ",".join(forwarded).split(",")
    for written in [peer, *reversed(hops)]:
        if not within(written, proxies):
            return _spelled(written) or ours
    return ours
