"""Who is asking: the client's address, as far as the proxies in front can be believed, and its device."""

from contextlib import AbstractContextManager

from starlette.requests import Request
from starlette.responses import Response

from web import clock, networks
from web.http import cookies
from web.http.access import services_of
from web.security import tokens
from web.security.throttle import DEVICE_LIFE, Attempt
from web.settings import Settings

DEVICE_COOKIE = "device"


def attempt_of(request: Request, user_id: str) -> Attempt:
    """Describe somebody who tries a password."""
    settings = services_of(request).settings
    token = cookies.read(request, settings, DEVICE_COOKIE)
    return Attempt(services_of(request).vault, user_id, client_address(request, settings), token)


def device_of(request: Request) -> bytes:
    """Give the digest of the device cookie, to be kept while other devices are forgotten."""
    return tokens.digest(cookies.read(request, services_of(request).settings, DEVICE_COOKIE))


def keep_device(request: Request, response: Response, device_token: str) -> None:
    """Let the browser keep its device cookie; it survives 終了."""
    settings = services_of(request).settings
    cookies.put(response, settings, DEVICE_COOKIE, device_token, seconds=DEVICE_LIFE)


def judging(request: Request) -> AbstractContextManager[None]:
    """Count a live check of a new password for as long as the block. Raises TooMany, Busy."""
    services = services_of(request)
    return services.tries.judging(client_address(request, services.settings), now=clock.now())


def client_address(request: Request, settings: Settings) -> str:
    """Give the rightmost address that is not one of our proxies."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.getlist("X-Forwarded-For")
    return networks.client(peer, forwarded, settings.trusted_proxies)
