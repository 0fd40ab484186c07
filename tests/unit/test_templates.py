"""Every template: it compiles, escapes, and holds nothing that the CSP or the reader must not meet."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta

from tests.support.product import CHEAP
from tests.unit import parts
from web import paths
from web.app import create_app
from web.http.templating import compile_all
from web.mail import messages

HTML = sorted(
    path.relative_to(paths.TEMPLATES).as_posix() for path in paths.TEMPLATES.rglob("*.html")
)
MAILS = sorted(path.name for path in (paths.TEMPLATES / "mail").iterdir())
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
NASTY = """<script>'"&"""

FORBIDDEN = {
    "|safe": r"\|\s*safe\b",
    "Markup": r"\bMarkup\b",
    "autoescape off": r"autoescape\s+false",
    "hx-on": r"\bhx-on\b",
    "js: in an attribute": r"""["'\s]js:""",
    "javascript:": r"javascript:",
    "inline script": r"<script\b(?![^>]*\bsrc=)",
    "inline style": r"<style\b",
    "style=": r"\sstyle\s*=",
    "event handler": r"<[^>]*\son[a-z]+\s*=",
    "placeholder": r"\bplaceholder\s*=",
    "disabled": r"\bdisabled\b",
    "boosted link": r"\bhx-boost\b",
    "link that htmx follows": r"<a\b[^>]*\bhx-(?:get|post|put|patch|delete)\b",
    "trigger filter": r"hx-trigger=\"[^\"{]*\[",
    "morph": r"\bmorph\b|(?:inner|outer)Morph",
    "attribute without quotes": r"<[^>]*\s[a-z-]+=\{\{",
}
CAUGHT = {
    "|safe": "{{ name | safe }}",
    "Markup": "{{ Markup(name) }}",
    "autoescape off": "{% autoescape false %}",
    "hx-on": '<p hx-on:click="go()">',
    "js: in an attribute": """<p hx-vals='js:{a: b}'>""",
    "javascript:": '<a href="javascript:go()">',
    "inline script": '<script type="module">go()</script>',
    "inline style": "<style>p {}</style>",
    "style=": '<p style="color: red">',
    "event handler": '<body class="a" onload="go()">',
    "placeholder": '<input placeholder="KNCA6288">',
    "disabled": "<button disabled>",
    "boosted link": '<nav hx-boost="true">',
    "link that htmx follows": '<a class="b"\n hx-get="/x">',
    "trigger filter": '<p hx-trigger="keyup[key==1]">',
    "morph": '<p hx-swap="outerMorph">',
    "attribute without quotes": "<p class={{ name }}>",
}


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[jinja2.Environment]:
    """Give the environment of the running product."""
    app = create_app(parts.settings(tmp_path_factory.mktemp("site")), parameters=CHEAP)
    templates: jinja2.Environment = app.state.templates
    yield templates
    app.state.services.passwords.close()


def source(name: str) -> str:
    """Read a template without its comments."""
    return COMMENT.sub("", (paths.TEMPLATES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", HTML)
def test_a_page_compiles(name: str, env: jinja2.Environment) -> None:
    """Its syntax is right, and filters and tests that it names exist."""
    env.get_template(name)


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_compiles(name: str) -> None:
    """Its syntax is right."""
    messages.MAILS.get_template(name)


@pytest.mark.parametrize("name", HTML)
def test_what_a_page_includes_is_there(name: str, env: jinja2.Environment) -> None:
    """No include, import or extends points at nothing."""
    wanted = meta.find_referenced_templates(env.parse(source(name)))
    assert {each for each in wanted if each and each not in HTML} == set()


def test_a_page_escapes_what_it_prints(env: jinja2.Environment) -> None:
    """Nobody has to remember a filter, and escaping does not hang on a file's name."""
    assert env.autoescape is True
    printed = env.from_string("<p title='{{ x }}'>{{ x }}</p>").render(x=NASTY)
    assert NASTY not in printed
    assert printed.count("&lt;script&gt;") == 2
    assert printed.count("&#39;") == 2


def test_macros_escape_what_they_are_given(env: jinja2.Environment) -> None:
    """The components of `ui` are compiled with the same escaping."""
    printed = env.from_string("{{ ui.button(x) }}{{ ui.link_button(x, x) }}").render(x=NASTY)
    assert "<script" not in printed


@pytest.mark.parametrize("mail", [False, True])
def test_a_name_that_nobody_gave_is_an_error(env: jinja2.Environment, mail: bool) -> None:
    """A misspelled variable fails in a test, and is no hole in a page or a mail."""
    chosen = messages.MAILS if mail else env
    with pytest.raises(jinja2.UndefinedError):
        chosen.from_string("{{ nobody_gave_this }}").render()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds_what_is_forbidden(what: str) -> None:
    """The CSP would refuse it, or somebody could not use the page."""
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE)
    found = [(name, hit[0]) for name in HTML if (hit := pattern.search(source(name)))]
    assert found == []


def test_every_form_says_where_it_goes_and_how() -> None:
    """A form works without JavaScript; the one that is never sent has no fields and is hidden."""
    tags = [(name, tag) for name in HTML for tag in re.findall(r"<form\b[^>]*>", source(name))]
    assert tags
    wrong = [
        (name, tag)
        for name, tag in tags
        if not re.search(r'\smethod="(?:get|post)"', tag) or not re.search(r'\saction="', tag)
    ]
    assert wrong == [("base.html", '<form id="alone" hidden>')]


def vendored() -> dict[str, str]:
    """Read names and hashes from the list beside the files of others."""
    listed = (paths.STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([\w.]+) \|.*\| `([0-9a-f]{64})` \|$", listed, re.MULTILINE))


def test_the_files_of_others_are_unchanged() -> None:
    """They are what their list says, byte for byte, and nothing is missing from the list."""
    folder: Path = paths.STATIC / "vendor"
    code = [path for path in folder.iterdir() if path.suffix not in {".md", ".LICENSE"}]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in code} == vendored()


def test_every_template_is_compiled_before_the_first_visitor(tmp_path: Path) -> None:
    """A broken one stops the start, and nobody waits for it."""
    environment: jinja2.Environment = create_app(parts.settings(tmp_path)).state.templates
    compile_all(environment)
    for env, names in ((environment, HTML), (messages.MAILS, MAILS)):
        assert env.cache is not None
        assert {name for _, name in env.cache} >= set(names)
