"""The Jinja environment: everything is escaped, nothing is undefined."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import escape
from starlette.routing import Route, Router

from web import clock, paths
from web.fields.check_digit import grouped
from web.fields.digits import masked
from web.http.assets import Assets
from web.settings import Settings

TEXT_SIZES = ("small", "medium", "large")


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about the service."""

    copyright: str
    contact_phone: str
    portal_url: str
    demo: bool


class Addresses(Extension):
    """Writes addresses that never change into the templates as they are compiled."""

    _CALL = re.compile(r'\{\{ (url|static)\("([^"]+)"\) \}\}')

    def preprocess(self, source: str, *_: str | None) -> str:
        """Put in what `url("…")` and `static("…")` would give at every rendering."""
        return self._CALL.sub(self._written, source)

    def _written(self, call: re.Match[str]) -> str:
        try:
            address: Callable[[str], str] = self.environment.globals[call[1]]  # type: ignore[assignment]
            return str(escape(address(call[2])))
        except KeyError:  # an address with parts, or of the demo alone
            return call[0]


def environment(settings: Settings, assets: Assets, router: Router, *, demo: bool) -> Environment:
    """Make the environment that renders every page."""
    env = Environment(
        loader=FileSystemLoader(paths.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[Addresses],
    )
    env.filters["datetime_mypage"] = clock.mypage_style
    env.filters["datetime_mail"] = clock.mail_style
    env.filters["reference_number"] = grouped
    env.filters["masked_number"] = masked
    env.globals["static"] = assets.address
    env.globals["url"] = addresses(router)
    env.globals["site"] = Site(
        settings.copyright, settings.contact_phone, settings.portal_url, demo
    )
    env.globals["ui"] = env.get_template("partials/ui.html").module
    env.globals["header"] = {
        size: _rendered_once(env, "partials/header.html", text_size=size) for size in TEXT_SIZES
    }
    env.globals["footer"] = _rendered_once(env, "partials/footer.html")
    return env


def compile_all(env: Environment) -> None:
    """Compile every template, so that no visitor waits and a broken one stops the start."""
    for name in env.list_templates():
        env.get_template(name)


def _rendered_once(env: Environment, name: str, **values: str) -> str:
    return env.get_template(name).make_module(values).__html__()


def addresses(router: Router) -> Callable[..., str]:
    """Make the function that templates and endpoints ask for an address by route name."""
    known = {route.name: route for route in router.routes if isinstance(route, Route)}
    fixed = {name: route.path for name, route in known.items() if not route.param_convertors}

    def url(name: str, /, **values: Any) -> str:
        path = fixed.get(name)
        if path is None:
            route = known[name]
            in_path = {key: values.pop(key) for key in route.param_convertors}
            path = str(route.url_path_for(name, **in_path))
        return f"{path}?{urlencode(values)}" if values else path

    return url
