"""Cookies: `__Host-`, Secure, HttpOnly, SameSite=Lax; on loopback http without prefix and Secure.

Lax, not Strict: a Strict cookie set while answering a mailed link is not sent on the 303 after it.
"""

from starlette.requests import Request
from starlette.responses import Response

from web.settings import Settings


def _full_name(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.secure else name


def read(request: Request, settings: Settings, name: str) -> str:
    """Read a cookie of ours; '' when there is none."""
    return read_named(request, _full_name(settings, name))


def read_named(request: Request, full_name: str) -> str:
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


def put(
    response: Response, settings: Settings, name: str, value: str, *, seconds: int | None = None
) -> None:
    """Set a cookie; without a life in seconds it goes when the browser closes."""
    response.set_cookie(
        _full_name(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
