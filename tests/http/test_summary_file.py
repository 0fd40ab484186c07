"""まとめ納付管理ファイル: choose a period, get a CSV that a spreadsheet opens as it is meant."""

import csv
import io
import json
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import Message

from tests.conftest import FrozenClock, log_in
from tests.support.html import elements, words
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.press import natively, visit
from tests.support.product import SAME_ORIGIN, Product
from web import clock
from web.database import Database, Tx
from web.http.download import csv_line
from web.store import payments
from web.store.payments import Payment

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SCREEN = "/useridmg/summary-file"
NOVEMBER = {"period": "days", "since": "2026-11-01", "until": "2026-11-30"}
MANY_PAYMENTS = """
    INSERT INTO payments
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
    SELECT accounts.id, 'M' || SUBSTR(CAST(100000000 + i AS TEXT), 2), 'local', 'A', :at, 1, 100, 'unpaid', ''
      FROM n, accounts WHERE payment_user_id = 'KNCA6288'
"""
HEADER = ["まとめ納付番号", "作成日時", "納付区分", "件数", "金額", "申請番号", "状態", "納付日"]


def at(day: str, time: str = "09:30:05") -> int:
    """Give a moment in Japan."""
    return clock.parse_iso(f"2026-{day}T{time}")


PAID = Payment("M0002", at("11-02"), "national", 2, 13200, "A-77", "paid", "2026-11-04")
UNPAID = Payment("M0001", at("11-01"), "local", 1, 5000, "A-78", "unpaid", "")
OCTOBER = Payment("M0003", at("10-31", "23:59:59"), "general", 1, 400, "A-79", "cancelled", "")
DECEMBER = Payment("M0004", at("12-01", "00:00:00"), "general", 1, 400, "A-80", "failed", "")


async def pays(product: Product, person: Any, *made: Payment) -> None:
    """Put payments into an account, as the import does."""
    for each in made:
        values = {name: getattr(each, name) for name in Payment.__slots__}
        user_id = person.account.payment_user_id
        await product.meddle(payments.PUT, payment_user_id=user_id, **values)


def table(answer: httpx.Response) -> list[list[str]]:
    """Read a CSV as a spreadsheet does."""
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_a_day_without_an_end_makes_no_endless_address(alice: httpx.AsyncClient) -> None:
    """It goes back in an address: one of 60 KB would be refused by proxy and server, and the form be lost."""
    page = await visit(alice, SCREEN)
    typed = {**NOVEMBER, "since": "2026-11-01" + 50_000 * "9"}
    done = await natively(alice, page.action("ダウンロード"), typed)
    assert (done.page.status, done.page.h1) == (422, "まとめ納付管理ファイル")
    assert len(done.page.address) < 500
    assert done.page.error("since")
    assert done.page.value("until") == NOVEMBER["until"]


async def test_the_menu_leads_to_the_choice_and_the_choice_to_the_file(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Byte order mark, CRLF, oldest first, the day before and the day after left out."""
    await pays(product, ALICE, PAID, UNPAID, OCTOBER, DECEMBER)
    page = await visit(
        alice, (await visit(alice, "/useridmg/mypage")).link("まとめ納付管理ファイル")
    )
    assert (page.h1, page.value("period")) == ("まとめ納付管理ファイル", "this-month")
    answer = await alice.post(page.action("ダウンロード"), data=NOVEMBER)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\n") == answer.content.count(b"\r\n") == 3
    assert table(answer) == [
        HEADER,
        ["M0001", "2026/11/01 09:30:05", "地方税", "1", "5000", "A-78", "未納付", ""],
        ["M0002", "2026/11/02 09:30:05", "国庫金", "2", "13200", "A-77", "納付済", "2026/11/04"],
    ]
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"summary_KNCA6288_20261101-20261130.csv\"; filename*=UTF-8''"
        "%E3%81%BE%E3%81%A8%E3%82%81%E7%B4%8D%E4%BB%98%E7%AE%A1%E7%90%86%E3%83%95%E3%82%A1%E3%82%A4"
        "%E3%83%AB_KNCA6288_20261101-20261130.csv"
    )


async def test_every_download_is_recorded(product: Product, alice: httpx.AsyncClient) -> None:
    """With the period; a look at the choice and a choice without a file are not."""
    await pays(product, ALICE, PAID)
    await alice.post(SCREEN, data=NOVEMBER)
    await alice.post(SCREEN, data={"period": "last-month"})
    await alice.get(SCREEN)
    found = product.rows("SELECT detail FROM audit WHERE event = 'summary_file.downloaded'")
    assert [json.loads(row["detail"]) for row in found] == [
        {"first": "2026-11-01", "last": "2026-11-30"}
    ]


async def test_an_empty_period_says_so_and_keeps_the_choice(alice: httpx.AsyncClient) -> None:
    """No file with nothing but a header."""
    page = (await natively(alice, SCREEN, NOVEMBER)).page
    assert page.status == 200
    assert "2026年11月1日から2026年11月30日までに作成されたまとめ納付はありません。" in page.text
    assert {name: page.value(name) for name in NOVEMBER} == NOVEMBER


async def test_another_accounts_payments_are_not_in_it(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Charlie gets his own, and Alice's address gives nothing of hers."""
    await pays(product, ALICE, PAID)
    await pays(product, CHARLIE, UNPAID)
    async with product.browser() as browser:
        await log_in(browser, CHARLIE)
        assert [line[0] for line in table(await browser.post(SCREEN, data=NOVEMBER))] == [
            HEADER[0], "M0001",
        ]  # fmt: skip


PERIODS = {
    "this-month": ("2026-09-01T00:00", "2026-08-31T23:59:59"),
    "last-month": ("2026-08-31T23:59:59", "2026-07-31T23:59:59"),
    "this-year": ("2026-04-01T00:00", "2026-03-31T23:59:59"),
    "last-year": ("2025-04-01T00:00", "2026-04-01T00:00"),
}


@pytest.mark.parametrize("period", PERIODS)
async def test_a_period_begins_and_ends_at_midnight_in_japan(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, period: str
) -> None:
    """今年度 begins in April; the clock stands in September 2026."""
    assert clock.in_tokyo(frozen.at).strftime("%Y-%m") == "2026-09"
    inside, outside = (clock.parse_iso(moment) for moment in PERIODS[period])
    await pays(
        product, ALICE,
        Payment("IN", inside, "local", 1, 1, "A", "unpaid", ""),
        Payment("OUT", outside, "local", 1, 1, "A", "unpaid", ""),
    )  # fmt: skip
    lines = table(await alice.post(SCREEN, data={"period": period}))
    assert [line[0] for line in lines[1:]] == ["IN"]


MISTAKES = {
    "nothing chosen": ({}, {"period": "のいずれか1つを選んでください。"}),
    "unknown": ({"period": "ever"}, {"period": "のいずれか1つを選んでください。"}),
    "no days": (
        {"period": "days"},
        {"since": "開始日を入力してください。", "until": "終了日を入力してください。"},
    ),
    "backwards": (
        {"period": "days", "since": "2026-11-02", "until": "2026-11-01"},
        {"until": "開始日と同じか、それよりあとの日にしてください。"},
    ),
    "no such day": (
        {"period": "days", "since": "2026-02-30", "until": "2026-11-01"},
        {"since": "暦にない日です。"},
    ),
    "words": (
        {"period": "days", "since": "きのう", "until": "2026-11-01"},
        {"since": "「2026-11-01」のように"},
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
async def test_a_mistake_is_named_beside_its_field(alice: httpx.AsyncClient, what: str) -> None:
    """422 after a 303, with what was chosen."""
    given, messages = MISTAKES[what]
    page = (await natively(alice, SCREEN, {"since": "", **given})).page
    assert page.status == 422
    assert len(page.summary) == len(messages)
    for name, message in messages.items():
        assert message in page.error(name)
    assert page.value("since") == given.get("since", "")


async def test_days_may_be_typed_in_any_way(product: Product, alice: httpx.AsyncClient) -> None:
    """Full-width, with slashes, with kanji."""
    await pays(product, ALICE, PAID)
    typed = {"period": "days", "since": " ２０２６/１１/1", "until": "2026年11月30日"}
    assert len(table(await alice.post(SCREEN, data=typed))) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    """OWASP, CSV Injection; numbers stay numbers."""
    cells = next(csv.reader(io.StringIO(csv_line([f"{start}1+1", 7]), newline="")))
    assert cells == [f"'{start}1+1", "7"]


async def test_a_file_that_is_read_slowly_keeps_no_transaction_open(
    product: Product, alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is read, at one moment, before any of it is sent: beside an open one the WAL grows without end."""
    await product.meddle(MANY_PAYMENTS, many=20_000, at=at("11-02"))
    opened, database = list[str](), type(product.services.database)
    stream = database.stream

    @asynccontextmanager
    async def noted(self: Database) -> AsyncIterator[Tx]:
        async with stream(self) as reads:
            opened.append("opened")
            yield reads
        opened.append("closed")

    async def slowly(message: Message) -> None:
        opened.append(message["type"])

    monkeypatch.setattr(database, "stream", noted)
    cookie = "; ".join(f"{name}={value}" for name, value in alice.cookies.items())
    await product.app(_scope(cookie), _body(), slowly)
    assert opened[:4] == ["opened", "closed", "http.response.start", "http.response.body"]
    assert opened.count("opened") == 1
    assert opened.count("http.response.body") > 10


async def test_a_hundred_thousand_rows_stream_in_bounded_memory(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """What is held at once does not grow with the file; the file is whole."""
    many = 100_000
    await product.meddle(MANY_PAYMENTS, many=many, at=at("11-02"))
    cookie = "; ".join(f"{name}={value}" for name, value in alice.cookies.items())
    received = Received()
    tracemalloc.start()
    try:
        await product.app(_scope(cookie), _body(), received)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (received.status, received.lines) == (200, many + 1)
    assert received.largest < 100_000
    assert peak < 4_000_000


class Received:
    """Counts what is sent, and keeps nothing of it."""

    def __init__(self) -> None:
        self.status = self.lines = self.largest = 0

    async def __call__(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        body = message.get("body", b"")
        self.lines += body.count(b"\n")
        self.largest = max(self.largest, len(body))


def _scope(cookie: str) -> dict[str, Any]:
    headers = {
        "Host": "127.0.0.1:8000", "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded", **SAME_ORIGIN,
    }  # fmt: skip
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
        "method": "POST", "scheme": "http", "path": SCREEN, "raw_path": SCREEN.encode(),
        "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip


def _body() -> Any:
    sent: Iterator[bytes] = iter([str(httpx.QueryParams(NOVEMBER)).encode()])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(sent, b""), "more_body": False}

    return receive


async def test_the_rows_of_a_period_stand_on_the_screen_with_their_totals(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """画面に表示: 納付不能 is marked; nothing is recorded, because no file goes out."""
    failed = Payment("M0004", at("11-03"), "local", 3, 99999, "A-80", "failed", "")
    await pays(product, ALICE, PAID, UNPAID, failed, OCTOBER)
    await pays(product, BOB, DECEMBER)
    page = (await natively(alice, SCREEN, {**NOVEMBER, "show": "1"})).page
    assert page.status == 200
    rows = [[words(cell) for cell in elements(row, "td")] for row in elements(page.root, "tr")]
    assert [row for row in rows if row] == [
        ["未納付", "1件", "1件", "5,000円"],
        ["納付済", "1件", "2件", "13,200円"],
        ["納付不能", "1件", "3件", "99,999円"],
        ["合計", "3件", "6件", "118,199円"],
        ["M0001", "2026年 11月 01日 09時 30分", "地方税", "1件", "5,000円", "A-78", "未納付", ""],
        [
            "M0002",
            "2026年 11月 02日 09時 30分",
            "国庫金",
            "2件",
            "13,200円",
            "A-77",
            "納付済",
            "2026/11/04",
        ],
        [
            "M0004",
            "2026年 11月 03日 09時 30分",
            "地方税",
            "3件",
            "99,999円",
            "A-80",
            "納付不能",
            "",
        ],
    ]
    marked = [words(each) for each in elements(page.root, "strong") if each.get("class")]
    assert marked == ["納付不能", "納付不能"]
    assert product.rows("SELECT 1 FROM audit WHERE event = 'summary_file.downloaded'") == []


async def test_more_rows_than_a_screen_holds_are_in_the_file(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The totals are those of all of them."""
    await product.meddle(MANY_PAYMENTS, many=201, at=at("11-02"))
    page = (await natively(alice, SCREEN, {**NOVEMBER, "show": "1"})).page
    assert "はじめの200件を表示しています。" in page.text
    assert "20,100円" in page.text
    assert ("M00000200" in page.text, "M00000201" in page.text) == (True, False)


@pytest.mark.parametrize(
    ("number", "written"),
    {
        "2026000000000000123": '="2026000000000000123"',
        "00123": '="00123"',
        "5E3": '="5E3"',
        "12-3": '="12-3"',
        "2026-11-28": '="2026-11-28"',
        "12345678901": "12345678901",
        "A-77": "A-77",
        "９９": '="９９"',
        "００１２": '="００１２"',
        "１－２": '="１－２"',
        "=1+1": "'=1+1",
        '0"&A1&"': '0"&A1&"',
    }.items(),
)
async def test_numbers_that_are_names_survive_a_spreadsheet(
    product: Product, alice: httpx.AsyncClient, number: str, written: str
) -> None:
    """What Excel would round, cut or take for a day keeps its digits; nothing else becomes a formula."""
    await pays(product, ALICE, Payment(number, at("11-02"), "local", 1, 1, number, "unpaid", ""))
    row = table(await alice.post(SCREEN, data=NOVEMBER))[1]
    assert (row[0], row[5]) == (written, written)
