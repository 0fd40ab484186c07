"""The 届出書 says to whom, what, by when; the second form takes what the first one says."""

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support import debits
from tests.support.debits import ACCOUNT, YUCHO, approved, make
from tests.support.people import ALICE
from tests.support.press import Press, visit
from tests.support.product import Product
from web.clock import DAY, day_style, in_tokyo

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NATIONAL, LOCAL = f"{debits.BASE}/national", f"{debits.BASE}/local"
SAME = "国庫金と同じ口座・連絡先を使う"
SEAL = "依頼者兼届出者の押印は不要です。金融機関が届出印を求める場合は、「金融機関届出印」の枠に押してください。"


def last_day(made_at: int) -> str:
    """Give the last whole day before the 90 days are over."""
    return day_style(in_tokyo(made_at + 89 * DAY).date())


async def test_the_paper_is_addressed_declares_and_names_its_day(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """御中, the declaration, フリガナ, the day; one sentence on seals that is true of both boxes."""
    made_at = frozen.at
    done = await make(alice)
    assert f"{last_day(made_at)}までに届くように" in done.text
    assert SEAL in done.text
    show = await visit(alice, NATIONAL)
    assert show.rows()["届出書の到着期限"] == last_day(made_at)
    frozen.advance(5 * DAY)  # the day does not move with today
    await log_in(alice, ALICE)
    page = await visit(alice, (await visit(alice, NATIONAL)).link("届出書を印刷"))
    assert f"到着期限　{last_day(made_at)}" in page.text
    assert "三菱ＵＦＪ銀行　御中" in page.text
    assert "国庫金ダイレクト納付口座を利用するため、次のとおり届け出ます。" in page.text
    table = page.table()
    assert table["会社・団体名（フリガナ）"] == "ケイジギョウセイショシジムショ"
    assert table["電話番号"] == "050-3364-0800"
    assert page.text.count(SEAL) == 1
    assert page.text.count("押印") == 1
    for each in (done, show, page):
        assert "90日" not in each.text


async def test_a_form_that_comes_on_its_last_day_is_in_time(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Until the end of the day that is named; whoever believes it loses nothing."""
    made_at = frozen.at
    await make(alice)
    end_of_day = (made_at + 9 * 3600) // DAY * DAY - 9 * 3600 + 90 * DAY - 1
    assert day_style(in_tokyo(end_of_day).date()) == last_day(made_at)
    frozen.advance(end_of_day - made_at)
    await product.settle()
    assert debits.forms(product)[0]["state"] == "made"


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("change", "届け出ている国庫金ダイレクト納付口座の内容を、次のとおり変更します。"),
        ("stop", "届け出ている国庫金ダイレクト納付口座の利用を、次のとおり中止します。"),
    ],
)
async def test_every_paper_declares_what_it_is(
    product: Product, alice: httpx.AsyncClient, action: str, words: str
) -> None:
    """変更 and 中止, too."""
    await approved(product, alice)
    await make(alice, action=action, **({"number": "1"} if action == "change" else {}))
    page = await visit(alice, (await visit(alice, NATIONAL)).link("届出書を印刷"))
    assert words in page.text
    assert "御中" in page.text
    assert "ケイジギョウセイショシジムショ" in page.text


async def test_the_mail_names_the_day(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Not a number of days to be counted."""
    made_at = frozen.at
    await make(alice)
    await product.settle()
    assert (
        f"{last_day(made_at)}までに届かない場合は、取下げとなります。"
        in product.post.mails[-1].body
    )


@pytest.mark.parametrize("said", [{}, YUCHO])
@pytest.mark.parametrize("live", [False, True])
async def test_the_second_form_takes_what_the_first_one_says(
    product: Product, alice: httpx.AsyncClient, press: Press, said: dict[str, str], *, live: bool
) -> None:
    """On its way or in use: bank, holder and address; it goes through as it stands."""
    begin = await visit(alice, debits.edit("local"))
    assert SAME not in begin.text
    await (approved(product, alice, **said) if live else make(alice, **said))
    begin = await visit(alice, debits.edit("local"))
    page = await visit(alice, begin.link(SAME))
    assert page.value("holder") == ACCOUNT["holder"]
    assert page.value("phone") == "05033640800"
    assert page.value("address") == "東京都新宿区西新宿１－２－３"
    assert (
        page.value("symbol" if said else "number")
        == (said or ACCOUNT)["symbol" if said else "number"]
    )
    confirm = (await press(alice, page.action("次へ"), debits.good(page))).page
    assert confirm.h1 == "地方税ダイレクト納付口座新規作成 依頼の確認"
    assert confirm.rows()["電話番号"] == "050-3364-0800"


async def test_a_deposit_that_the_other_kind_lacks_is_chosen_anew(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """納税準備 pays 地方税 only."""
    await make(alice, kind="local", deposit="tax")
    begin = await visit(alice, debits.edit("national"))
    page = await visit(alice, begin.link("地方税と同じ口座・連絡先を使う"))
    assert page.value("number") == ACCOUNT["number"]
    page = (await press(alice, page.action("次へ"), debits.good(page))).page
    assert (page.status, len(page.summary)) == (422, 1)
    assert page.error("deposit")


async def test_nobody_elses_account_is_offered(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Only one's own; what was taken back is not offered either."""
    await make(alice)
    assert SAME not in (await visit(bob, debits.edit("local"))).text
    page = await visit(bob, f"{debits.edit('local')}?same=1")
    assert page.value("number") == ""
