"""自分の登録データ: the password, then everything held about the account, as a file or on a page."""

import json
import re
import threading
from typing import Any

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_activity import ACTIVITY, record, said
from tests.support import debits
from tests.support.html import elements, words
from tests.support.journeys import ask_bulk, bulk_link, change_profile, payment_link, propose
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, Press, natively, visit
from tests.support.product import Product
from web.clock import MINUTE
from web.features.activity import events, own_data
from web.services import Work
from web.store import accounts
from web.store.audit import Row

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DATA = "/useridmg/activity/data"
TITLE = "自分の登録データ"
FIELD = "current_password"
SHOW = {FIELD: ALICE.payment_password, "as": "page"}
SECTIONS = [
    "作成日時", "利用者情報", "パスワード", "以前のパスワード", "ログイン",
    "認証アプリ", "パスキー", "予備コード", "ログインなどの確認",
    "ログインしたことがある端末", "入力の途中", "受付", "パスワード初期化用URL", "利用者ID発行",
    "ダイレクト納付口座", "ダイレクト納付口座の届出書", "まとめ納付",
    "窓口での利用者管理用メールアドレスの変更", "窓口での確認手段の解除", "メールアドレス確認用URL",
    "心当たりがない操作の届出", "エラー番号", "利用者IDの廃止", "メール",
    "操作履歴",
]  # fmt: skip

NOT_LIVED = {  # by Alice
    "認証アプリ", "パスキー", "予備コード", "ログインなどの確認",
    "利用者ID発行", "ダイレクト納付口座", "ダイレクト納付口座の届出書", "まとめ納付",
    "窓口での利用者管理用メールアドレスの変更", "窓口での確認手段の解除", "メールアドレス確認用URL", "利用者IDの廃止", "エラー番号",
    "心当たりがない操作の届出",
}  # fmt: skip


async def save(
    browser: httpx.AsyncClient, password: str = ALICE.payment_password, **headers: str
) -> httpx.Response:
    """Press 保存."""
    return await browser.post(DATA, data={FIELD: password}, headers=headers)


async def test_a_long_history_keeps_nobody_waiting(
    product: Product, alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page, opened as often as one likes, reads the newest; the file is made in a thread."""
    account_id = (await product.services.read_one(accounts.find_by_payment_id, "KNCA6288")).id  # type: ignore[union-attr]

    async def much(tx: Work) -> None:
        for _ in range(500):
            await tx.audit("activity.saved", account_id)

    await product.services.write(much)
    read = list[bool]()  # for each event: whether it was read where everybody waits

    def spy(row: Row) -> events.Event:
        read.append(threading.current_thread() is threading.main_thread())
        return plain(row)

    plain = events.read
    monkeypatch.setattr(events, "read", spy)
    page = (await natively(alice, DATA, SHOW)).page
    assert page.h1 == "自分の登録データの表示"
    assert read == [True] * (own_data.MOST_SHOWN + 1)
    read.clear()
    answer = await save(alice)
    assert len(answer.json()["操作履歴"]) == len(read) > 500
    assert not any(read)


async def lived(product: Product, alice: httpx.AsyncClient) -> None:
    """Leave a row of every kind behind."""
    await change_profile(alice, representative="星野　海")
    await propose(alice, representative="")
    await ask_bulk(alice)
    await bulk_link(product, alice)
    await payment_link(product, alice, ALICE)
    await product.meddle(
        "INSERT INTO former_passwords SELECT account_id, kind, 'x', 1790000000 FROM credentials"
    )


def moments(value: Any) -> list[str]:
    """Collect every value whose name says that it is a moment."""
    if isinstance(value, list):
        return [each for part in value for each in moments(part)]
    if not isinstance(value, dict):
        return []
    own = [each for name, each in value.items() if name.endswith("日時") and each is not None]
    return own + [each for part in value.values() for each in moments(part)]


async def test_the_file_holds_everything_about_the_account(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Every section filled, every moment readable, in UTF-8."""
    await lived(product, alice)
    answer = await save(alice)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    content = json.loads(answer.content.decode())
    assert list(content) == SECTIONS
    assert {name for name in SECTIONS if not content[name]} == NOT_LIVED
    account = content["利用者情報"][0]
    assert (account["納付利用者ID"], account["一括利用者ID"]) == ("KNCA6288", "KICA6288")
    assert account["代表者名"] == "星野　海"
    assert account["利用者管理用メールアドレス"] == "k-oss@example.jp"
    assert content["操作履歴"][-1]["内容"] == "登録データを出力しました"
    assert {mail["どのメールか"] for mail in content["メール"]} == {"profile", "reset_guide"}
    iso = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00")
    assert all(iso.fullmatch(each) for each in moments(content)), moments(content)
    assert len(moments(content)) > 20


async def test_the_file_holds_no_secret_and_nobody_else(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """No hash, token, key or sealed text of hers, and nothing at all of Bob's."""
    await lived(product, alice)
    await change_profile(bob, individual_name="軽自　夢子")
    text = (await save(alice)).text
    stored = product.rows(
        """SELECT password_hash AS it FROM credentials
           UNION SELECT id FROM receipts UNION SELECT id FROM reset_links"""
    )
    hashes = [
        *product.rows("SELECT token_hash AS it FROM sessions"),
        *product.rows("SELECT key_hash AS it FROM reset_links"),
        *product.rows("SELECT device_hash AS it FROM devices"),
        *product.rows("SELECT mac AS it FROM audit"),
    ]
    secrets = {row["it"] for row in stored} | {row["it"].hex() for row in hashes}
    secrets |= {alice.cookies["session"], alice.cookies["device"]}
    secrets |= {ALICE.payment_password, ALICE.bulk_password, "argon2", "$"}
    assert [each for each in secrets if each.lower() in text.lower()] == []
    theirs = {"KNCA6289", "KICA6289", "軽自　花子", "軽自　夢子", "hanako@example.jp"}
    assert [each for each in theirs if each in text] == []


AT_BANK = {
    "金融機関": "三菱ＵＦＪ銀行（0005）",
    "支店": "本店（001）",
    "預金種目": "普通",
    "口座番号": "＊＊＊＊321",
    "口座名義(カナ)": "ｹｲｼﾞｷﾞﾖｳｾｲｼﾖｼｼﾞﾑｼﾖ",
    "口座名義": "軽自行政書士事務所",
}
CONTACT = {
    "郵便番号": "160-0023",
    "住所": "東京都新宿区西新宿１－２－３",
    "建物名・部屋番号": "",
    "電話番号": "050-3364-0800",
}
AT_YUCHO = {
    **AT_BANK,
    "金融機関": "ゆうちょ銀行（9900）",
    "支店": "四三八（438）",
    "口座番号": "＊＊＊＊765",
    "通帳の記号・番号": "14370-＊＊＊＊＊651",
}


async def test_the_file_holds_the_bank_account_but_the_whole_number(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Bank, branch, holder, address and telephone in clear; of numbers the end, as on every screen."""
    await debits.approved(product, alice)
    await debits.make(alice, kind="local", **debits.YUCHO)
    await debits.make(bob, number="1112223", holder="軽自　花子")
    text = (await save(alice)).text
    content = json.loads(text)
    (account,) = content["ダイレクト納付口座"]
    assert (account["種類"], account["内容"]) == ("国庫金", {**AT_BANK, **CONTACT})
    forms = content["ダイレクト納付口座の届出書"]
    national, local = sorted(forms, key=lambda form: form["種類"])
    assert (national["状態"], national["内容"]) == ("承認", {**AT_BANK, **CONTACT})
    assert (local["状態"], local["内容"]) == ("届出書作成済", {**AT_YUCHO, **CONTACT})
    whole = {"7654321", "1992765", "19927651", "1112223", "軽自　花子", "sealed", "row_id"}
    assert [each for each in whole if each in text] == []
    page = await visit(alice, DATA)
    assert "口座番号と通帳の番号は終わりの3桁だけ" in page.text


async def test_what_no_key_opens_is_said_and_the_rest_is_there(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A damaged row costs its owner no other."""
    await debits.make(alice)
    await debits.make(alice, kind="local")
    await product.meddle(
        "UPDATE direct_debit_forms SET sealed = :bytes WHERE kind = 'national'", bytes=b"\0"
    )
    forms = json.loads((await save(alice)).text)["ダイレクト納付口座の届出書"]
    national, local = sorted(forms, key=lambda form: form["種類"])
    assert national["内容"] == "読み取れません。お問い合わせの窓口にご連絡ください。"
    assert national["整理番号"]
    assert local["内容"] == {**AT_BANK, **CONTACT}


async def test_the_page_shows_what_the_file_holds(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Every part and every name of it in the same order; moments as people read them; to be printed."""
    await lived(product, alice)
    await debits.approved(product, alice)
    file = json.loads((await save(alice)).text)
    page = (await press(alice, DATA, SHOW)).page
    assert (page.status, page.h1) == (200, f"{TITLE}の表示")
    assert "no-store" in page.response.headers["Cache-Control"]
    parts = [each for each in elements(page.root, "section") if each.get("class") == "own-part"]
    assert [words(next(each.iter("h2"))) for each in parts] == [
        each for each in file if each != "作成日時"
    ]
    for part, section in zip(
        [rows for name, rows in file.items() if name != "作成日時"], parts, strict=True
    ):
        terms = [words(each) for each in elements(section, "dt")]
        assert {each for row in part for each in row} <= {*terms, "内容"}
    said = page.text
    for words_of in (
        "2026年 09月 21日 09時 00分",
        "利用者情報変更登録完了のご連絡",
        "＊＊＊＊321",
        "軽自行政書士事務所",
    ):
        assert words_of in said
    assert "+09:00" not in said
    assert [each.get("id") for each in elements(page.root, "button")].count("print") == 1


async def test_the_page_is_open_for_ten_minutes_in_one_log_in(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, product: Product, frozen: FrozenClock
) -> None:
    """Reloaded as often as one likes; then, in another log-in, or changed, it asks again."""
    page = (await natively(alice, DATA, SHOW)).page
    saved = len(product.rows("SELECT 1 FROM audit WHERE event = 'activity.saved'"))
    assert saved == 1
    assert (await visit(alice, page.address)).h1 == page.h1
    async with product.browser("192.0.2.7") as other:
        await log_in(other, ALICE)
        for browser in (bob, other):
            refused = await visit(browser, page.address)
            assert (refused.h1, "もう一度" in refused.notice) == (TITLE, True)
    at, _, mac = page.address.partition("shown=")[2].partition("-")
    for shown in (
        "",
        "0",
        f"{at}-",
        f"{int(at) + 1}-{mac}",
        f"{at}-{'0' * 32}",
        f"{at}-{mac[:2]}",
        f"-{mac}",
        f"{at}-{'あ' * 32}",
    ):
        assert (await visit(alice, f"{DATA}/page?shown={shown}")).h1 == TITLE
    frozen.advance(10 * MINUTE)
    assert (await visit(alice, page.address)).h1 == TITLE
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'activity.saved'")) == saved


async def test_the_page_shows_the_newest_of_very_many_rows(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A long life must not hold everybody else up; the file has all of it."""
    await record(product, "KNCA6288", 250)
    page = (await natively(alice, DATA, SHOW)).page
    parts = [each for each in elements(page.root, "section") if each.get("class") == "own-part"]
    assert len(elements(parts[-1], "dl")) == 200
    assert "新しいものから200件" in words(parts[-1])
    assert len(json.loads((await save(alice)).text)["操作履歴"]) > 250


async def test_the_file_has_a_name_of_our_own(alice: httpx.AsyncClient) -> None:
    """RFC 6266: an ASCII name, and one in Japanese for those who can read it; saved, not shown."""
    given = (await save(alice)).headers["Content-Disposition"]
    assert given == (
        "attachment; filename=\"mypage_KNCA6288_20260921.json\"; filename*=UTF-8''"
        "%E7%99%BB%E9%8C%B2%E3%83%87%E3%83%BC%E3%82%BF_KNCA6288_20260921.json"
    )


async def test_saving_is_recorded_each_time(product: Product, alice: httpx.AsyncClient) -> None:
    """Twice is twice: each file may have gone somewhere else."""
    for _ in range(2):
        assert (await save(alice)).status_code == 200
    assert said(await visit(alice, ACTIVITY))[:2] == ["登録データを出力しました"] * 2


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "現在のパスワードを入力してください。"),
        ("not-the-password", "現在のパスワードが違います。"),
        (BOB.payment_password, "現在のパスワードが違います。"),
    ],
)
async def test_without_the_password_there_is_no_file(
    product: Product, alice: httpx.AsyncClient, typed: str, message: str
) -> None:
    """The form again with 422, and the record of a try where there was one."""
    page = (await natively(alice, DATA, {FIELD: typed})).page
    assert (page.status, page.h1) == (422, TITLE)
    assert page.error(FIELD).startswith(message)
    assert not typed or typed not in page.response.text
    assert not product.rows("SELECT 1 FROM audit WHERE event = 'activity.saved'")
    assert (await visit(alice, DATA)).status == 200


async def test_the_form_is_never_htmx_s(alice: httpx.AsyncClient) -> None:
    """htmx would swap the file into the page; asked all the same, the file is a file."""
    page = await visit(alice, DATA)
    form = next(each for each in page.root.iter("form") if each.get("action") == DATA)
    assert [name for name in form.attrib if name.startswith("hx-")] == []
    answer = await save(alice, **HTMX)
    assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_guessing_here_is_throttled_like_log_in(alice: httpx.AsyncClient) -> None:
    """429 with Retry-After, as a page."""
    answers = [await save(alice, f"guess {n}") for n in range(40)]
    assert answers[0].status_code == 303
    assert answers[-1].status_code == 429
    assert Page(answers[-1]).h1 == "操作の回数が多すぎます"


async def test_a_log_in_of_before_is_in_the_file_with_its_device(product: Product) -> None:
    """What ログイン中の端末 goes by is held, so it is given: browser and address."""
    async with product.browser("192.0.2.7", **{"User-Agent": "Netscape 4"}) as browser:
        await log_in(browser, ALICE)
        content = json.loads((await save(browser)).text)
    assert [(each["ブラウザー"], each["接続元のアドレス"]) for each in content["ログイン"]] == [
        ("Netscape 4", "192.0.2.7")
    ]


async def test_my_page_the_list_and_the_sitemap_lead_to_it(alice: httpx.AsyncClient) -> None:
    """By the name it has."""
    for origin in ("/useridmg/mypage", ACTIVITY, "/help/sitemap"):
        assert (await visit(alice, origin)).link(TITLE) == DATA
