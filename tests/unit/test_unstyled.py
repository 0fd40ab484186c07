"""The look for what is untrue without script and style: it finds what it is for, on every answer of the http tests."""

import pytest

from tests.support import unstyled
from tests.support.html import parse, scripted

FORM = '<form method="post" action="/x">{}</form>'
FOUND = {
    '<button type="button">印刷</button>': "a button that needs a script",
    '<input type="checkbox" id="show">': "a field that nothing sends",
    "<p hidden>お待ちください</p>": "hidden, and shown all the same",
    '<div hidden><input name="a"></div>': "hidden, and shown all the same",
    "<template><p>あとで</p></template>": "<template>",
    "<dialog>まだです</dialog>": "<dialog>",
    "<p><span>送信しています…</span></p>": "untrue",
}
NOTHING = (
    '<input name="a"><button>次へ</button><button hidden>次へ</button><ul hidden></ul>',
    '<span data-scripted="&lt;button type=&#34;button&#34;&gt;印刷&lt;/button&gt;"></span>',
)


@pytest.mark.parametrize(("piece", "said"), FOUND.items(), ids=FOUND.values())
def test_what_is_shown_and_not_so_is_found(piece: str, said: str) -> None:
    """Each kind by itself."""
    (fault,) = unstyled.faults(parse(FORM.format(piece), fragment=True))
    assert fault.startswith(said)


def test_a_field_outside_of_any_form_is_found() -> None:
    """It has a name, and goes nowhere."""
    (fault,) = unstyled.faults(parse('<input name="a">', fragment=True))
    assert fault.startswith("a field that nothing sends")


@pytest.mark.parametrize("piece", NOTHING)
def test_what_works_or_is_not_there_is_no_fault(piece: str) -> None:
    """An attribute is shown by no browser."""
    assert list(unstyled.faults(parse(FORM.format(piece), fragment=True))) == []


def test_what_the_script_puts_in_place_is_looked_at_as_the_rest() -> None:
    """What is inside of such, too."""
    inner = "&lt;b data-part&gt;一&lt;/b&gt;"
    text = f'<span data-scripted="&lt;i&gt;&lt;span data-scripted=&#34;{inner.replace("&", "&amp;")}&#34;&gt;&lt;/span&gt;&lt;/i&gt;"></span>'
    assert scripted(text) == "<i><b data-part>一</b></i>"
    assert (
        scripted('<div data-part="&lt;b&gt;二&lt;/b&gt;"></div>')
        == "<div data-part><b>二</b></div>"
    )
