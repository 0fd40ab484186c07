"""Errors that are pages: what happened, what to do next, and the request id."""

from collections.abc import Mapping
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock, log, metrics
from web.database import DatabaseUnavailable
from web.fields.field import for_html
from web.http import office_errors, refused_acts, render, too_often
from web.http.access import OFFICE, RoleNeeded, recognise, session_of_anybody
from web.http.body import SENT, BadRequest, read_exactly
from web.http.client import keep_back
from web.security.fair_queue import Busy
from web.security.throttle import Cause, TooMany
from web.services import announcements

_RETRY = "しばらく待ってから、もう一度お試しください。"
_KEPT = "「戻る」を押すと、前の画面に戻れます。"

# status: (heading, what happened, what to do next)
PAGES: Mapping[int, tuple[str, str, str]] = {
    400: (
        "送信された内容を読み取れませんでした",
        "ブラウザーから送られた内容が、この画面の形式に合っていません。",
        "画面を開き直して、もう一度お試しください。",
    ),
    401: (
        "ログインが必要です",
        "ログインしていないか、ログインの有効時間が過ぎています。",
        "お手数ですが、もう一度ログインしてください。",
    ),
    403: (
        "この操作は受け付けられません",
        "この画面以外から送信された操作は、安全のため受け付けていません。",
        "画面を開き直して、もう一度お試しください。",
    ),
    404: (
        "ページが見つかりません",
        "お探しのページは、削除または移動された可能性があります。",
        "アドレスをご確認いただくか、ポータルサイトからお進みください。",
    ),
    405: ("この操作はできません", "このアドレスでは行えない操作です。", _KEPT),
    409: (
        "ほかの画面で先に変更されています",
        "この画面を開いたあとに、利用者情報がほかの画面で変更されました。上書きは行っていません。",
        "マイページで最新の内容をご確認のうえ、もう一度変更してください。",
    ),
    410: (
        "このページは使用できません",
        "このページの有効期限が切れたか、手続が完了しています。",
        "ポータルサイトからもう一度お進みください。",
    ),
    413: (
        "送信された内容が大きすぎます",
        "入力できる量を超えています。",
        "前の画面に戻り、入力した内容を短くしてから、もう一度送信してください。",
    ),
    422: ("入力内容に問題があります", "入力した内容をご確認ください。", _KEPT),
    429: ("操作の回数が多すぎます", "短い時間に操作が繰り返されました。", _RETRY),
    500: (
        "システムでエラーが発生しました",
        "操作は完了していません。ご迷惑をおかけして申し訳ありません。",
        _RETRY + "続くときは、エラー番号を添えてお問い合わせください。",
    ),
    503: ("ただいま混み合っています", "操作は完了していません。", _RETRY),
}


MAINTENANCE = "メンテナンスのため、ご利用いただけません"
SENDER_UNKNOWN = "no origin told"
_SENDER_UNKNOWN = (
    PAGES[403][0],
    "どの画面から送信されたかが、ブラウザーから伝えられませんでした。安全のため、操作は受け付けていません。",
    "ブラウザーの設定で、リファラー（参照元、Referer）の送信を許可してから、画面を開き直して、もう一度お試しください。",
)
_OTHER_ACCOUNT = (
    "ほかの利用者でログインしています",
    "この画面を開いたあとに、別の利用者がログインしました。操作は完了していません。",
    "この画面を開いた利用者でログインし直してから、「もう一度送信する」を押してください。",
)

GOOD_ONCE = frozenset(
    {"code", "mailed_code", "recovery_code", "factor_key", "credential"}
)  # given back they could be used by who sees them


class OtherAccount(Exception):
    """The form was opened under another log-in than the one that sends it."""


# After these the same thing may be sent once more; what was typed must not be lost meanwhile.
SEND_AGAIN = frozenset({403, 429, 500, 503})


def page(
    request: Request,
    status: int,
    headers: Mapping[str, str] | None = None,
    words: tuple[str, str, str] | None = None,
    cause: Cause | None = None,
) -> Response:
    """Render the page of an error, whole or for htmx; what was typed can be sent once more.

    `cause`: of a 429. A password is not kept to be sent again, and a request would be refused again.
    """
    heading, message, next_step = words or PAGES.get(status, PAGES[500])
    send_again = cause in (None, Cause.ACTS) and _may_send_again(request, status)
    response = render.render(
        request,
        "error/page",
        status=status,
        heading=heading,
        message=message,
        next_step=next_step,
        address=_address(request),
        send_again=send_again,
        cause=cause,
        sent=_sent(request) if send_again else {},
    )
    response.headers.update(headers or {})
    return response


def _address(request: Request) -> str:
    """Give the address that was asked for; a mangled mailed URL may hold bytes that are no UTF-8."""
    path: str = request.scope["path"]
    query = request.scope["query_string"].decode(errors="replace")
    return f"{path}?{query}" if query else path


def _may_send_again(request: Request, status: int) -> bool:
    """Tell whether to offer to send it once more; never what another site made the browser send."""
    known = status != 403 or SENT in request.scope  # noqa: PLR2004 a status
    return request.method == "POST" and status in SEND_AGAIN and known


def _sent(request: Request) -> dict[str, str]:
    """Give the posted fields again, but no password and no code."""
    sent: dict[str, str] = request.scope.get(SENT, {})
    kept = {name for name in sent if "password" not in name} - GOOD_ONCE
    return {for_html(name): for_html(typed) for name, typed in sent.items() if name in kept}


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Answer what Starlette or an endpoint refused."""
    if not isinstance(error, HTTPException):
        raise error
    # No guard has found anybody at an address that there is not: this one names a row of nobody, or of another.
    nobodys = error.status_code == 404 and session_of_anybody(request)  # noqa: PLR2004 a status
    if error.status_code in {400, 403} or nobodys:
        reason = "names no row of the account" if nobodys else error.detail
        log.event("request.refused", status=error.status_code, reason=reason)
    await recognise(request)
    words = _SENDER_UNKNOWN if error.detail == SENDER_UNKNOWN else None
    return page(request, error.status_code, error.headers, words)


async def on_too_many(request: Request, error: Exception) -> Response:
    """Answer somebody who tried too often; the same for IDs that do not exist."""
    if not isinstance(error, TooMany):
        raise error
    log.event("throttled", seconds=error.seconds)
    metrics.THROTTLED.inc()
    await recognise(request)
    words = too_often.LOCKED if error.locked else too_often.words(error.seconds, error.cause)
    if error.cause is Cause.CODES:
        words = too_often.CODES_LOCKED if error.locked else words
    elif request.url.path.startswith(OFFICE):
        words = office_errors.LOCKED if error.locked else (*words[:2], _RETRY)
    return page(request, 429, {"Retry-After": str(error.seconds)}, words, error.cause)


async def on_role_needed(request: Request, error: Exception) -> Response:
    """Answer a 担当者 who may look, but not do this."""
    if not isinstance(error, RoleNeeded):
        raise error
    await refused_acts.note(request, error.act)
    heading, message, next_step = office_errors.ROLE
    words = (heading, message, next_step.format(error.needed.label))
    return page(request, 403, words=words)


async def on_other_account(request: Request, _: Exception) -> Response:
    """Answer a form of a tab whose log-in another tab has replaced; it can be sent once more."""
    log.event("request.refused", status=403, reason="another account's form")
    await _read_unread(request)
    return page(request, 403, words=_OTHER_ACCOUNT)


async def on_unavailable(request: Request, error: Exception) -> Response:
    """Answer while the database cannot serve."""
    log.failure("database.unavailable", error)
    await _read_unread(request)
    return page(request, 503, {"Retry-After": "10"})


async def on_crowd(request: Request) -> Response:
    """Answer while more requests are being answered than the machine can hold."""
    log.event("requests.crowd")
    metrics.SHED.inc()
    try:
        await _read_unread(request)
    except HTTPException as refusal:  # its body is too large
        return page(request, refusal.status_code)
    return page(request, 503, {"Retry-After": "3"})


async def on_maintenance(request: Request, ends_at: int | None) -> Response:
    """Answer while the operator keeps people out; what was typed can be sent afterwards."""
    now = clock.now()
    try:
        await _read_unread(request)
    except HTTPException as refusal:
        return page(request, refusal.status_code)
    wait = max(clock.MINUTE, ends_at - now) if ends_at else clock.HOUR
    words = (
        MAINTENANCE,
        announcements.until(ends_at, now),
        "終わってから、もう一度お試しください。",
    )
    return page(request, 503, {"Retry-After": str(wait)}, words)


async def _read_unread(request: Request) -> None:
    """Read a form that nobody has read yet, so that it can be sent once more."""
    if request.method == "POST" and SENT not in request.scope:
        with suppress(BadRequest):
            await read_exactly(request)


async def on_busy(request: Request, _: Exception) -> Response:
    """Answer while more passwords wait than can be hashed in good time."""
    log.event("passwords.busy")
    await keep_back(request)
    await recognise(request)
    return page(request, 503, {"Retry-After": "3"})


HANDLERS = {
    HTTPException: on_http_exception,
    TooMany: on_too_many,
    RoleNeeded: on_role_needed,
    OtherAccount: on_other_account,
    DatabaseUnavailable: on_unavailable,
    Busy: on_busy,
}
