"""The address of the client, as far as the proxies in front can be believed."""

import ipaddress

from starlette.requests import Request

from web.settings import Settings


def client_address(request: Request, settings: Settings) -> str:
    """Give the rightmost address that is not one of our proxies."""
    peer = request.client.host if request.client else ""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    for address in [peer, *reversed(hops)]:
        if not _trusted(address, settings):
            return address if _valid(address) else peer
    return peer


def _trusted(address: str, settings: Settings) -> bool:
    if not _valid(address):
        return False
    known = ipaddress.ip_address(address)
    return any(known in network for network in settings.trusted_proxies)


def _valid(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True
