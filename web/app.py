"""Puts the application together."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import argon2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from web import background
from web.banks.directory import banks
from web.features.direct_debit import flow as direct_debit
from web.features.profile import flow as profile
from web.http import errors, templating
from web.http.access import FactorNeeded, FirstLogIn, LoginNeeded
from web.http.assets import Assets
from web.http.middleware import SecurityMiddleware
from web.http.router import Router
from web.office.password import endpoints as office_password
from web.routes import ROUTES
from web.security.passwords import PARAMETERS
from web.services import Services
from web.settings import Settings
from web.steps import factor_pages, parking
from web.store.accounts import Shut

# Whose forms are parked when a session has ended.
PARKED = {each.name: each for each in (direct_debit.DRAFTS, profile.DRAFTS)}


def create_app(
    settings: Settings,
    *,
    demo_routes: Sequence[BaseRoute] = (),
    parameters: argon2.Parameters = PARAMETERS,
) -> Starlette:
    """Make the ASGI application; its database opens when it starts."""
    services = Services.of(settings, parameters)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(banks)  # read once, before anybody waits for it
        await services.open()
        try:
            async with background.running(services):
                yield
        finally:
            services.passwords.close()
            await services.database.close()

    assets = Assets()
    app = Starlette(
        middleware=[Middleware(SecurityMiddleware, settings=settings)],
        exception_handlers={
            **errors.HANDLERS,
            LoginNeeded: partial(parking.on_login_needed, PARKED),
            Shut: parking.on_shut,
            FirstLogIn: office_password.on_first_log_in,
            FactorNeeded: factor_pages.on_factor_needed,
        },
    )
    routes = [*ROUTES, Route("/static/{name}", assets.serve, name="static"), *demo_routes]
    app.router = Router(routes, lifespan)
    app.state.services = services
    app.state.url = templating.addresses(app.router)
    app.state.templates = templating.environment(
        settings, assets, app.router, demo=bool(demo_routes)
    )
    return app
