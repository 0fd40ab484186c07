"""The trees of the http tests and the faults of their sources: two parsers that agree, one of them asked seldom."""

from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.support import html
from tests.support.html import errors, parse, scripted

PAGE = '<!DOCTYPE html><html lang="ja"><head><title>題</title></head><body>{}</body></html>'
PIECES = (
    '<main id="step">  <h1>登録&amp;確認</h1>\n <p class="a b" hidden>一<b>二</b>三<!-- 四 -->五</p></main>',
    '<table><tr><th scope="row">氏名</th><td data-label="氏名">軽自　太郎</td></tr></table>',
    "<ul><li>一<li>二</ul><p>三<p>四",
    '<select name="a"><option value="1" selected>一<option value="2">二</select>',
    "<template><i>一</i>二</template>三",
    '<hx-partial id="a"><span>一</span></hx-partial>二',
    '<input type="hidden" name="a" value="一&quot;二"><br>三',
)
FAULTY = (
    "<p>一</p></div>",
    "<ul><li>一</li></ul></ul>",
    "<p><div>一</div></p>",
    "<table><tr><td>一</td></tr><input name='a'></table>",
    '<p title="一" title="二">三</p>',
    "<p>一 & 二 &nonsense; 三</p>",
    '<p title="一&nonsense;">二</p>',
    "<p>一 < 二</p>",
    "<p title=一=二>三</p>",
    "<div/>一",
    "<span>一",
    "<a href='/'><a href='/'>一</a></a>",
    "<p>一\x01二</p>",
    '<p title="一\x01">二</p>',
)


def written(element: Element) -> tuple[object, ...]:
    """Write a tree out as it is compared: a comment parts no text."""
    text, children = element.text or "", list[tuple[object, str]]()
    for child in element:
        tag: object = child.tag
        if isinstance(tag, str):  # a comment has a function there
            children.append((written(child), child.tail or ""))
        elif children:
            children[-1] = (children[-1][0], children[-1][1] + (child.tail or ""))
        else:
            text += child.tail or ""
    return (element.tag, element.attrib, text, children)


@pytest.mark.parametrize("piece", PIECES)
def test_the_tree_is_that_of_html5lib(piece: str) -> None:
    """As a piece, and in a page."""
    whole = html5lib.parse(PAGE.format(piece), namespaceHTMLElements=False)
    assert written(parse(PAGE.format(piece), fragment=False)) == written(whole)
    part = html5lib.parseFragment(piece, namespaceHTMLElements=False)
    part.tag = "fragment"
    assert written(parse(piece, fragment=True)) == written(part)


@pytest.mark.parametrize("piece", FAULTY)
def test_no_fault_hides_behind_words(piece: str) -> None:
    """Told with its line, as the parser tells of the source as it is."""
    parser = html5lib.HTMLParser()
    parser.parse(PAGE.format(f"\n{piece}"))
    found = errors(PAGE.format(f"\n{piece}"), fragment=False)
    assert len(found) == len(parser.errors) > 0
    assert found[0].startswith(f"line {parser.errors[0][0][0]}: ")


def test_what_differs_in_words_alone_is_judged_once() -> None:
    """Or the slow parser would be asked for every page."""
    html._errors.cache_clear()
    for word in ("一", "二つ目の項目（必須）", "3 / 4"):
        page = PAGE.format(
            f'<p title="{word}"> {word}\n</p><a href="/x?y=1&amp;z={word}">{word}</a>'
        )
        assert errors(page, fragment=False) == ()
    assert html._errors.cache_info().misses == 1


def test_what_a_script_puts_in_stands_in_its_place() -> None:
    piece = '<span data-scripted="&lt;button&gt;印刷&lt;/button&gt;"></span>'
    assert scripted(f"<p>{piece}</p>") == "<p><button>印刷</button></p>"
