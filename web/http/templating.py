"""The Jinja environment: everything is escaped, nothing is undefined."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.routing import Route, Router

from web import clock, paths
from web.fields.check_digit import grouped
from web.fields.digits import masked
from web.http.assets import Assets
from web.http.compiling import Cached, Globals, Written
from web.mail.messages import MAILS
from web.settings import Settings

_PLAIN = re.compile(r"\w*", re.ASCII).fullmatch
TEXT_SIZES = ("small", "medium", "large")


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about the service."""

    copyright: str
    contact_phone: str
    contact_hours: str
    portal_url: str
    demo: bool


def environment(settings: Settings, assets: Assets, router: Router, *, demo: bool) -> Environment:
    """Make the environment that renders every page."""
    env = Globals(
        loader=FileSystemLoader(paths.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,  # all of them, in a dict
        extensions=[Written, Cached],
    )
    env.filters["datetime_mypage"] = clock.mypage_style
    env.filters["day_in_words"] = clock.day_at
    env.filters["datetime_mail"] = clock.mail_style
    env.filters["reference_number"] = grouped
    env.filters["dialled"] = _dialled
    env.filters["masked_number"] = masked
    env.globals["static"] = assets.address
    env.globals["url"] = addresses(router)
    env.globals["site"] = Site(
        settings.copyright,
        settings.contact_phone,
        settings.contact_hours,
        settings.portal_url,
        demo,
    )
    ui: Any = env.get_template("partials/ui.html").module
    env.globals["ui"] = ui
    env.filters["breakable"] = ui.breakable
    env.globals["header"] = {
        size: _rendered_once(env, "partials/header.html", text_size=size) for size in TEXT_SIZES
    }
    env.globals["footer"] = _rendered_once(env, "partials/footer.html")
    return env


def compile_all(env: Environment) -> None:
    """Compile every template, so that no visitor waits and a broken one stops the start."""
    for name in env.list_templates(extensions=["html"]):
        env.get_template(name)
    for name in MAILS.list_templates():
        MAILS.get_template(name)


def _dialled(number: str) -> str:
    """Give of a telephone number what a link to it holds (RFC 3966)."""
    return "".join(each for each in number if each in "+0123456789")


def _rendered_once(env: Environment, name: str, **values: str) -> str:
    return env.get_template(name).make_module(values).__html__()


def addresses(router: Router) -> Callable[..., str]:
    """Make the function that templates and endpoints ask for an address by route name."""
    known = {route.name: route for route in router.routes if isinstance(route, Route)}
    fixed = {name: route.path for name, route in known.items() if not route.param_convertors}

    @lru_cache(1000)  # to fill in a path takes longer than to render ten lines
    def filled(name: str, *values: Any) -> str:
        in_path = dict(zip(known[name].param_convertors, values, strict=True))
        return str(known[name].url_path_for(name, **in_path))

    def url(name: str, /, **values: Any) -> str:
        path = fixed.get(name)
        if path is None:
            path = filled(name, *(values.pop(key) for key in known[name].param_convertors))
        return f"{path}?{query(values)}" if values else path

    return url


def query(values: Mapping[str, Any]) -> str:
    """Write names and values for an address; most are an id, in which there is nothing to quote."""
    if all(type(each) is str and _PLAIN(each) for pair in values.items() for each in pair):
        return "&".join(f"{name}={value}" for name, value in values.items())
    return urlencode(values, doseq=True)
