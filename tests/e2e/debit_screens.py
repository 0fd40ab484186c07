"""The ways to every screen of ダイレクト納付口座; a clean table first, so that they stand in any order."""

import sqlite3
from contextlib import closing

from playwright.sync_api import expect

from .stage import Stage

NATIONAL = "/useridmg/debit/national"
NAME = "国庫金ダイレクト納付口座"
APPROVED = (
    """INSERT INTO direct_debit_accounts
       SELECT id, account_id, kind, sealed, key_id, last_digits, changed_at, NULL
         FROM direct_debit_forms""",
    "UPDATE direct_debit_forms SET state = 'approved', version = 4",
)
RETURNED = ("UPDATE direct_debit_forms SET state = 'returned', reason = '支店名が読めません。'",)
CLEAN = ("DELETE FROM direct_debit_forms", "DELETE FROM direct_debit_accounts")


def meddle(stage: Stage, *statements: str) -> None:
    """Do what the office does, behind the product's back."""
    with closing(sqlite3.connect(stage.data / "demo.sqlite3")) as database, database:
        for each in statements:
            database.execute(each)


def nothing(stage: Stage) -> None:
    meddle(stage, *CLEAN)
    stage.logged_in(stage.cast.individual, NATIONAL)


def edit(stage: Stage) -> None:
    nothing(stage)
    stage.follow(f"{NAME}新規作成")
    stage.heading(f"{NAME}新規作成 依頼の入力")


def offered(stage: Stage) -> None:
    edit(stage)
    stage.field("金融機関").press_sequentially("みつび")
    expect(stage.page.get_by_role("option")).to_have_count(3)
    stage.field("金融機関").press("ArrowDown")


def searched(stage: Stage) -> None:
    edit(stage)
    stage.fill("金融機関", "みちのく銀行")
    stage.press("金融機関を検索")
    stage.says("合併により")


def town(stage: Stage) -> None:
    """The beginning of 住所, found by its 郵便番号."""
    edit(stage)
    stage.fill("郵便番号", "604-8571")
    stage.press("郵便番号から住所を入力")
    stage.says("続きを住所に入力してください。")


def same(stage: Stage) -> None:
    """The second form, with an offer to take what the first one says."""
    made(stage)
    stage.open("/useridmg/debit/local/new/edit")
    stage.heading("地方税ダイレクト納付口座新規作成 依頼の入力")


def refused(stage: Stage) -> None:
    edit(stage)
    stage.press("次へ")
    stage.refused(6)


def passbook(stage: Stage) -> None:
    edit(stage)
    stage.field("ゆうちょ銀行").check()
    stage.check("記号", "１４３７０")
    stage.check("番号", "19927652")
    stage.says("1ではありません")


def confirm(stage: Stage) -> None:
    edit(stage)
    fill_in(stage)
    stage.press("次へ")
    stage.heading(f"{NAME}新規作成 依頼の確認")


def fill_in(stage: Stage) -> None:
    """A good account, in another name than the registered one."""
    stage.field("普通").check()
    for label, text in {
        "金融機関": "0005",
        "支店": "001",
        "口座番号": "7654321",
        "口座名義(カナ)": "ミドリカワ",
        "郵便番号": "160-0023",
        "住所": "東京都新宿区西新宿1-2-3",
        "電話番号": "050-3364-0800",
    }.items():
        stage.fill(label, text)


def completed(stage: Stage) -> None:
    confirm(stage)
    stage.press("確定")
    stage.heading(f"{NAME}新規作成 届出書作成")


def conflict(stage: Stage) -> None:
    confirm(stage)
    other = Stage(stage.page.context.new_page(), stage.site, {})
    other.open(f"{NATIONAL}/new/edit")
    fill_in(other)
    other.press("次へ")
    other.press("確定")
    other.heading(f"{NAME}新規作成 届出書作成")
    other.page.close()
    stage.page.bring_to_front()
    stage.press("確定")
    stage.heading("ほかの画面で先に手続が進んでいます")


def made(stage: Stage) -> None:
    completed(stage)
    stage.open(NATIONAL)


def paper(stage: Stage) -> None:
    made(stage)
    stage.follow("届出書を印刷")
    stage.heading("届出書の印刷")


def withdraw(stage: Stage) -> None:
    made(stage)
    stage.follow("取下げ")
    stage.heading(f"{NAME}新規作成 取下げ")


def returned(stage: Stage) -> None:
    completed(stage)
    meddle(stage, *RETURNED)
    stage.open(NATIONAL)
    stage.says("支店名が読めません。")


def usable(stage: Stage) -> None:
    completed(stage)
    meddle(stage, *APPROVED)
    stage.open(NATIONAL)
    stage.says("＊＊＊＊321")


def change(stage: Stage) -> None:
    usable(stage)
    stage.follow(f"{NAME}情報変更")
    stage.heading(f"{NAME}情報変更 依頼の入力")


def stop(stage: Stage) -> None:
    usable(stage)
    stage.follow(f"{NAME}利用中止")
    stage.heading(f"{NAME}利用中止 依頼の入力")
