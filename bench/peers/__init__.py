"""What the product is measured against, each in an environment of its own."""

import json
import os
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

from bench.ground import FIRST, PASSWORD, PEOPLE
from bench.load import Shot
from bench.people import Browser, Crowd
from bench.process import Server
from tests.ports import free_port

HERE = Path(__file__).parent
PYTHON = HERE.parent.parent / "var" / "bench" / "bin" / "python"
WORKERS = "2"


@dataclass(frozen=True)
class Peer:
    """A peer that is up: its page behind the log-in, its log-in, a change of what is registered."""

    page: Shot
    log_in: Shot
    edit: Crowd


def django(folder: Path, users: int, page_bytes: int) -> Server:
    """Describe Django + django-allauth under gunicorn."""
    environ = _environ(folder / "django.sqlite3", page_bytes)
    _prepare("django_site.py", environ, users)
    port = free_port()
    workers = ["-w", WORKERS, "-k", "gthread", "--threads", "4", "--keep-alive", "60"]
    command = [str(PYTHON), "-m", "gunicorn", "-b", f"127.0.0.1:{port}", *workers]
    return Server("Django + allauth", [*command, "django_site:application"], port, "/accounts/login/", environ, HERE)  # fmt: skip


def fastapi(folder: Path, users: int, page_bytes: int) -> Server:
    """Describe fastapi-users under uvicorn."""
    environ = _environ(folder / "fastapi.sqlite3", page_bytes)
    _prepare("fastapi_site.py", environ, users)
    port = free_port()
    command = [str(PYTHON), "-m", "uvicorn", "--port", str(port), "--workers", WORKERS]
    quiet = ["--no-access-log", "--log-level", "warning"]
    return Server("fastapi-users", [*command, *quiet, "fastapi_site:app"], port, "/openapi.json", environ, HERE)  # fmt: skip


def enter_django(server: Server) -> Peer:
    """Log in through its form, CSRF token and all."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.open(server.url + "/accounts/login/").close()
    token = next(str(each.value) for each in jar if each.name == "csrftoken")
    typed = {"login": FIRST, "password": PASSWORD, "csrfmiddlewaretoken": token}
    body = urllib.parse.urlencode(typed)
    log_in = Shot(server, "/accounts/login/", {"Cookie": f"csrftoken={token}"}, body)
    browser.open(server.url + "/accounts/login/", body.encode()).close()
    return Peer(_page(server, jar), log_in, _edit(server, jar, _edit_django))


def enter_fastapi(server: Server) -> Peer:
    """Log in through its endpoint."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    typed = {"username": f"{FIRST.lower()}@example.jp", "password": PASSWORD}
    body = urllib.parse.urlencode(typed)
    browser.open(server.url + "/auth/login", body.encode()).close()
    log_in = Shot(server, "/auth/login", body=body)
    return Peer(_page(server, jar), log_in, _edit(server, jar, _edit_fastapi))


def _page(server: Server, jar: CookieJar) -> Shot:
    cookies = "; ".join(f"{each.name}={each.value}" for each in jar)
    return Shot(server, "/profile", {"Cookie": cookies})


def _edit(server: Server, jar: CookieJar, walk: Callable[[Browser], object]) -> Crowd:
    return Crowd(server, walk, [{each.name: str(each.value) for each in jar}] * PEOPLE)


def _edit_django(browser: Browser) -> None:
    """Open the form, save it, see the page."""
    name = str(time.perf_counter_ns())
    token = browser.get("/profile/edit").at("/profile/edit").field("csrfmiddlewaretoken")
    typed = {"first_name": name, "last_name": name, "email": f"{FIRST}@example.jp"}
    browser.post("/profile/edit", {"csrfmiddlewaretoken": token, **typed}).at("/profile")


def _edit_fastapi(browser: Browser) -> None:
    """Fetch what is registered, change it, see the page."""
    browser.get("/users/me").at("/users/me")
    changed = json.dumps({"name": str(time.perf_counter_ns())})
    browser.send("PATCH", "/users/me", changed, "application/json").at("/users/me")
    browser.get("/profile").at("/profile")


def _environ(database: Path, page_bytes: int) -> dict[str, str]:
    given = {
        "BENCH_DATABASE": database,
        "BENCH_PASSWORD": PASSWORD,
        "BENCH_BYTES": page_bytes,
        "PYTHONPATH": HERE,
    }
    return {name: str(value) for name, value in given.items()}


def _prepare(file: str, environ: dict[str, str], users: int) -> None:
    command = [str(PYTHON), file, "prepare", str(users)]
    subprocess.run(command, env={**os.environ, **environ}, cwd=HERE, check=True)
