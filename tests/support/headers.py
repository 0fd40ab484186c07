"""The headers that every answer must carry (docs/security.md)."""

import hashlib
import re
from collections.abc import Iterator

import httpx

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR = 31_536_000
LARGEST_COOKIE = 4096  # bytes of name and value; browsers drop what is larger without a word
LARGEST_HEAD = 8 * 1024  # of an answer, beside which a proxy has room for more than its own
FOREVER = f"public, max-age={YEAR}, immutable"
STATIC_TYPES = ("text/css", "text/javascript", "image/svg+xml")
JSON = (
    "/healthz", "/readyz", "/useridmg/session", "/useridmg/session/stay", "/useridmg/activity/data",
    "/office/session", "/office/session/stay", "/useridmg/passkey/renew",
    "/.well-known/passkey-endpoints",
)  # fmt: skip
CSV = ("/useridmg/summary-file",)
TEXT = ("/robots.txt", "/.well-known/security.txt")


def faults(response: httpx.Response) -> Iterator[str]:
    """Name everything that is wrong with the headers of an answer."""
    headers = response.headers
    policy = {part.strip() for part in headers.get("Content-Security-Policy", "").split(";")}
    if policy != CSP:
        yield f"Content-Security-Policy: {sorted(policy ^ CSP)}"
    for name, value in EXACT.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"
    features = headers.get("Permissions-Policy", "").split(", ")
    if not all(re.fullmatch(r"[a-z-]+=\(\)", feature) for feature in features):
        yield f"Permissions-Policy: {features}"
    if not re.fullmatch("[0-9a-f]{32}", headers.get("X-Request-Id", "")):
        yield f"X-Request-Id: {headers.get('X-Request-Id')}"
    size = sum(len(name) + len(value) + 4 for name, value in headers.raw)
    if size > LARGEST_HEAD:
        yield f"headers of {size} bytes"
    yield from _transport(response)
    yield from _caching(response)
    yield from _type(response)
    for cookie in headers.get_list("Set-Cookie"):
        yield from _cookie(cookie, secure=response.url.scheme == "https")


def _transport(response: httpx.Response) -> Iterator[str]:
    given = response.headers.get("Strict-Transport-Security", "")
    if response.url.scheme == "https":
        age = re.search(r"max-age=(\d+)", given)
        if not age or int(age[1]) < YEAR or "includeSubDomains" not in given:
            yield f"Strict-Transport-Security: {given}"
    elif given:
        yield f"Strict-Transport-Security over http: {given}"
    for name in response.headers:
        if name.lower().startswith("access-control-"):
            yield f"an answer to other sites: {name}"


def _caching(response: httpx.Response) -> Iterator[str]:
    given = response.headers.get("Cache-Control")
    if given != (FOREVER if _is_what_its_name_says(response) else "no-store"):
        yield f"Cache-Control: {given}"


def _is_what_its_name_says(response: httpx.Response) -> bool:
    """Tell whether an answer is a static file under its own hash; no other may be kept."""
    path = response.url.path
    if not (path.startswith("/static/") and response.is_success):
        return False
    digest = hashlib.sha256(response.content).hexdigest()[:12]
    return response.request.method == "HEAD" or f".{digest}." in path


def _type(response: httpx.Response) -> Iterator[str]:
    given = response.headers.get("Content-Type", "")
    path, media = response.url.path, given.partition(";")[0]
    if not given and response.status_code in {204, 303, 307}:
        return
    if path.startswith("/static/") and response.is_success:
        fits = media in STATIC_TYPES
    elif path == "/metrics":
        fits = given.startswith("text/plain") or response.status_code in {404, 405}
    elif path in JSON and media == "application/json":
        fits = True
    elif (path in TEXT and response.is_success) or (
        path.endswith("/factors/codes") and "Content-Disposition" in response.headers
    ):
        fits = given == "text/plain; charset=utf-8"
    elif path in CSV and "Content-Disposition" in response.headers:
        fits = given == "text/csv; charset=utf-8"
    else:
        fits = given == "text/html; charset=utf-8"
    if not fits:
        yield f"Content-Type: {given}"


def _cookie(cookie: str, *, secure: bool) -> Iterator[str]:
    name, *attributes = [part.strip() for part in cookie.split(";")]
    held = {part.lower() for part in attributes}
    if len(name) > LARGEST_COOKIE:
        yield f"Set-Cookie: {name.partition('=')[0]}: {len(name)} bytes"
    if not {"httponly", "path=/", "samesite=lax"} <= held or any(
        part.startswith("domain=") for part in held
    ):
        yield f"Set-Cookie: {name.partition('=')[0]}: {attributes}"
    if secure and not (name.startswith("__Host-") and "secure" in held):
        yield f"Set-Cookie over https: {name.partition('=')[0]}: {attributes}"
