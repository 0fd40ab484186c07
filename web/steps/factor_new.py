"""Registering an app or 予備コード: the pages that a proved owner is led to."""

from dataclasses import dataclass

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web import clock
from web.fields.form import Form, FormSpec
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.security import totp
from web.steps import factor_mailed, factors, second_form
from web.steps.factor_names import NAME
from web.steps.factor_pages import APP, CODES, Pages, Person
from web.steps.second_factor import Owner
from web.steps.second_step import Over
from web.store.second_steps import SecondStep

NEW_APP = FormSpec((NAME, second_form.CODE))
TYPE_BACK = (
    "この予備コードは、上の一覧にありません。控えたもののうち1つを、そのまま入力してください。"
)


async def mailed(pages: Pages, request: Request) -> Response:
    """Ask the code that was mailed, then lead to what is to be registered."""
    person, what = pages.person(request), request.query_params.get("for", "")
    token, name = request.query_params.get("step", ""), f"{pages.at}/mailed"
    services, address = services_of(request), {"step": token, "for": what}
    try:
        step = await services.read_one(factor_mailed.begun, token, what, person.session_id)
    except Over:
        return over(pages, request)

    async def show(form: Form) -> Response:
        return render(
            request, "factors/mailed", status=200 if form.ok else 422, form=form,
            action=url(request, name, **address),
            again=url(request, f"{pages.at}/prove", **{"for": what}),
            back=url(request, f"{pages.at}/show"),
        )  # fmt: skip

    spec = second_form.BY_MAIL
    if request.method != "POST":
        return await show(form_to_show(request, name, spec, step=step.id))
    form = spec.parse(await read_form(request, *spec.names))
    if form.ok:
        typed = form[spec.names[0]].value
        try:
            proved = await services.write(
                factor_mailed.prove, person.owner, token, typed, what, person.session_id
            )
        except Over:
            return over(pages, request)
        if isinstance(proved, str):
            return redirect(request, url(request, f"{pages.at}/{what}", step=proved))
        form = form.with_error(spec.names[0], proved.words)
    return await redisplay(request, name, form, show, kept={"step": step.id}, **address)


async def app(pages: Pages, request: Request) -> Response:
    """Show the QR code and the key of a new app, or take its first code."""
    services, person = services_of(request), pages.person(request)
    try:
        step = await step_of(pages, request, APP)
    except Over:
        return over(pages, request)
    secret, name = factors.secret_of(services.vault, step), f"{pages.at}/app"
    address = {"step": request.query_params["step"]}

    async def show(form: Form) -> Response:
        return render(
            request, "factors/app", status=200 if form.ok else 422, form=form,
            qr=_picture(totp.address(secret, person.owner.user_id)),
            key=totp.key_text(secret), action=url(request, name, **address),
            back=url(request, f"{pages.at}/show"),
        )  # fmt: skip

    if request.method != "POST":
        return await show(form_to_show(request, name, NEW_APP, step=step.id))
    form = NEW_APP.parse(await read_form(request, *NEW_APP.names))
    if form.ok:
        used = totp.step_of(secret, form["code"].value, clock.now())
        if used is not None:
            return await _add(pages, request, person, step, form["name"].value, secret, used)
        form = form.with_error("code", second_form.WRONG)
    return await redisplay(request, name, form, show, kept={"step": step.id}, **address)


async def _add(
    pages: Pages,
    request: Request,
    person: Person,
    step: SecondStep,
    name: str,
    secret: bytes,
    used: int,
) -> Response:
    try:
        await services_of(request).write(factors.add_app, person.owner, step, name, secret, used)
    except Over:
        return over(pages, request)
    except factors.TooManyFactors:
        return redirect(request, url(request, f"{pages.at}/show", notice="factors-many"))
    return redirect(request, url(request, f"{pages.at}/show", notice="factors-app"))


async def codes(pages: Pages, request: Request) -> Response:
    """Show ten new 予備コード, or put them in force once one was typed back."""
    services, person = services_of(request), pages.person(request)
    try:
        step = await step_of(pages, request, CODES)
    except Over:
        return over(pages, request)
    letters, name = factors.codes_of(services.vault, step), f"{pages.at}/codes"
    address = {"step": request.query_params["step"]}
    written = [second_form.written(at, each) for at, each in enumerate(letters, start=1)]
    if request.query_params.get("file"):
        return _file(person.owner, written)

    async def show(form: Form) -> Response:
        return render(
            request, "factors/codes", status=200 if form.ok else 422, form=form,
            codes=written, action=url(request, name, **address),
            as_file=url(request, name, **address, file=1),
            back=url(request, f"{pages.at}/show"),
        )  # fmt: skip

    spec = second_form.BY_RECOVERY
    if request.method != "POST":
        return await show(form_to_show(request, name, spec, step=step.id))
    form = spec.parse(await read_form(request, *spec.names))
    if form.ok and factors.is_one_of(form["recovery_code"].value, letters):
        hashes = await factors.hashed(services, letters)
        try:
            await services.write(factors.make_codes, person.owner, step, hashes)
        except Over:
            return over(pages, request)
        return redirect(request, url(request, f"{pages.at}/show", notice="factors-codes"))
    if form.ok:
        form = form.with_error("recovery_code", TYPE_BACK)
    return await redisplay(request, name, form, show, kept={"step": step.id}, **address)


async def step_of(pages: Pages, request: Request, what: str) -> SecondStep:
    """Find what a proved owner may do here. Raises Over."""
    person, token = pages.person(request), request.query_params.get("step", "")
    return await services_of(request).read_one(factors.begun, token, what, person.session_id)


def over(pages: Pages, request: Request) -> Response:
    """Lead back to the list, when the time of a step is over."""
    return redirect(request, url(request, f"{pages.at}/show", notice="second-over"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as the path of an SVG: an inline one, because pictures in data: addresses are barred."""

    size: int
    path: str


def _picture(text: str) -> Picture:
    rows = list(segno.make(text, error="m").matrix_iter(border=4))
    dark = (
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module
    )
    return Picture(len(rows), "".join(dark))


def _file(owner: Owner, codes: list[str]) -> Response:
    text = "\r\n".join([f"{totp.ISSUER} 予備コード {owner.user_id}", *codes, ""])
    name = f"mypage_codes_{owner.user_id}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return PlainTextResponse(text, headers=headers)
