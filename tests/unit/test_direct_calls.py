"""What a template calls is called as Jinja would call it, by a shorter way."""

import jinja2
import pytest

PLAIN = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
NAMED = "{% macro named(a, b='<', c=a) %}{{ a }}|{{ b }}|{{ c }}{% endmacro %}"
FRAMED = "{% macro framed(a, b='') %}{{ a }}{{ b }}[{{ caller(a) }}]{% endmacro %}"
MANY = "{% macro many(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}"
GOOD = {
    "by place": NAMED + "{{ named('&', '>', 1) }}",
    "by name": NAMED + "{{ named(c='&', a=value) }}",
    "some by default": NAMED + "{{ named('&') }}",
    "in a loop": NAMED + "{% for each in (1, 2) %}{{ named(each, loop.index) }}{% endfor %}",
    "as a value": NAMED + "{% set it = named(value) %}{{ it }}{{ it ~ value }}",
    "with a body": FRAMED + "{% call(x) framed('&') %}{{ x }}{{ value }}{% endcall %}",
    "with a body and a name": FRAMED + "{% call(x) framed('&', b=value) %}{{ x }}{% endcall %}",
    "with more than it names": MANY + "{{ many(1, 2, 3, d=4) }}",
    "a list and a dict of arguments": NAMED + "{{ named(*['&'], **{'b': 2, 'c': 3}) }}",
    "a function": "{{ shout(value, mark='<') }}",
    "a name that Python keeps for itself": "{{ keys(**{'for': 1}) }}",
    "a block": "{% block one %}{{ value }}{% endblock %}{{ self.one() }}",
}
BAD = {
    "no argument": NAMED + "{{ named() }}",
    "one too many": NAMED + "{{ named(1, 2, 3, 4) }}",
    "one of another name": NAMED + "{{ named(1, d=2) }}",
    "the same one twice": NAMED + "{{ named(1, a=2) }}",
    "a body where none belongs": NAMED + "{% call named(1) %}x{% endcall %}",
    "no body": FRAMED + "{{ framed(1) }}",
    "something unknown": "{{ nothing(1) }}",
}


def _render(env: jinja2.Environment, source: str) -> str:
    def shout(text: str, *, mark: str) -> str:
        return f"{text}{mark}"

    def keys(**given: int) -> str:
        return ",".join(given)

    return env.from_string(source).render(value="<&軽", shout=shout, keys=keys).strip()


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_a_call_gives_what_jinja_gives(env: jinja2.Environment, source: str) -> None:
    """By place, by name, with defaults, with a body."""
    assert _render(env, source) == _render(PLAIN, source)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_a_wrong_call_fails_as_in_jinja(env: jinja2.Environment, source: str) -> None:
    """Nothing is left out or made up."""
    with pytest.raises((TypeError, jinja2.UndefinedError)) as theirs:
        _render(PLAIN, source)
    with pytest.raises((TypeError, jinja2.UndefinedError)) as ours:
        _render(env, source)
    assert ours.type is theirs.type
