"""照会, 取下げ and the 届出書 to be printed."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.direct_debit import words
from web.direct_debit.acts import arrives_by
from web.direct_debit.details import opened
from web.direct_debit.lines import account_lines, changed_lines, masked_lines
from web.direct_debit.states import NotAllowed, OutOfDate
from web.features.direct_debit import flow
from web.fields.digits import phone_shown, postal_code_shown
from web.fields.names import label_lines
from web.http import errors
from web.http.access import account
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.render import render, url
from web.steps.drafts import read_version
from web.store import direct_debit_accounts, direct_debit_forms
from web.store.direct_debit_forms import Action, Kind, Mandate, State

SHOW, WITHDRAW, PAPER = "direct_debit/show", "direct_debit/withdraw", "direct_debit/paper"
_MOVED_ON = (
    "この届出書は、すでに手続が進んでいます",
    "この画面を開いたあとに、届出書の状態が変わりました。取り下げていません。",
    "照会の画面で、現在の状態をご確認ください。",
)


def _kind(request: Request) -> Kind:
    kind: Kind = request.path_params["kind"]
    return kind


async def show(request: Request) -> Response:
    """Show where an account of a kind stands: masked account, state, next step."""
    services, kind = services_of(request), _kind(request)
    now = await services.read_one(flow.current, account(request), kind)
    return render(
        request,
        SHOW,
        kind=kind,
        heading=f"{words.product(kind)}照会",
        debit_status=now.status,
        account_lines=masked_lines(now.details) if now.details else [],
        approved_at=now.live.approved_at if now.live else 0,
        mandates=now.mandates,
        procedure=words.procedure,
        states=words.STATES,
        arrives={each.id: clock.day_style(arrives_by(each.made_at)) for each in now.mandates},
        starts=[(action, words.procedure(kind, action)) for action in now.status.actions],
    )


async def withdraw(request: Request) -> Response:
    """Ask whether a 届出書 shall be taken back, or take it back."""
    services, kind = services_of(request), _kind(request)
    mandate = await _own_mandate(request)
    done = url(request, SHOW, kind=kind, notice="debit-withdrawn")
    if mandate.state is State.WITHDRAWN:
        return redirect(request, done)
    if request.method == "POST":
        version = read_version((await read_form(request, "version"))["version"])
        try:
            await services.write(flow.withdraw, mandate, version)
        except (NotAllowed, OutOfDate):  # the screen says why
            return redirect(request, url(request, WITHDRAW, kind=kind, form=mandate.id))
        return redirect(request, done)
    if mandate.state is not State.MADE:
        return errors.page(request, 409, words=_MOVED_ON)
    return render(
        request, WITHDRAW, kind=kind, mandate=mandate,
        heading=f"{words.procedure(kind, mandate.action)} 取下げ",
    )  # fmt: skip


async def _own_mandate(request: Request) -> Mandate:
    mandate_id = request.query_params.get("form", "")
    async with services_of(request).read() as work:
        mandate = await flow.own_mandate(work, account(request), _kind(request), mandate_id)
    if mandate is None:
        raise HTTPException(404)
    return mandate


async def paper(request: Request) -> Response:
    """Show the 届出書 with its address label, ready to be printed."""
    services, signed_in = services_of(request), account(request)
    mandate = await _own_mandate(request)
    if mandate.state is not State.MADE:
        raise HTTPException(404)
    details = opened(services.vault, mandate.id, mandate.sealed)
    lines = account_lines(details)
    async with services.read() as work:
        about = await direct_debit_forms.find(work, mandate.target_id)
        live = await direct_debit_accounts.find_live(work, signed_in.id, mandate.kind)
    if mandate.action is Action.CHANGE and live:
        lines = changed_lines(opened(services.vault, live.id, live.sealed), details)
    return render(
        request,
        PAPER,
        title_text=words.paper_title(mandate.kind, mandate.action),
        mandate=mandate,
        details=details,
        lines=lines,
        about=about.number if about else "",
        owner=signed_in,
        postal_code=postal_code_shown(details.postal_code) if details.postal_code else "",
        phone=phone_shown(details.phone),
        label_lines=[*label_lines(details.address), *label_lines(details.building)],
        mail_to=services.settings.direct_debit_address,
        declared=words.declared(mandate.kind, mandate.action),
        seal=words.SEAL,
        arrives=clock.day_style(arrives_by(mandate.made_at)),
        made_on=clock.mail_style(mandate.made_at).split(" ")[0],
    )
