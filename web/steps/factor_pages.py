"""ログインの方法: the pages on which 利用者 and 担当者 look after their factors, each kind by routes of its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.fields.field import Field
from web.fields.form import NOTHING_CHANGED, Form, FormSpec
from web.http.access import FactorNeeded
from web.http.body import BadRequest, read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.http.sessions import STAFF
from web.services import Work
from web.settings import Settings
from web.steps import factor_mailed, factors, offers, passkeys, second_factor, second_form, step_up
from web.steps.check_password import Still, while_still
from web.steps.current_password import SPEC, WrongPassword
from web.steps.factor_names import NAME
from web.steps.factors import Factor
from web.steps.offers import Offered
from web.steps.second_factor import Owner
from web.steps.second_step import LIFE
from web.steps.step_up import Asker
from web.store import recovery_codes

APP, CODES, PASSKEY = "app", "codes", "passkey"
NOTHING = FormSpec(())
OTHERS_FIRST = "ほかの方法を登録してから削除してください。"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    owner: Owner
    session_id: str
    second: bool
    method: str
    started_at: int
    key: tuple[Field, ...] = ()  # what is asked beside the password

    @property
    def by_recovery(self) -> bool:
        """Tell whether a 予備コード has just let in somebody whose telephone is lost."""
        recent = clock.now() < self.started_at + LIFE
        return self.method == second_factor.RECOVERY and recent

    @property
    def asked(self) -> FormSpec:
        """Give what is asked before an act on factors."""
        if self.by_recovery:
            return NOTHING
        return second_form.BY_CODE if self.second else FormSpec((*SPEC.fields, *self.key))


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one kind of people; `at` begins the names of their routes."""

    at: str
    home: str
    person: Callable[[Request], Person]
    allowed: Callable[[Settings], bool]  # whether something new may be registered
    required: Callable[[Request], bool]  # whether there must be one
    # what is asked of who has none yet; raises WrongPassword
    check_first: Callable[[Request, Mapping[str, str]], Awaitable[Still]]
    by_mail: Callable[[Request], bool]  # whether the first one asks a mailed code, too

    async def show(self, request: Request) -> Response:
        """List the factors."""
        person = self.person(request)
        async with services_of(request).read() as reads:
            found = await factors.of_owner(reads, person.owner.id)
            left = await recovery_codes.left(reads, person.owner.id)
        return render(
            request,
            "factors/show",
            apps=[each for each in found if each.kind == APP],
            passkeys=[each for each in found if each.kind == PASSKEY],
            passkeys_here=passkeys.work_here(request),
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
        if what not in {APP, CODES, PASSKEY} or (what == CODES and not person.second):
            raise HTTPException(404)
        if not self._may_add(request):
            return redirect(request, url(request, f"{self.at}/show", notice="factors-off"))
        if what == PASSKEY and not passkeys.work_here(request):
            return redirect(request, url(request, f"{self.at}/show", notice="factors-not-here"))
        name, asked = f"{self.at}/prove", person.asked
        who, mailed = self._asker(person, what), not person.second and self.by_mail(request)

        async def show(form: Form) -> Response:
            status = 200 if form.ok else 422
            action = url(request, name, **{"for": what})
            return render(
                request, "factors/prove", status=status, form=form, person=person, what=what, mailed=mailed,
                offered=await self._offered(request, who), action=action, back=url(request, f"{self.at}/show"),
            )  # fmt: skip

        if request.method != "POST":
            return await show(form_to_show(request, name, asked, what=what))
        typed = await read_form(request, *asked.names)
        try:
            begun = factor_mailed.begin if mailed else factors.begin
            begin = partial(begun, what=what, session_id=person.session_id)
            token = await self._proved(request, who, typed, begin)
        except WrongPassword as wrong:
            form = step_up.refused(asked.blank(), asked, wrong)
            kept = {"what": what}
            return await redisplay(request, name, form, show, kept=kept, **{"for": what})
        if mailed:
            return redirect(request, url(request, f"{self.at}/mailed", step=token, **{"for": what}))
        return redirect(request, url(request, f"{self.at}/{what}", step=token))

    def _asker(self, person: Person, about: str) -> Asker:
        return Asker(person.owner, person.session_id, f"{self.at} {about}")

    async def _offered(self, request: Request, who: Asker) -> Offered:
        person = self.person(request)
        second = person.second and not person.by_recovery
        return await step_up.offered(request, who, second=second)

    async def _proved(
        self,
        request: Request,
        who: Asker,
        typed: Mapping[str, str],
        act: Callable[[Work, Owner], Awaitable[str]],
    ) -> str:
        """Do an act once the owner is proved, so many an hour. Raises WrongPassword, TooMany."""
        services, person = services_of(request), self.person(request)
        if person.second and not person.by_recovery:
            return await step_up.by_factor(
                services, who, typed, step_up.anew, factors.counted, act, person.owner
            )
        if person.by_recovery:
            return await services.write(factors.counted, act, person.owner)
        still = await self.check_first(request, typed)
        return await services.write(while_still, still, factors.counted, act, person.owner)

    async def edit(self, request: Request) -> Response:
        """Show one app or passkey, give it another name, or remove it."""
        person = self.person(request)
        found = await services_of(request).read_one(factors.of_owner, person.owner.id)
        factor, address = _chosen(request, found)
        name, spec = f"{self.at}/edit", FormSpec((NAME, *person.asked.fields))
        who = self._asker(person, factor.id)

        async def show(form: Form) -> Response:
            return render(
                request, "factors/edit", status=200 if form.ok else 422, form=form, factor=factor,
                last=len(found) == 1, person=person, action=url(request, name, **address),
                offered=await self._offered(request, who),
                staff_pages=person.owner.account_id is None,
                back=url(request, f"{self.at}/show"),
            )  # fmt: skip

        if request.method != "POST":
            shown = form_to_show(request, name, spec, **address)
            return await show(shown if shown.typed["name"] else spec.blank({"name": factor.name}))
        given = await read_form(request, "act", *spec.names)
        if given["act"] not in {"rename", "remove"}:
            raise BadRequest("no such act")
        services, owner = services_of(request), person.owner
        form = await offers.judged(services, owner.id, spec, _named(given, factor))
        form = _changed(given["act"], form, factor)
        if form.ok:
            act = self._act(request, given["act"], factor, form["name"].value)
            try:
                await self._proved(request, who, form.typed, act)
            except WrongPassword as wrong:
                form = step_up.refused(form, person.asked, wrong)
            except factors.LastFactor:
                form = form.with_error(_where(person, factor), OTHERS_FIRST)
            except factors.NoSuchFactor:
                raise HTTPException(404) from None
            else:
                notice = _done(given["act"], factor)
                return redirect(request, url(request, f"{self.at}/show", notice=notice))
        return await redisplay(request, name, form, show, kept=address, **address)

    def _act(
        self, request: Request, what: str, factor: Factor, name: str
    ) -> Callable[[Work, Owner], Awaitable[str]]:
        if what == "remove":
            return partial(factors.remove, factor=factor, keep_one=self.required(request))
        return partial(factors.rename, factor=factor, name=name)


def _named(given: Mapping[str, str], factor: Factor) -> dict[str, str]:
    """Leave the name out of account where nothing gets another one."""
    return {**given, "name": given["name"] if given["act"] == "rename" else factor.name}


def _changed(act: str, form: Form, factor: Factor) -> Form:
    """Refuse a name that stays the same."""
    same = act == "rename" and form.ok and form["name"].value == factor.name
    return form.with_error("name", NOTHING_CHANGED) if same else form


def _done(act: str, factor: Factor) -> str:
    if act == "rename":
        return "factors-renamed"
    return "factors-passkey-removed" if factor.kind == PASSKEY else "factors-removed"


def _where(person: Person, last: Factor) -> str:
    """Name the field at which it is said that the last factor may not go."""
    if person.by_recovery or not person.second:
        return NAME.name
    return second_form.PASSKEY.name if last.kind == PASSKEY else second_form.CODE.name


def _chosen(request: Request, found: list[Factor]) -> tuple[Factor, dict[str, str]]:
    """Find the factor that the address names."""
    for kind in factors.NOUNS:
        wanted = request.query_params.get(kind)
        for each in found:
            if (each.kind, each.id) == (kind, wanted):
                return each, {kind: each.id}
    raise HTTPException(404)


async def on_factor_needed(request: Request, error: Exception) -> Response:
    """Send to ログインの方法, and nowhere else, until a required second factor is registered."""
    if not isinstance(error, FactorNeeded):
        raise error
    at = "office/factors" if error.kind is STAFF else "factors"
    return redirect(request, url(request, f"{at}/show", notice="factors-needed"))
