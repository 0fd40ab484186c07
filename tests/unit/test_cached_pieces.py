"""Pieces of pages that are rendered once: they depend on their keys alone, or do not compile."""

from pathlib import Path
from typing import Any

import jinja2
import pytest

from tests.unit import parts
from web.app import create_app
from web.http.compiling import Cached
from web.store.direct_debit_forms import Kind

pytestmark = pytest.mark.slow


class Count:
    """A value that counts how often it is written."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.written = 0

    def __str__(self) -> str:
        """Be written."""
        self.written += 1
        return self.word


@pytest.fixture
def env(tmp_path: Path) -> jinja2.Environment:
    """Give the environment of the running product."""
    templates: jinja2.Environment = create_app(parts.settings(tmp_path)).state.templates
    return templates


def test_a_piece_is_rendered_once_for_each_of_its_keys(env: jinja2.Environment) -> None:
    """What comes again is not written again; what is new is."""
    template = env.from_string("{% cached word %}<p>{{ word }}</p>{% endcached %}")
    one, other = Count("一"), Count("<二>")
    for _ in range(3):
        assert template.render(word=one) == "<p>一</p>"
        assert template.render(word=other) == "<p>&lt;二&gt;</p>"
    assert (one.written, other.written) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        "{{ account.name }}",
        "{% if account %}ある{% endif %}",
        "{% for each in accounts %}{{ each }}{% endfor %}",
        "{% call ui.banner() %}{{ account.name }}{% endcall %}",
        "{% set name = account.name %}{{ name }}",
        '{{ url("sessions/show", id=account.id) }}',
        '{% include "partials/account_table.html" %}',
    ],
)
def test_a_piece_that_names_more_than_its_keys_does_not_compile(
    env: jinja2.Environment, body: str
) -> None:
    """Cached for everybody, it would show one person's data to the next."""
    with pytest.raises(jinja2.TemplateSyntaxError, match="names \\['account"):
        env.from_string(f"{{% cached word %}}{{{{ word }}}}{body}{{% endcached %}}")


def test_a_piece_may_use_what_belongs_to_the_site(env: jinja2.Environment) -> None:
    """Addresses, components and what the piece itself names change with no request."""
    template = env.from_string(
        '{% cached %}{% for step in ("a", "b") %}{{ step }}{% endfor %}{{ url("portal/top") }}'
        '{{ ui.link_button("次へ", "/x") }}{% endcached %}'
    )
    assert template.render().startswith("ab/")
    assert "次へ" in template.render()


def test_a_flood_of_keys_does_not_fill_the_memory(env: jinja2.Environment) -> None:
    """Beyond so many renderings of a piece they are forgotten, and made anew."""
    template = env.from_string("{% cached word %}{{ word }}{% endcached %}")
    first = Count("0")
    for number in range(Cached.MOST):
        template.render(word=first if number == 0 else Count(str(number)))
    template.render(word=Count("one too many"))
    assert template.render(word=first) == "0"
    assert first.written == 2


def test_a_piece_without_keys_is_rendered_once(env: jinja2.Environment) -> None:
    """Jinja works out what is the same at every rendering when it compiles: not whether a piece is kept."""
    env.globals["word"] = word = Count("一")
    template = env.from_string("{% cached %}<p>{{ word }}</p>{% endcached %}")
    assert {template.render() for _ in range(3)} == {"<p>一</p>"}
    assert word.written == 1


def test_an_icon_is_written_in_when_a_template_is_compiled(env: jinja2.Environment) -> None:
    """As addresses are: no rendering calls a macro for it."""
    ui: Any = env.globals["ui"]
    template = env.from_string('<p>{{ ui.icon("leave") }}</p>')
    assert template.render() == template.render(ui=None) == f"<p>{ui.icon('leave')}</p>"


@pytest.mark.parametrize(
    ("call", "written"),
    [
        ('url("office/account", id=found.id)', "/office/accounts/a1"),
        ('url("office/audit", user_id=found.user_id)', "/office/audit?user_id=KNCA%261"),
        ('url("direct_debit/show", kind=found.kind)', "/useridmg/debit/national"),
    ],
)
def test_an_address_with_a_part_is_filled_in_when_a_page_is_rendered(
    env: jinja2.Environment, call: str, written: str
) -> None:
    """Around the part it is written in; behind a question mark, or where words stand for codes, it is not."""
    template = env.from_string(f"{{{{ {call} }}}}")
    found = {"id": "a1", "user_id": "KNCA&1", "kind": Kind.NATIONAL}
    assert template.render(found=found) == written
