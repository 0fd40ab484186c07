"""まとめ納付管理ファイル in a spreadsheet, opened by a double click: numbers that are names stay as they are."""

import httpx
import pytest

from tests.http.test_summary_file import NOVEMBER, SCREEN, at, pays
from tests.support import spreadsheet
from tests.support.people import ALICE
from tests.support.product import Product
from web.http.download import csv_line
from web.store.payments import Payment

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NUMBERS = (
    "20261102000001", "2026110200000112345", "0012", "00000000000000000000", "5E3", "12e10", "1-2", "12-3",
    "2026-11-28", "123456789012345678901234", "M0001", "A-77", "９９", "００１２", "12345",
)  # fmt: skip


@pytest.fixture(params=spreadsheet.READERS)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> object:
    """Give a spreadsheet: a function of the bytes of a file."""
    folder = tmp_path_factory.mktemp("spreadsheet")
    return lambda content: spreadsheet.READERS[request.param](content, folder)


async def test_every_number_of_the_file_is_shown_as_it_is(
    product: Product, alice: httpx.AsyncClient, shown: object
) -> None:
    """まとめ納付番号 and 申請番号, of whatever length and look; amounts stay numbers."""
    assert callable(shown)
    for number in NUMBERS:
        made = Payment(number, at("11-02"), "local", 1, 1234567, number, "unpaid", "")
        await pays(product, ALICE, made)
    head, *rows = shown((await alice.post(SCREEN, data=NOVEMBER)).content)
    assert head[0] == "まとめ納付番号"
    assert sorted(row[0] for row in rows) == sorted(NUMBERS)
    assert [row[0] for row in rows] == [row[5] for row in rows]
    assert {row[4].replace(",", "") for row in rows} == {"1234567"}


def test_a_spreadsheet_spoils_what_is_not_kept(shown: object) -> None:
    """Else the readers above would show nothing."""
    assert callable(shown)
    bare = ("2026110200000112345", "0012", "5E3", "1-2", "2026-11-28")
    row = shown(("\ufeff" + csv_line(["見出し"] * 5) + csv_line(bare)).encode())[1]
    assert [after for before, after in zip(bare, row, strict=True) if before == after] in (
        [],
        ["2026-11-28"],
    )
