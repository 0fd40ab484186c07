"""郵便番号 → 都道府県, 市区町村, 町: by the button without scripts, and as the field is left with them."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.debits import BASE, edit, good
from tests.support.page import Page
from tests.support.press import Press, natively, visit
from web import postal_codes
from web.fields.names import WIDTH, label_lines, label_text

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TOKYO = "東京都新宿区西新宿"
CITY_HALL = "京都府京都市中京区寺町通御池上る上本能寺前町４８８番地"


async def ask(browser: httpx.AsyncClient, press: Press, **typed: str) -> Page:
    """Press the button beside the code; the form is otherwise as it was."""
    page = await visit(browser, edit())
    given = {**good(page), "search": "postal_code", "number": "12", **typed}
    return (await press(browser, page.action("次へ"), given)).page


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("160-0023", TOKYO),
        ("〒１６００ー０２３", TOKYO),
        ("6048571", CITY_HALL),  # a code of its own of a large office
        ("060-0000", "北海道札幌市中央区"),
        ("498-0000", ""),  # two prefectures
    ],
)
async def test_the_button_fills_the_beginning_of_the_address(
    alice: httpx.AsyncClient, code: str, address: str
) -> None:
    """Without scripts; what else was typed stays, and nobody is told of errors yet."""
    page = await ask(alice, natively, postal_code=code)
    assert page.status == 200
    assert page.value("address") == address
    assert page.value("number").lstrip("0") == "12"
    assert page.summary == []
    assert "です。続きを住所に入力してください。" in page.text


async def test_an_address_that_was_typed_is_not_replaced(alice: httpx.AsyncClient) -> None:
    """The code that does not fit is said instead."""
    page = await ask(alice, natively, postal_code="1600023", address="大阪府吹田市山田丘1-1")
    assert page.value("address") in {"大阪府吹田市山田丘1-1", "大阪府吹田市山田丘１－１"}
    assert f"160-0023は「{TOKYO}」です。住所の欄をご確認ください。" in page.text
    page = await ask(alice, natively, postal_code="1600023", address=f"{TOKYO}1-2-3")
    assert f"160-0023は「{TOKYO}」です。続きを住所に入力してください。" in page.text


@pytest.mark.parametrize(
    ("code", "words"),
    [("000-0000", "住所が見つかりません"), ("160", "7桁"), ("", "郵便番号を入力してください")],
)
async def test_a_code_that_leads_nowhere_is_told(
    alice: httpx.AsyncClient, code: str, words: str
) -> None:
    """What is no code is wrong at its field; what is not in the list may be a new one."""
    page = await ask(alice, natively, postal_code=code)
    assert words in page.text
    assert page.value("address") == ""


async def test_leaving_the_field_asks_for_the_same(alice: httpx.AsyncClient) -> None:
    """htmx: the beginning for an empty address, else only the sentence."""
    address = f"{BASE}/town"
    empty = await alice.post(address, data={"postal_code": "160-0023", "address": ""})
    assert f'data-start="{TOKYO}"' in empty.text
    typed = await alice.post(address, data={"postal_code": "160-0023", "address": "大阪府"})
    assert 'data-start=""' in typed.text
    assert "住所の欄をご確認ください。" in typed.text
    for code in ("", "123", "住所", "x" * 3000):
        assert "<span" not in (await alice.post(address, data={"postal_code": code})).text


async def test_a_stranger_looks_nothing_up(visitor: httpx.AsyncClient) -> None:
    """A bare 401, as for every live check."""
    assert (await visitor.post(f"{BASE}/town")).status_code == 401


@given(st.from_regex("[0-9]{7}", fullmatch=True))
def test_every_code_gives_a_beginning_that_the_address_takes(code: str) -> None:
    """Full width, whole lines of the label, and a common beginning of all its towns."""
    place = postal_codes.find(code)
    if place is not None:
        assert label_text("")(place.start) == place.start
        assert all(town.startswith(place.start) for town in place.towns)


@given(
    st.text(
        st.sampled_from("京都府市中区町村上る０１２３４－ー\u3000ビル葛\U000e0100"), max_size=60
    )
)
def test_an_address_comes_out_whole_on_two_lines(typed: str) -> None:
    """No line is wider than the label, no character is lost."""
    try:
        text = label_text("")(typed)
    except ValueError:
        return
    lines = label_lines(text)
    assert len(lines) <= 2
    assert "".join(lines).replace("\u3000", "") == text.replace("\u3000", "")
    assert all(len(line.replace("\U000e0100", "")) <= WIDTH for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (CITY_HALL, ["京都府京都市中京区寺町通御池上る上本能寺前町", "４８８番地"]),
        (
            "京都府京都市下京区烏丸通塩小路下る東塩小路町９０１番地京都駅ビル",
            ["京都府京都市下京区烏丸通塩小路下る東塩小路町", "９０１番地京都駅ビル"],
        ),
        (
            "北海道ああああああああああああああああああああ１２３４－５６",
            ["北海道ああああああああああああああああああああ", "１２３４－５６"],
        ),
        (f"{TOKYO}１－２－３", [f"{TOKYO}１－２－３"]),
        ("", []),
    ],
)
def test_a_long_address_breaks_behind_a_place(text: str, lines: list[str]) -> None:
    """京都's long ones fit; a number is not torn."""
    assert label_lines(text) == lines
