"""ログインの方法: the pages on which 利用者 and 担当者 look after their factors, each kind by routes of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.fields.form import Form, FormSpec
from web.http.access import FactorNeeded
from web.http.body import BadRequest, read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.http.sessions import STAFF
from web.services import Work
from web.settings import Settings
from web.steps import factor_mailed, factors, second_factor, second_form, step_up
from web.steps.current_password import SPEC, WrongPassword
from web.steps.factor_names import NAME
from web.steps.second_factor import Owner
from web.steps.second_step import LIFE
from web.store import code_apps, recovery_codes

APP, CODES = "app", "codes"
NOTHING = FormSpec(())


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    owner: Owner
    session_id: str
    second: bool
    method: str
    started_at: int

    @property
    def by_recovery(self) -> bool:
        """Tell whether a 予備コード has just let in somebody whose telephone is lost."""
        recent = clock.now() < self.started_at + LIFE
        return self.method == second_factor.RECOVERY and recent

    @property
    def asked(self) -> FormSpec:
        """Give what is asked before an act on factors."""
        return NOTHING if self.by_recovery else second_form.asked(second=self.second)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one kind of people; `at` begins the names of their routes."""

    at: str
    home: str
    person: Callable[[Request], Person]
    allowed: Callable[[Settings], bool]  # whether something new may be registered
    required: Callable[[Request], bool]  # whether there must be one
    check_password: Callable[[Request, str], Awaitable[None]]  # raises WrongPassword
    by_mail: Callable[[Request], bool]  # whether the first one asks a mailed code, too

    async def show(self, request: Request) -> Response:
        """List the factors."""
        person = self.person(request)
        async with services_of(request).read() as reads:
            apps = await code_apps.of_owner(reads, person.owner.id)
            left = await recovery_codes.left(reads, person.owner.id)
        return render(
            request,
            "factors/show",
            apps=apps,
            left=left,
            at=self.at,
            home=url(request, self.home),
            may_add=self._may_add(request),
            staff_pages=person.owner.account_id is None,
        )

    def _may_add(self, request: Request) -> bool:
        return self.allowed(services_of(request).settings)

    async def prove(self, request: Request) -> Response:
        """Ask for the owner, then lead to what is to be registered."""
        person, what = self.person(request), request.query_params.get("for", "")
        if what not in {APP, CODES} or (what == CODES and not person.second):
            raise HTTPException(404)
        if not self._may_add(request):
            return redirect(request, url(request, f"{self.at}/show", notice="factors-off"))
        name, asked = f"{self.at}/prove", person.asked
        mailed = not person.second and self.by_mail(request)

        async def show(form: Form) -> Response:
            status = 200 if form.ok else 422
            action = url(request, name, **{"for": what})
            return render(
                request, "factors/prove", status=status, form=form, person=person, what=what,
                mailed=mailed,
                action=action, back=url(request, f"{self.at}/show"),
            )  # fmt: skip

        if request.method != "POST":
            return await show(form_to_show(request, name, asked, what=what))
        typed = await read_form(request, *asked.names)
        begin = factor_mailed.begin if mailed else factors.begin
        try:
            token = await self._proved(request, person, typed, begin, what)
        except WrongPassword as wrong:
            form = asked.blank().with_error(asked.names[0], str(wrong))
            kept = {"what": what}
            return await redisplay(request, name, form, show, kept=kept, **{"for": what})
        if mailed:
            return redirect(request, url(request, f"{self.at}/mailed", step=token, **{"for": what}))
        return redirect(request, url(request, f"{self.at}/{what}", step=token))

    async def _proved(
        self,
        request: Request,
        person: Person,
        typed: dict[str, str],
        act: Callable[[Work, Owner, str, str], Awaitable[str]],
        what: str,
    ) -> str:
        """Do an act once the owner is proved. Raises WrongPassword, TooMany."""
        services, owner = services_of(request), person.owner
        values = (owner, what, person.session_id)
        if person.by_recovery:
            return await services.write(act, *values)
        if person.second:
            code = typed[second_form.CODE.name]
            return await step_up.by_code(services, owner, code, step_up.anew, act, *values)
        await self.check_password(request, typed[SPEC.names[0]])
        return await services.write(act, *values)

    async def edit(self, request: Request) -> Response:
        """Show one app, give it another name, or remove it."""
        person, app_id = self.person(request), request.query_params.get("app", "")
        async with services_of(request).read() as reads:
            apps = await code_apps.of_owner(reads, person.owner.id)
        app = next((each for each in apps if each.id == app_id), None)
        if app is None:
            raise HTTPException(404)
        name, spec = f"{self.at}/edit", FormSpec((NAME, *person.asked.fields))

        async def show(form: Form) -> Response:
            return render(
                request, "factors/edit", status=200 if form.ok else 422, form=form, app=app,
                last=len(apps) == 1, person=person, action=url(request, name, app=app_id),
                staff_pages=person.owner.account_id is None,
                back=url(request, f"{self.at}/show"),
            )  # fmt: skip

        if request.method != "POST":
            shown = form_to_show(request, name, spec, app=app_id)
            return await show(shown if shown.typed["name"] else spec.blank({"name": app.name}))
        given = await read_form(request, "act", *spec.names)
        if given["act"] not in {"rename", "remove"}:
            raise BadRequest("no such act")
        form = spec.parse(
            {**given, "name": given["name"] if given["act"] == "rename" else app.name}
        )
        if given["act"] == "remove" and len(apps) == 1 and self.required(request):
            form = form.with_error(spec.names[-1], "ほかの方法を登録してから削除してください。")
        if form.ok:
            try:
                await self._edit(request, person, app_id, given["act"], form)
            except WrongPassword as wrong:
                form = form.with_error(person.asked.names[0], str(wrong))
            except factors.NoSuchApp:
                raise HTTPException(404) from None
            else:
                done = f"factors-{given['act']}d"
                return redirect(request, url(request, f"{self.at}/show", notice=done))
        return await redisplay(request, name, form, show, kept={"app": app_id}, app=app_id)

    async def _edit(
        self, request: Request, person: Person, app_id: str, act: str, form: Form
    ) -> None:
        new_name = form["name"].value

        async def do(tx: Work, owner: Owner, _: str, __: str) -> str:
            if act == "remove":
                return await factors.remove(tx, owner, app_id)
            return await factors.rename(tx, owner, app_id, new_name)

        await self._proved(request, person, dict(form.typed), do, act)


async def on_factor_needed(request: Request, error: Exception) -> Response:
    """Send to ログインの方法, and nowhere else, until a required second factor is registered."""
    if not isinstance(error, FactorNeeded):
        raise error
    at = "office/factors" if error.kind is STAFF else "factors"
    return redirect(request, url(request, f"{at}/show", notice="factors-needed"))
