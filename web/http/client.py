"""What a request brings: the services that answer it, the cookies, device and address of who asks.

Cookies are `__Host-`, Secure, HttpOnly, SameSite=Lax; on loopback http without prefix and Secure.
Lax, not Strict: a Strict cookie set while answering a mailed link is not sent on the 303 after it.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.requests import Request
from starlette.responses import Response

from web.security import tokens
from web.security.judged import being_typed
from web.security.throttle import DEVICE_LIFE, Attempt
from web.services import Services

DEVICE_COOKIE = "device"


def services_of(request: Request) -> Services:
    """Give the services that serve this request."""
    services: Services = request.scope["services"]
    return services


def _full_name(request: Request, name: str) -> str:
    return f"__Host-{name}" if services_of(request).settings.secure else name


def read_cookie(request: Request, name: str) -> str:
    """Read a cookie of ours; '' when there is none."""
    return cookie_named(request, _full_name(request, name))


def sends_cookies(request: Request) -> bool:
    """Tell whether the browser sends any cookie; after one was given, one that sends none refuses them."""
    return any(name == b"cookie" for name, _ in request.scope["headers"])


def cookie_named(request: Request, full_name: str) -> str:
    """Read the first cookie of exactly this name; '' when there is none.

    Never `request.cookies`: before Python 3.11.10 and 3.12.6 it unquotes in quadratic time, and a header
    full of quoted backslashes blocks the server for minutes (CVE-2024-7592).
    """
    wanted = f"{full_name}="
    for name, value in request.scope["headers"]:
        header = value.decode("latin-1") if name == b"cookie" else ""
        start = header.find(wanted)
        while start >= 0:
            if start == 0 or header[start - 1] == ";" or header[start - 2 : start] == "; ":
                found = header[start + len(wanted) :].partition(";")[0].rstrip(" \t")
                quoted = len(found) > 1 and found[0] == found[-1] == '"'
                return found[1:-1] if quoted else found  # Starlette quotes a value with = in it
            start = header.find(wanted, start + 1)
    return ""


def put_cookie(
    request: Request, response: Response, name: str, value: str, *, seconds: int | None = None
) -> None:
    """Set a cookie; without a life in seconds it goes when the browser closes."""
    response.set_cookie(
        _full_name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=services_of(request).settings.secure,
        httponly=True,
        samesite="lax",
    )


def attempt_of(request: Request, user_id: str) -> Attempt:
    """Describe somebody who tries a password."""
    token = read_cookie(request, DEVICE_COOKIE)
    return Attempt(services_of(request).vault, user_id, client_address(request), token)


def device_of(request: Request) -> bytes:
    """Give the digest of the device cookie, to be kept while other devices are forgotten."""
    return tokens.digest(read_cookie(request, DEVICE_COOKIE))


def put_session(
    request: Request, response: Response, cookie: str, token: str, device_token: str
) -> None:
    """Let the browser keep its session until it closes, and its device cookie, which survives 終了."""
    put_cookie(request, response, cookie, token)
    put_cookie(request, response, DEVICE_COOKIE, device_token, seconds=DEVICE_LIFE)


@contextmanager
def judging(request: Request) -> Iterator[None]:
    """Note a live check of a new password for as long as the block, and count it as one. Raises Busy."""
    token = being_typed.set(True)
    try:
        with services_of(request).tries.judging(client_address(request)):
            yield
    finally:
        being_typed.reset(token)


def may_judge(request: Request) -> None:
    """Refuse who has had too many passwords judged as they were typed. Raises TooMany."""
    services_of(request).passwords.judged.check(client_address(request), typed=True)


async def keep_back(request: Request) -> None:
    """Keep a refusal back for a moment: else who asks again at once, over and over, keeps everybody waiting."""
    services = services_of(request)
    await services.tries.linger(most=services.settings.requests_at_once // 4)


@asynccontextmanager
async def kept_back(request: Request, *refusals: type[Exception]) -> AsyncIterator[None]:
    """Keep these refusals of the block back."""
    try:
        yield
    except refusals:
        await keep_back(request)
        raise


def client_address(request: Request) -> str:
    """Give the address of whoever asks, as SecurityMiddleware found it; '' on a Unix socket."""
    return request.client.host if request.client else ""
