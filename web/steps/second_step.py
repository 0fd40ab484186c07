"""ログインの確認: asked of somebody who has proved the first factor and is not logged in yet.

What was proved lies in a row; the browser holds 256 random bits that find it, for one purpose.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.fields.form import Form, FormSpec
from web.http.body import read_form
from web.http.client import put_cookie, read_cookie, services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.security import second_throttle, tokens
from web.security.throttle import Attempt
from web.security.vault import Vault
from web.services import Services, Work
from web.steps import offers, second_factor, second_form
from web.steps.check_password import H, Stored
from web.steps.offers import Offered
from web.steps.second_factor import Owner, Proof, Refusal
from web.store import second_steps
from web.store.second_steps import SecondStep

T = TypeVar("T")
LIFE = 10 * clock.MINUTE
_PURPOSE = "second step"
Act = Callable[[Work, Proof, dict[str, Any]], Awaitable[T]]


class SecondNeeded(Exception):
    """The first factor is right; `token` is the cookie of the step that asks the second."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token


class Over(Exception):
    """The step was used, ended, or is too old."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where the second factor is asked for: the route, the cookie, and where to begin anew."""

    purpose: str
    screen: str
    start: str
    text: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The screen that asks for a code, or for a 予備コード when its address says so."""

    request: Request
    owner: Owner
    screen: str
    text: str
    start: str  # where はじめからやり直す leads
    kept: dict[str, str]  # whose code it is: what was typed for somebody else is not shown
    address: dict[str, Any] = field(default_factory=dict)
    by_app_alone: bool = False  # it is known already that the owner has no passkey

    @property
    def _by_recovery(self) -> bool:
        return bool(self.request.query_params.get("codes"))

    @property
    def _spec(self) -> FormSpec:
        return second_form.BY_RECOVERY if self._by_recovery else second_form.BY_CODE

    @property
    def _here(self) -> dict[str, Any]:
        return {**self.address, "codes": 1} if self._by_recovery else self.address

    @property
    def purpose(self) -> str:
        """Name what a passkey is asked for: this step or link, at this screen."""
        return " ".join((self.screen, *self.kept.values()))

    async def take(self) -> Form:
        """Read and judge what was typed."""
        given = await read_form(self.request, *self._spec.names)
        services = services_of(self.request)
        return await offers.judged(services, self.owner.id, self._spec, given)

    async def _offered(self) -> Offered:
        if self.by_app_alone:
            return Offered(app=True)
        return await offers.to_owner(self.request, self.owner.id, self.purpose)

    async def first(self) -> Response:
        """Show the screen, with the message of the try before, if there was one."""
        return await self._show(form_to_show(self.request, self.screen, self._spec, **self.kept))

    async def again(self, form: Form) -> Response:
        """Show the screen again."""
        return await redisplay(
            self.request, self.screen, form, self._show, kept=self.kept, **self._here
        )

    async def _show(self, form: Form) -> Response:
        return render(
            self.request,
            "second/ask",
            status=200 if form.ok else 422,
            form=form,
            offered=await self._offered(),
            text=self.text,
            by_recovery=self._by_recovery,
            action=url(self.request, self.screen, **self._here),
            by_app=url(self.request, self.screen, **self.address),
            by_paper=url(self.request, self.screen, **self.address, codes=1),
            start=self.start,
        )


def begin(tx: Work, purpose: str, owner: Owner, **content: Any) -> str:
    """Write down that somebody has proved the first factor; give the value that finds it."""
    token, step_id = tokens.new_session_token(), tokens.new_id()
    sealed = tx.vault.seal(_PURPOSE, {**content, "owner": owner.sealed()}, bound_to=step_id)
    second_steps.add(
        tx, step_id, tokens.digest(token), owner.id, purpose, sealed, expires_at=tx.now + LIFE
    )
    return token


async def needed(
    services: Services,
    stored: Stored[H],
    attempt: Attempt,
    checked: H,
    purpose: str,
    owner: Owner,
    **content: Any,
) -> SecondNeeded:
    """Write down that a password is right, and nothing else; give what leads to the second factor.

    The failures stay counted until that is right too. Raises WrongPassword, TooMany.
    """

    async def note(tx: Work) -> str:
        await stored.check_unchanged(tx, attempt, checked)
        await second_throttle.pending(tx, attempt, checked.owner_id)
        return begin(tx, purpose, owner, changed_at=checked.password_changed_at, **content)

    return SecondNeeded(await services.write(note))


async def still_right(
    tx: Work, stored: Stored[H], attempt: Attempt, content: Mapping[str, Any]
) -> H:
    """Read the row of the password that was right again. Raises Over.

    While a code was typed, another password may have been set, or its owner shut out.
    """
    found = await stored.find(tx, attempt.user_id)
    if (
        found is None
        or found.disabled_at is not None
        or found.password_changed_at != content["changed_at"]
    ):
        raise Over
    return found


def lead(request: Request, door: Door, token: str) -> Response:
    """Go to the screen that asks the second factor."""
    response = redirect(request, url(request, door.screen))
    put_cookie(request, response, _cookie(door), token, seconds=LIFE)
    return response


def _cookie(door: Door) -> str:
    return f"second-{door.purpose}"


def content_of(vault: Vault, step: SecondStep) -> dict[str, Any]:
    """Open what a step keeps."""
    content: dict[str, Any] = vault.open(_PURPOSE, step.sealed, bound_to=step.id)
    return content


async def ask(
    request: Request,
    door: Door,
    act: Act[T],
    done: Callable[[T], Response],
    *,
    repeated: Callable[[Mapping[str, Any]], Awaitable[Response | None]] | None = None,
) -> Response:
    """Show the screen, or take what was typed: do the act once, and answer what came of it.

    `repeated`: answers a press that comes again after the act.
    """
    services = services_of(request)
    digest = tokens.digest(read_cookie(request, _cookie(door)))
    step = await services.read_one(second_steps.find, digest, door.purpose)
    content = content_of(services.vault, step) if step else {}
    if step is None or not step.live(clock.now()):
        again = await repeated(content) if step and repeated else None
        return again or _over(request, door)
    owner, start = Owner(**content["owner"]), url(request, door.start)
    asking = Asking(
        request, owner, door.screen, door.text, start, {"step": step.id},
        by_app_alone=step.by_app_alone,
    )  # fmt: skip
    if request.method != "POST":
        return await asking.first()
    form = await asking.take()
    if form.ok:
        try:
            given = await second_factor.read(services, owner, form.values, asking.purpose)
            outcome = await services.write(_finish, step, owner, given, act, content)
        except Over:
            again = await repeated(content) if repeated else None
            return again or _over(request, door)
        if not isinstance(outcome, Refusal):
            return done(outcome)
        form = form.with_error(outcome.at, outcome.words)
    return await asking.again(form)


async def _finish(
    tx: Work,
    step: SecondStep,
    owner: Owner,
    given: second_factor.Given,
    act: Act[T],
    content: dict[str, Any],
) -> T | Refusal:
    # first, or a press coming again would read 使用済み
    if not await second_steps.use(tx, step.id):
        raise Over
    outcome = await second_factor.prove(tx, owner, given, act, content)
    if isinstance(outcome, Refusal):
        second_steps.reopen(tx, step.id)
    return outcome


def _over(request: Request, door: Door) -> Response:
    return redirect(request, url(request, door.start, notice="second-over"))
