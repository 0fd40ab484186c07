"""Tells a connection when the application begins with its request, and when it has answered."""

from starlette.types import ASGIApp, Receive, Scope, Send

from web.cli.front import KEY, Front


def noted(app: ASGIApp) -> ASGIApp:
    """Wrap the application so that the connection is told when its request begins and when it is answered."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        front: Front | None = scope.get("state", {}).pop(KEY, None)
        if front is None:  # the lifespan
            await app(scope, receive, send)
            return
        front.begun()
        try:
            await app(scope, receive, send)
        finally:
            front.answered()

    return answer
