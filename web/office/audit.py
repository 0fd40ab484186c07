"""The audit trail: looked up by account, event and day."""

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.fields.choice import choice
from web.fields.day import day
from web.fields.field import Field
from web.fields.form import Form, FormSpec
from web.fields.user_id import user_id
from web.http.client import services_of
from web.http.render import render
from web.office import events
from web.security import audit_events
from web.steps.days import by_day
from web.store import accounts, audit

SCREEN = "office/audit"
MOST = 200
DAYS = 30  # looked at when no day is given
_EVENTS = {"": "すべて", **audit_events.LABELS}

USER_ID = Field("user_id", "納付利用者ID", user_id, required=False)
EVENT = Field("event", "操作内容", choice(_EVENTS), required=False)
DAY = Field(
    "day",
    "日",
    day,
    required=False,
    type="date",
    hint="この日だけを検索します。",
)
SINCE = Field(
    "since",
    "この日から",
    day,
    required=False,
    type="date",
    hint=f"「日」と「この日から」のどちらも選択しない場合は、直近の{DAYS}日間を検索します。",
)
ASKED = FormSpec((USER_ID, EVENT, DAY, SINCE))
UNKNOWN = "この納付利用者IDの利用者はいません。IDをご確認ください。"


async def search(request: Request) -> Response:
    """Show the events of an account, of a kind, of a day; a look changes nothing."""
    answers = ASKED.parse(request.query_params)
    account_id, found = None, []
    async with services_of(request).read() as reads:
        wanted = answers[USER_ID.name].value
        if wanted:
            account = await accounts.find_by_payment_id(reads, wanted)
            account_id = account.id if account else None
            if account is None:
                answers = answers.with_error(USER_ID.name, UNKNOWN)
        if answers.ok:
            since, before = _time(answers)
            found = await audit.search(
                reads, account_id=account_id, event=answers[EVENT.name].value or None,
                since=since, before=before, most=MOST + 1,
            )  # fmt: skip
    return render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        form=answers,
        events=_EVENTS.items(),
        days=by_day(found[:MOST], lambda each: each.at),
        more=len(found) > MOST,
        most=MOST,
        named=audit_events.label,
        details=events.details,
    )


def _time(answers: Form) -> tuple[int, int]:
    if answers[DAY.name].value:
        since = clock.start_of(clock.day_of(answers[DAY.name].value))
        return since, since + clock.DAY
    if answers[SINCE.name].value:
        return clock.start_of(clock.day_of(answers[SINCE.name].value)), clock.now() + 1
    return clock.now() - DAYS * clock.DAY, clock.now() + 1
