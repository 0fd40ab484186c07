"""I1 利用規約の同意, I2 メールアドレスの入力, I3 依頼受付."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.features.issuance import requests, screens
from web.fields.field import Answer
from web.fields.form import Form
from web.http import live_check, stash, texts
from web.http.access import services_of
from web.http.body import read_form
from web.http.client import client_address
from web.http.htmx import is_htmx, next_step, redirect
from web.http.render import render, url

TERMS, ADDRESS, ASKED = "issuance/terms", "issuance/address", "issuance/asked"


async def terms(request: Request) -> Response:
    """I1: show 利用規約, or take the consent; it goes on in the address and is written nowhere."""
    if request.method != "POST":
        refused = stash.stashed(request, TERMS) is not None
        return _terms(request, screens.CONSENT.check("") if refused else screens.CONSENT.blank())
    answer = screens.CONSENT.check((await read_form(request, screens.CONSENT.name))["agreed"])
    if answer.good:
        run = requests.new_run(services_of(request).vault)
        return await next_step(
            request,
            url(request, ADDRESS, run=run),
            lambda: _address(request, run, screens.blank_address()),
        )
    return _terms(request, answer) if is_htmx(request) else stash.back_to(request, TERMS, {})


def _terms(request: Request, answer: Answer) -> Response:
    settings = services_of(request).settings
    form = Form([answer])
    return render(
        request,
        TERMS,
        status=200 if form.ok else 422,
        form=form,
        blocks=texts.own(settings, "terms"),
        ours="help/texts/terms.html",
    )


async def address(request: Request) -> Response:
    """I2: show the form, or take the address."""
    services, run = services_of(request), request.query_params.get("run", "")
    if not requests.agreed(services.vault, run):
        return redirect(request, url(request, TERMS, notice="terms-first"))
    if request.method != "POST":
        kept = stash.stashed(request, ADDRESS)
        if kept is None or kept["run"] != run:
            return await _address(request, run, screens.blank_address())
        return await _address(request, run, screens.address_with_errors(**kept["form"]))
    given = await read_form(request, *screens.ADDRESS)
    answers = screens.parse_address(given)
    if not answers.ok:
        if is_htmx(request):
            return await _address(request, run, answers)
        form = {
            "typed": {name: text[: stash.LONGEST] for name, text in answers.typed.items()},
            "errors": {each.field.name: each.error for each in answers.errors},
        }
        return stash.back_to(request, ADDRESS, {"run": run, "form": form}, run=run)
    email = answers["email"].value
    once_key = requests.once_key(services.vault, run, email)
    sender = client_address(request, services.settings)
    await services.write(requests.ask, once_key, email, address=sender)
    return await next_step(
        request,
        url(request, ASKED, receipt=once_key, run=run),
        lambda: _asked(request, run, email),
    )


async def _address(request: Request, run: str, form: Form) -> Response:
    return render(request, ADDRESS, status=200 if form.ok else 422, form=form, run=run)


async def check_address(request: Request) -> Response:
    """Judge the address that was just left; nobody is looked up."""
    return await live_check.judged(request, screens.check_address)


async def asked(request: Request) -> Response:
    """I3: say that the request was taken, and for which address; safe to reload."""
    run = request.query_params.get("run", "")
    email = await requests.asked_email(
        services_of(request), request.query_params.get("receipt", "")
    )
    if not email:
        return RedirectResponse(url(request, TERMS, notice="nothing-done"), status_code=303)
    return await _asked(request, run, email)


async def _asked(request: Request, run: str, email: str) -> Response:
    hours = services_of(request).settings.issue_link_hours
    return render(request, ASKED, run=run, email=email, hours=hours)
