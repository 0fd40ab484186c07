"""What one 担当者 proposes for an account, and another approves: the three acts of its page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import Form, FormSpec
from web.http import errors, office_errors, refused_acts
from web.http.access import need, staff
from web.http.body import BadRequest, read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import url
from web.office import looks, step_up
from web.steps.step_up import WrongCode
from web.store.accounts import Account
from web.store.staff import Role

ACTS = {"propose": Role.CLERK, "take-back": Role.CLERK, "approve": Role.ADMIN}
Words = tuple[str, str, str]


class NotDone(Exception):
    """Something stands in the way; the page that says so has these words."""

    status = 409

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


class DoneBefore(NotDone):
    """It was proposed or decided already."""

    def __init__(self) -> None:
        super().__init__(office_errors.DONE_BEFORE)


class SamePerson(NotDone):
    """Who proposed it cannot approve it."""

    status = 403

    def __init__(self) -> None:
        super().__init__(office_errors.SAME_PERSON)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is decided: its page, what is typed to propose it, and the flows, each of which raises NotDone."""

    screen: str
    page: looks.Page
    proposal: FormSpec
    propose: Callable[..., Awaitable[None]]  # (tx, account, who, *values)
    approve: Callable[..., Awaitable[None]]  # (tx, account, who, what was seen)
    take_back: Callable[..., Awaitable[None]]  # likewise
    then: str  # the screen that follows
    notice: str  # what the notices there begin with
    judged: Callable[[Account, Form], Form] = lambda _, form: form  # beside what its fields say
    noted: str = ""  # what the trail puts before an act that a role may not do

    def asked(self, request: Request) -> FormSpec:
        """Give what is typed, with the second factor of a 担当者 who has one."""
        return step_up.asked(self.proposal, second=step_up.second(request))

    def form(self, request: Request) -> Form:
        """Give the form, with the messages of the try before."""
        account_id = request.path_params["id"]
        return form_to_show(request, self.screen, self.asked(request), id=account_id)


async def take(
    request: Request, matter: Matter, show: Callable[[Request, Form], Awaitable[Response]]
) -> Response:
    """Take what was pressed: a look, or one of the acts."""
    asked = matter.asked(request)
    given = await read_form(request, "act", "change", *asked.names)
    account = await services_of(request).read_one(looks.account_of, request)
    act, page = given["act"], {"id": account.id}
    if act == "look":
        return await looks.opened(request, account.id, matter.page, matter.screen, **page)
    if act not in ACTS:
        raise BadRequest("no such act")
    need(request, ACTS[act], f"{matter.noted}{act}")
    await looks.note(request, account.id, matter.page)  # every answer shows the account
    form = await step_up.judged(request, asked, given)
    if act == "propose":
        form = matter.judged(account, form)

    async def again(form: Form) -> Response:
        shown = partial(show, request)
        return await redisplay(request, matter.screen, form, shown, kept=page, **page)

    if act == "propose" and not form.ok:
        return await again(form)
    try:
        await _do(request, matter, account.id, act, given, form)
    except WrongCode as wrong:
        shown = form if act == "propose" else asked.blank()
        return await again(shown.with_error(wrong.at, str(wrong)))
    except NotDone as why_not:
        if isinstance(why_not, SamePerson):
            await refused_acts.note(request, f"{matter.noted}{act}")
        return errors.page(request, why_not.status, words=why_not.words)
    return redirect(request, url(request, matter.then, **page, notice=f"{matter.notice}-{act}"))


async def _do(
    request: Request,
    matter: Matter,
    account_id: str,
    act: str,
    given: Mapping[str, str],
    form: Form,
) -> None:
    """Do it, with the second factor of a 担当者 who has one; taking back needs none. Raises WrongCode, NotDone."""
    who = staff(request).name
    if act == "propose":
        values = (form.values[name] for name in matter.proposal.names)
        await step_up.act(request, given, matter.propose, account_id, who, *values)
    elif act == "approve":
        await step_up.act(request, given, matter.approve, account_id, who, given["change"])
    else:
        await step_up.write(request, matter.take_back, account_id, who, given["change"])
