"""新規作成, 情報変更, 利用中止 through the screens: what is typed, shown, made, mailed."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support import debits
from tests.support.debits import ACCOUNT, OTHER_BANK, YUCHO, approved, commit, make, propose
from tests.support.press import Press, natively, visit
from tests.support.product import Product
from web.clock import DAY, HOUR

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MYPAGE = "/useridmg/mypage"
NATIONAL = "国庫金ダイレクト納付口座"


async def said(browser: httpx.AsyncClient, product_name: str = NATIONAL) -> str:
    """Read what My Page says about an account."""
    return (await visit(browser, MYPAGE)).rows()[product_name]


async def test_a_form_is_made_through_three_steps(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """入力 → 確認 → 届出書作成; one form, one mail, one audit row, one receipt."""
    confirm = (await propose(alice, press)).page
    assert confirm.h1 == f"{NATIONAL}新規作成 依頼の確認"
    rows = confirm.rows()
    assert rows["金融機関"] == "三菱ＵＦＪ銀行（0005）"
    assert rows["口座番号"] == "7654321"
    assert rows["口座名義(カナ)"] == "ｹｲｼﾞｷﾞﾖｳｾｲｼﾖｼｼﾞﾑｼﾖ"
    done = [(await commit(alice, confirm, press)).page for _ in range(3)]
    assert {page.h1 for page in done} == {f"{NATIONAL}新規作成 届出書作成"}
    (form,) = debits.forms(product)
    assert (form["kind"], form["action"], form["state"]) == ("national", "new", "made")
    assert form["last_digits"] == "321"
    assert len(product.rows("SELECT 1 FROM receipts")) == 1
    events = product.rows("SELECT event FROM audit WHERE event LIKE 'direct_debit.%'")
    assert [row["event"] for row in events] == ["direct_debit.made"]
    await product.settle()
    (mail,) = product.post.mails
    assert mail.subject == f"【軽自動車OSS】{NATIONAL}届出書作成のご連絡"
    assert "7654321" not in mail.body


async def test_my_page_tells_state_and_next_step_of_each_kind(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """From 未登録 to 利用可能, to 変更手続中, to 利用中止; the other kind is untouched."""
    assert (await said(alice)).startswith("未登録")
    await make(alice)
    assert (await said(alice)).startswith(
        "届出書作成済 届出書を印刷し、2026年12月19日までに届くように郵送してください。"
    )
    form = debits.forms(product)[0]
    for act, state in (("receive", "受付"), ("send", "金融機関審査中"), ("approve", "利用可能")):
        await debits.office(product, form, act)
        assert (await said(alice)).startswith(state)
        form = debits.forms(product)[0]
    await approved_change(product, alice)
    await make(alice, action="stop")
    assert (await said(alice)).startswith("利用中止手続中（届出書作成済）")
    await debits.office(product, debits.forms(product, action="stop")[0], "receive", "send")
    assert debits.forms(product, action="stop")[0]["state"] == "at_bank"
    await debits.office(product, debits.forms(product, action="stop")[0], "approve")
    assert (await said(alice)).startswith("利用中止")
    assert (await said(alice, "地方税ダイレクト納付口座")).startswith("未登録")


async def approved_change(product: Product, browser: httpx.AsyncClient) -> None:
    """Change the number and let the office approve it."""
    await make(browser, action="change", number="1")
    assert (await said(browser)).startswith("変更手続中（届出書作成済）")
    change = debits.forms(product, action="change")[0]
    await debits.office(product, change, "receive", "send", "approve")
    page = await visit(browser, f"{debits.BASE}/national")
    assert page.rows()["口座番号"] == "＊＊＊＊001"


async def test_a_passbook_is_converted_and_shown(alice: httpx.AsyncClient, press: Press) -> None:
    """記号 14370 番号 19927651 is 店番 438, 口座番号 1992765."""
    rows = (await propose(alice, press, **YUCHO)).page.rows()
    assert rows["金融機関"] == "ゆうちょ銀行（9900）"
    assert rows["支店"].endswith("（438）")
    assert rows["口座番号"] == "1992765"
    assert rows["通帳の記号・番号"] == "14370-19927651"


async def test_an_account_of_yucho_by_its_branch_shows_the_passbook(
    alice: httpx.AsyncClient,
) -> None:
    """Who types 店番 and 口座番号 can compare with the passbook; one digit is not known."""
    page = (await propose(alice, bank="9900", branch="438", number="1992765")).page
    assert page.rows()["通帳の記号・番号"] == "143＊0-19927651"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("bank", "みちのく銀行", "合併により青森みちのく銀行（0117）になりました"),
        (
            "bank",
            "八千代銀行",
            "合併によりきらぼし銀行（0137）になりました。「0137 きらぼし銀行」と",
        ),
        ("bank", "0554", "関西アーバン銀行（0554）は、合併により関西みらい銀行（0159）になり"),
        ("bank", "三菱", "「三菱」と完全に一致する金融機関はありません。候補から選んでください。"),
        ("bank", "119", "「119」と完全に一致する金融機関はありません。候補から選んでください。"),
        (
            "branch",
            "赤羽駅",
            "「赤羽駅」と完全に一致する支店はありません。候補から選んでください。",
        ),
        ("branch", "002 大阪", "「002 大阪」と完全に一致する支店はありません。候補から"),
        ("bank", "ぬぬぬ銀行", "該当する金融機関がありません"),
        ("bank", "", "金融機関を入力してください"),
        ("branch", "札幌しろくま", "組合せをご確認ください"),
        ("branch", "", "支店を入力してください"),
        ("number", "12345678", "ゆうちょ銀行"),
        ("deposit", "tax", "どちらか"),
        ("holder_kana", "軽自", "漢字"),
        ("address", "東京都" + "あ" * 46, "宛名ラベルの2行（48文字）に入りません。現在は49文字"),
        ("building", "い" * 49, "宛名ラベル"),
        ("postal_code", "123", "7桁"),
        ("phone", "1234", "市外局番から"),
        ("phone", "031234567", "市外局番から10桁"),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field_and_kept(
    product: Product, alice: httpx.AsyncClient, press: Press, field: str, typed: str, words: str
) -> None:
    """422, the words beside the field, everything typed still there, nothing made."""
    page = (await propose(alice, press, **{field: typed})).page
    assert page.status == 422
    assert words in page.error(field)
    assert page.summary == [page.error(field)]
    if field != "deposit":
        assert page.value(field) == typed
    assert page.value("holder") == ACCOUNT["holder"]
    assert debits.forms(product) == []


async def test_a_passbook_number_that_does_not_end_in_1_is_named(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """Asked again, in the form and in the live check."""
    page = (await propose(alice, press, **{**YUCHO, "passbook_number": "19927652"})).page
    assert "番号の最後が1ではありません" in page.error("passbook_number")
    answer = await alice.post(
        f"{debits.BASE}/check", data={"symbol": "14370", "passbook_number": "19927652"}
    )
    assert "1ではありません" in answer.text


async def test_local_taxes_may_be_paid_from_a_tax_deposit(alice: httpx.AsyncClient) -> None:
    """納税準備 for 地方税 only."""
    page = (await propose(alice, kind="local", deposit="tax")).page
    assert page.rows()["預金種目"] == "納税準備"


async def test_another_name_is_warned_of_and_not_refused(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Own-name accounts are the rule; the bank decides."""
    page = (await propose(alice)).page
    assert "登録されている名称" not in page.text
    page = (await propose(alice, holder_kana="ケイジ タロウ", holder="軽自 太郎")).page
    assert (
        "口座名義が、登録されている名称（ケイジギョウセイショシジムショ）と違います。" in page.text
    )
    await commit(alice, page)
    assert len(debits.forms(product)) == 1


async def test_another_bank_is_a_stop_and_a_new_form_together(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Two papers; the old account ends when the new one is approved, and not before."""
    await approved(product, alice)
    confirm = (await propose(alice, action="change", **OTHER_BANK)).page
    assert "届出書を2枚作成します" in confirm.text
    done = (await commit(alice, confirm)).page
    assert "利用中止届出書" in done.text
    assert "利用届出書" in done.text
    stop = debits.forms(product, action="stop")[0]
    new = debits.forms(product, action="new", state="made")[0]
    assert stop["receipt_id"] == new["receipt_id"]
    assert (await said(alice)).startswith("変更手続中（届出書作成済）")
    await debits.office(product, new, "receive", "send", "approve")
    live = product.rows("SELECT id FROM direct_debit_accounts WHERE ended_at IS NULL")
    assert [row["id"] for row in live] == [new["id"]]
    await debits.office(product, stop, "receive", "send", "approve")
    live = product.rows("SELECT id FROM direct_debit_accounts WHERE ended_at IS NULL")
    assert [row["id"] for row in live] == [new["id"]]


async def test_a_returned_form_can_be_made_again_with_its_values(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """不備返却 shows the reason; 届出書を再作成 brings everything typed back."""
    await make(alice, number="0000042")
    await debits.office(product, debits.forms(product)[0], "receive", "return_with_reason")
    page = await visit(alice, f"{debits.BASE}/national")
    assert page.rows()["不備の内容"] == "支店名が読めません。"
    again = await visit(alice, page.link("届出書を再作成"))
    assert again.value("number") == "0000042"
    assert again.value("bank") == "0005 三菱ＵＦＪ銀行"
    assert again.value("address") == "東京都新宿区西新宿１－２－３"
    action = again.action("次へ")
    await commit(alice, (await natively(alice, action, debits.good(again))).page)
    assert [form["state"] for form in debits.forms(product)] == ["returned", "made"]
    assert (await said(alice)).startswith("届出書作成済")


async def test_a_draft_of_two_hours_is_offered_again(
    frozen: FrozenClock, product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Its page offers the values; nothing is made."""
    confirm = (await propose(alice, press)).page
    for _ in range(8):
        frozen.advance(HOUR // 4)
        await alice.get(MYPAGE)
    page = (await commit(alice, confirm, press)).page
    assert page.h1 == f"{NATIONAL}新規作成 依頼の入力"
    assert page.notice.startswith("入力から時間がたった")
    assert page.value("number") == "7654321"
    assert debits.forms(product) == []


async def test_two_tabs_make_one_form(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The second 確定 meets 409, which says where things stand."""
    first, second = (await propose(alice)).page, (await propose(alice, number="1")).page
    await commit(alice, first)
    page = (await commit(alice, second, press)).page
    assert page.status == 409
    assert page.h1 == "ほかの画面で先に手続が進んでいます"
    assert page.rows()["状態"] == "届出書作成済"
    assert page.rows()["口座番号"] == "0000001"
    assert len(debits.forms(product)) == 1


async def test_a_changed_profile_lets_the_person_look_again(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The form carries name and representative; 次へ goes on with what was typed."""
    confirm = (await propose(alice)).page
    await product.meddle("UPDATE accounts SET profile_version = profile_version + 1")
    page = (await commit(alice, confirm, press)).page
    assert page.status == 409
    page = (await press(alice, page.action("次へ"), page.fields(page.action("次へ")))).page
    assert page.h1 == f"{NATIONAL}新規作成 依頼の確認"
    await commit(alice, page)
    assert len(debits.forms(product)) == 1


async def test_a_form_is_taken_back_once(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """取下げ asks, then does it; a second press finds it done; it can be made anew."""
    await make(alice)
    page = await visit(alice, f"{debits.BASE}/national")
    ask = await visit(alice, page.link("取下げ"))
    action = ask.action("取り下げる")
    for _ in range(2):
        done = (await press(alice, action, ask.fields(action))).page
        assert done.notice.startswith("届出書を取り下げました。")
    assert [form["state"] for form in debits.forms(product)] == ["withdrawn"]
    assert (await said(alice)).startswith("未登録")
    await make(alice)


async def test_a_form_that_arrived_cannot_be_taken_back(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """409, nothing written."""
    await make(alice)
    page = await visit(alice, f"{debits.BASE}/national")
    ask = await visit(alice, page.link("取下げ"))
    await debits.office(product, debits.forms(product)[0], "receive")
    action = ask.action("取り下げる")
    page = (await press(alice, action, ask.fields(action))).page
    assert (page.status, page.h1) == (409, "この届出書は、すでに手続が進んでいます")
    assert debits.forms(product)[0]["state"] == "received"


async def test_a_procedure_that_cannot_start_leads_to_its_state(alice: httpx.AsyncClient) -> None:
    """情報変更 without an account; 新規作成 while a form waits."""
    for action in ("change", "stop"):
        page = await visit(alice, debits.edit(action=action))
        assert page.h1 == f"{NATIONAL}照会"
        assert page.notice.startswith("現在の状態では、この手続を開始できません。")
    await make(alice)
    page = await visit(alice, debits.edit())
    assert page.h1 == f"{NATIONAL}照会"
    assert page.notice.startswith("手続中の届出書があるため、新たに開始できません。")


async def test_a_draft_fits_no_other_procedure(product: Product, alice: httpx.AsyncClient) -> None:
    """A draft of 国庫金 confirmed as 地方税 makes nothing."""
    confirm = (await propose(alice)).page
    address = confirm.action("確定").replace("national", "local")
    page = await visit(alice, (await alice.post(address)).headers["Location"])
    assert page.h1 == "地方税ダイレクト納付口座新規作成 依頼の入力"
    assert debits.forms(product) == []


async def test_what_never_arrives_is_taken_back_and_mailed(
    frozen: FrozenClock, product: Product, alice: httpx.AsyncClient
) -> None:
    """On day 90, by the upkeep."""
    from web.background import _take_back_old_forms

    await make(alice)
    frozen.advance(90 * DAY)
    await _take_back_old_forms(product.services)
    assert debits.forms(product)[0]["state"] == "withdrawn"
    await product.settle()
    assert "2026年12月19日までに届かなかった" in product.post.mails[-1].body
