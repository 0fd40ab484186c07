"""M1 マイページ."""

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.direct_debit.status import status_of
from web.http.access import account, session
from web.http.client import services_of
from web.http.render import render
from web.settings import Settings
from web.store.direct_debit_forms import Kind

ANNOUNCED = 14 * clock.DAY


async def show(request: Request) -> Response:
    """Show what is registered and what can be done."""
    current, now = session(request), clock.now()
    ends_at = password_ends_at(services_of(request).settings, current.password_changed_at)
    return render(
        request,
        "mypage/show",
        account=account(request),
        as_of=clock.mypage_style_with_seconds(now),
        last_login=_words(current.previous_login_at),
        password_ends=_words(ends_at),
        password_days_left=(ends_at - now) // clock.DAY if ends_at else 0,
        debits=tuple(
            status_of(kind, current.debit_ids.get(kind, ""), current.debit_forms) for kind in Kind
        ),
        password_ends_soon=ends_at is not None and ends_at - now <= ANNOUNCED,
    )


def _words(at: int | None) -> str:
    return clock.mypage_style(at) if at is not None else ""


def password_ends_at(settings: Settings, changed_at: int) -> int | None:
    """Give the end of the 納付利用者パスワード's life; None when it has none (manual, chapter 2)."""
    days = settings.password_life_days
    return changed_at + days * clock.DAY if days else None
