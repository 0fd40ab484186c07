"""/demo/clock: a clock that can be set ahead, so that nobody has to wait for day 60."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from web import clock
from web.http.access import BOTH, Access, route
from web.http.body import BadRequest, read_form
from web.http.render import render, url

STEPS = {
    "1分": clock.MINUTE,
    "10分": 10 * clock.MINUTE,
    "1時間": clock.HOUR,
    "1日": clock.DAY,
    "10日": 10 * clock.DAY,
}


class MovingClock:
    """The real time and what it was set ahead by, until the demo stops."""

    def __init__(self) -> None:
        self._real = clock.now
        self._ahead = 0

    def now(self) -> int:
        """Read the demo's time."""
        return self._real() + self._ahead

    def routes(self) -> list[BaseRoute]:
        """Give the routes of the clock."""
        return [route("/demo/clock", self.show, BOTH, "demo/clock", Access.ANYONE)]

    async def show(self, request: Request) -> Response:
        """Show the time, or set it ahead."""
        if request.method != "POST":
            now = clock.mypage_style_with_seconds(clock.now())
            return render(request, "demo/clock", now=now, steps=STEPS)
        seconds = (await read_form(request, "seconds"))["seconds"]
        if seconds not in map(str, STEPS.values()):
            raise BadRequest("not a number of seconds")
        self._ahead += int(seconds)
        return RedirectResponse(url(request, "demo/clock"), status_code=303)
