"""What every request passes: its id, its host, its origin, its size; and the headers of every answer."""

import random
import time
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import log, metrics, networks
from web.http import errors, plain
from web.http.client import services_of
from web.security import pace
from web.security.fair_queue import asked_by
from web.security.vault import Vault
from web.services import Services
from web.setting_types import LOOPBACK_NAMES
from web.settings import Settings

_IN_LOG = "account in the log"
LARGEST_BODY = 64 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FOR_MACHINES = frozenset({"/healthz", "/readyz", "/metrics"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
# Referrer-Policy same-origin: with no-referrer a native form posts `Origin: null`.
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"


def security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """Give the headers that every answer carries."""
    headers = {**HEADERS, **({"Strict-Transport-Security": HSTS} if settings.secure else {})}
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def new_request_id() -> str:
    """Make the id of a request: a name, not a secret."""
    return f"{random.getrandbits(128):032x}"


class SecurityMiddleware:
    """Wraps the application; the only middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._inside, self._most = 0, settings.requests_at_once
        metrics.IN_FLIGHT.set_function(lambda: self._inside)
        vault = Vault(settings.secret_key)
        self._name_in_log = lru_cache(10_000)(
            lambda account_id: vault.sign(_IN_LOG, account_id.encode()).hex()[:12]
        )
        self._headers = security_headers(settings)
        self._proxies = settings.trusted_proxies
        base = urlsplit(settings.base_url)
        names = LOOPBACK_NAMES if base.hostname in LOOPBACK_NAMES else {base.hostname or ""}
        port = f":{base.port}" if base.port else ""
        self._hosts = {f"[{name}]{port}" if ":" in name else f"{name}{port}" for name in names}
        self._origins = {f"{base.scheme}://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        services: Services = scope["app"].state.services
        scope["services"] = services  # a page asks for them nine times
        scope["client"] = self._client(scope)
        asked_by.set(scope["client"][0])
        request_id = new_request_id()
        log.request_id.set(request_id)
        started, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                await pace.before_answer()
                status = message["status"]
                own = message["headers"]
                ours = [*self._headers, (b"x-request-id", request_id.encode())]
                if not any(name == b"cache-control" for name, _ in own):
                    ours.append((b"cache-control", b"no-store"))
                message["headers"] = [*own, *ours]
            await send(message)

        try:
            await self._pass(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 the last net: logged with its trace, answered as a page
            log.failure("request.failed", error)
            if status == 0:
                await _last_resort(scope)(scope, receive, answer)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _client(self, scope: Scope) -> tuple[str, int]:
        """Give the address of whoever asks: the rightmost one that is none of our proxies."""
        peer, port = scope["client"] or ("", 0)
        forwarded = [
            value.decode("latin-1")
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
        ]
        return networks.client(peer, forwarded, self._proxies), port

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count and log an answer by its route: an address typed by hand may hold a mailed key."""
        route = getattr(scope.get("route"), "name", None) or "none"
        number, times = metrics.of_answers(route, status)
        number.inc()
        times.observe(seconds)
        account = getattr(scope.get("state", {}).get("session"), "account", None)
        log.event(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            account=self._name_in_log(account.id) if account else "",
        )

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            _check_query(scope)
            if scope["path"] not in FOR_MACHINES:
                self._check_host(headers)
            if scope["method"] not in SAFE_METHODS:
                self._check_origin(headers)
                _check_length(headers)
        except HTTPException as refusal:
            response = await errors.on_http_exception(Request(scope), refusal)
            await response(scope, receive, send)
            return
        limited = _limited(receive)
        pause = scope["services"].announcements.maintenance
        if pause is not None and not _open_in_maintenance(scope):
            response = await errors.on_maintenance(Request(scope, limited), pause.ends_at)
            await response(scope, limited, send)
            return
        if self._inside >= self._most and scope["path"] not in FOR_MACHINES:
            response = await errors.on_crowd(Request(scope, limited))
            await response(scope, limited, send)
            return
        self._inside += 1
        try:
            await self._app(scope, limited, send)
        finally:
            self._inside -= 1

    def _check_host(self, headers: Headers) -> None:
        """Refuse foreign hosts: a DNS name rebound to our address must not read pages."""
        if headers.get("Host", "").lower() not in self._hosts:
            raise HTTPException(400, "foreign host")

    def _check_origin(self, headers: Headers) -> None:
        """Refuse what another site makes a browser send (CSRF)."""
        site = headers.get("Sec-Fetch-Site")
        if site is None and headers.get("Origin") in self._origins:
            return
        if site == "same-origin":
            return
        told = {name for name in headers if name == "origin" or name.startswith("sec-fetch-")}
        referers = headers.getlist("Referer")
        if told or not referers:
            raise HTTPException(403, "cross-site request" if told else errors.SENDER_UNKNOWN)
        # Text browsers say no more than this. Another site may keep it back, never choose it.
        if len(referers) > 1 or not any(_lies_in(referers[0], origin) for origin in self._origins):
            raise HTTPException(403, "cross-site request")


def _lies_in(address: str, origin: str) -> bool:
    return address.startswith(f"{origin}/")


def _last_resort(scope: Scope) -> Response:
    """Make the page of a 500, even when it is rendering that fails."""
    try:
        return errors.page(Request(scope), 500)
    except Exception as error:  # noqa: BLE001 logged with its trace; what follows needs no template
        log.failure("error_page.failed", error)
        numbers = services_of(Request(scope)).error_numbers
        html = plain.page(errors.PAGES[500], numbers.show(None))
        return HTMLResponse(html, status_code=500)


def _open_in_maintenance(scope: Scope) -> bool:
    """Keep open what tells about the maintenance: P1, L1 until it is posted, help, files, health."""
    path: str = scope["path"]
    if path in FOR_MACHINES or path.startswith(("/static/", "/help/")):
        return True
    return path in {"/", "/useridmg/login"} and scope["method"] in SAFE_METHODS


def _check_query(scope: Scope) -> None:
    """Refuse bytes that are no UTF-8, raw or percent-encoded; the error page cannot show them either.

    A mailed URL that was mangled on its way fits no link, and its own page says what to do.
    """
    query: bytes = scope["query_string"]
    if (b"%" not in query and query.isascii()) or scope["path"].endswith("/INIT"):
        return
    try:
        parse_qsl(query.decode(), errors="strict")
    except ValueError as wrong:
        scope["query_string"] = b""
        raise HTTPException(400, "unreadable query") from wrong


def _check_length(headers: Headers) -> None:
    length = headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_BODY:
        raise HTTPException(413)


def _limited(receive: Receive) -> Receive:
    """Stop reading a body that grows beyond the limit, whatever its Content-Length said."""
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise HTTPException(413)
        return message

    return limited
