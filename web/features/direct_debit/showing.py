"""照会, 取下げ and the 届出書 to be printed."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.direct_debit import words
from web.direct_debit.details import opened
from web.direct_debit.lines import account_lines, masked_lines
from web.direct_debit.states import NotAllowed, OutOfDate
from web.features.direct_debit import flow
from web.features.direct_debit.places import PAPER, SHOW, WITHDRAW, kind_of
from web.features.direct_debit.rows import changed_lines
from web.fields.digits import postal_code_shown
from web.http import errors
from web.http.access import account, services_of
from web.http.body import read_form
from web.http.htmx import redirect
from web.http.render import render, url
from web.steps.drafts import read_version
from web.store import direct_debit_accounts, direct_debit_forms
from web.store.direct_debit_forms import Action, Mandate, State

_MOVED_ON = (
    "この届出書は、すでに手続が進んでいます",
    "この画面を開いたあとに、届出書の状態が変わりました。取り下げていません。",
    "照会の画面で、いまの状態をご確認ください。",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as 照会 lists it."""

    form: Mandate
    title: str
    state: str

    @property
    def printable(self) -> bool:
        """Tell whether the paper may still have to be sent."""
        return self.form.state is State.MADE

    @property
    def returned(self) -> bool:
        """Tell whether it came back with a reason."""
        return self.form.state is State.RETURNED


async def show(request: Request) -> Response:
    """Show where an account of a kind stands: masked account, state, next step."""
    services, kind = services_of(request), kind_of(request)
    async with services.read() as reads:
        now = await flow.current(reads, account(request), kind)
    return render(
        request,
        SHOW,
        kind=kind,
        heading=f"{words.product(kind)}照会",
        debit_status=now.status,
        account_lines=masked_lines(now.details) if now.details else [],
        approved_at=now.live.approved_at if now.live else 0,
        forms=[
            Shown(each, words.procedure(kind, each.action), words.STATES[each.state])
            for each in now.forms
        ],
        starts=[(action, words.procedure(kind, action)) for action in now.status.actions],
    )


async def withdraw(request: Request) -> Response:
    """Ask whether a form shall be taken back, or take it back."""
    services, kind = services_of(request), kind_of(request)
    form = await _own_form(request)
    done = url(request, SHOW, kind=kind, notice="debit-withdrawn")
    if form.state is State.WITHDRAWN:
        return redirect(request, done)
    if request.method == "POST":
        version = read_version((await read_form(request, "version"))["version"])
        try:
            await services.write(flow.withdraw, form, version)
        except (NotAllowed, OutOfDate):
            return redirect(request, url(request, WITHDRAW, kind=kind, form=form.id))  # it says why
        return redirect(request, done)
    if form.state is not State.MADE:
        return errors.page(request, 409, words=_MOVED_ON)
    return render(
        request, WITHDRAW, kind=kind, shown=form,
        heading=f"{words.procedure(kind, form.action)} 取下げ",
    )  # fmt: skip


async def _own_form(request: Request) -> Mandate:
    async with services_of(request).read() as reads:
        form = await flow.own_form(
            reads, account(request), kind_of(request), request.query_params.get("form", "")
        )
    if form is None:
        raise HTTPException(404)
    return form


async def paper(request: Request) -> Response:
    """Show the 届出書 with its address label, ready to be printed."""
    services, signed_in = services_of(request), account(request)
    form = await _own_form(request)
    if form.state is not State.MADE:
        raise HTTPException(404)
    details = opened(services.vault, form.id, form.sealed)
    lines = list(account_lines(details, details.number))
    async with services.read() as reads:
        about = await direct_debit_forms.find(reads, form.target_id)
        live = await direct_debit_accounts.find_live(reads, signed_in.id, form.kind)
    if form.action is Action.CHANGE and live:
        lines = changed_lines(opened(services.vault, live.id, live.sealed), details)
    return render(
        request,
        PAPER,
        title_text=words.form_title(form.kind, form.action),
        shown=form,
        details=details,
        lines=lines,
        about=about.number if about else "",
        owner=signed_in,
        postal_code=postal_code_shown(details.postal_code) if details.postal_code else "",
        mail_to=services.settings.direct_debit_address,
        made_on=clock.mail_style(form.made_at).split(" ")[0],
    )
