"""The operator's own texts (MYPAGE_TEXTS_DIR) stand in the place of ours, on their page and in 検索."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.html import words
from tests.support.post import PostOffice
from tests.support.press import visit
from tests.support.product import running

pytestmark = pytest.mark.anyio

OURS = {
    "/help/terms": "利用規約",
    "/help/privacy": "個人情報の取扱い",
    "/help/accessibility": "ウェブアクセシビリティ方針",
}
TERMS = """\ufeff# 第1条（目的）
この規約は、<b>マイページ</b>の
利用について定めます。

# 第2条（料金）

とくべつな会費はありません。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the folder of an operator who wrote one of the three texts."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "terms.txt").write_text(TERMS, encoding="utf-8")
    return folder


@pytest.fixture
async def reader(
    tmp_path: Path, folder: Path, post: PostOffice, frozen: FrozenClock
) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser at a product that has these texts, beside the product that has ours."""
    texts, other = {"MYPAGE_TEXTS_DIR": str(folder)}, tmp_path / "other"
    other.mkdir()
    async with running(other, post, **texts) as product, product.browser() as browser:
        yield browser


async def test_an_own_text_replaces_ours_and_the_title_stays(
    reader: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Lines with # are headings, blank lines part paragraphs, and markup is but letters."""
    page = await visit(reader, "/help/terms")
    assert page.h1 == "利用規約"
    assert [words(each) for each in page.root.iter("h2")] == ["第1条（目的）", "第2条（料金）"]
    assert "この規約は、<b>マイページ</b>の 利用について定めます。" in page.text
    ours = await visit(visitor, "/help/terms")
    assert not {words(each) for each in ours.root.iter("h2")} & {"第1条（目的）", "第2条（料金）"}


async def test_texts_that_are_not_there_stay_ours(
    reader: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """One file does not take the other two away."""
    for path in ("/help/privacy", "/help/accessibility"):
        page, ours = await visit(reader, path), await visit(visitor, path)
        assert page.h1 == OURS[path]
        assert words(next(page.root.iter("main"))) == words(next(ours.root.iter("main")))


async def test_the_search_reads_the_own_text(
    reader: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """What is replaced is not found any more."""
    for browser, hits in ((reader, 1), (visitor, 0)):
        page = await visit(browser, "/help/search?q=とくべつな会費")
        assert f"{hits}件" in page.text


async def test_a_text_is_read_anew_for_each_reader(reader: httpx.AsyncClient, folder: Path) -> None:
    """A corrected sentence needs no restart; an empty file is no text."""
    (folder / "terms.txt").write_text("改めました。", encoding="utf-8")
    assert "改めました。" in (await visit(reader, "/help/terms")).text
    (folder / "terms.txt").write_text("\n \n", encoding="utf-8")
    assert "改めました。" not in (await visit(reader, "/help/terms")).text
