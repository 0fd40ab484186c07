"""Every screen in every state, as data: how to get there, and which template shows it.

The axe tests, the tests of what axe has no rule for and the screenshots run over this list. A state
that drops out is missed by its number, a template that no state shows by its name.
"""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from secrets import choice, token_hex
from typing import Literal

from playwright.sync_api import Route, expect

from . import coded
from . import debit_screens as debits
from .inboxes import inbox_at
from .mail_wording import PROFILE_CHANGED
from .mailbox import Mailbox
from .personas import new_password
from .stage import EDIT, Stage

TEN_DAYS = 10 * 24 * 3600

DEAD = "0" * 128  # a mailed key that nobody has
LOGIN, CHANGE = "/useridmg/login", "/useridmg/password/change"
ISSUE = "/useridmg/issue/terms"
ACTIVITY = "/useridmg/activity"
SUMMARY = "/useridmg/summary-file"
PAY, BULK = "/useridmg/pwdInitPay", "/useridmg/pwdInitBulk"
LOCKED_ID = "KNCA0002"
CONFLICTING = "軽自　五郎"
AN_HOUR, A_DAY = 3600, 24 * 3600
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
Focus = Literal["page", "summary", "h1", "anywhere"]


@dataclass(frozen=True)
class State:
    """A screen in a state. `focus`: where it is then. `own`: only a server of our own can show it."""

    name: str
    template: str
    bring: Callable[[Stage], None]
    focus: Focus = "page"
    own: bool = False


def at(path: str) -> Callable[[Stage], None]:
    """The state is what an address shows."""
    return lambda stage: stage.open(path)


def company_at(path: str) -> Callable[[Stage], None]:
    return lambda stage: stage.logged_in(stage.cast.company, path)


def individual_at(path: str) -> Callable[[Stage], None]:
    return lambda stage: stage.logged_in(stage.cast.individual, path)


def pressed(path: str, button: str, problems: int) -> Callable[[Stage], None]:
    """An empty form, sent."""

    def bring(stage: Stage) -> None:
        stage.open(path)
        stage.press(button)
        stage.refused(problems)

    return bring


def login_wrong(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.fill("納付利用者ID", "KNCA9999")
    stage.fill("納付利用者パスワード", "not-the-password")
    stage.press("ログイン")
    stage.refused(1)


def login_aids(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.fill("納付利用者パスワード", "himitsu")
    stage.field("パスワード表示").check()
    stage.press("画面キーボード")
    expect(stage.page.locator("#keyboard .key")).not_to_have_count(0)


def login_no_answer(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.page.route(f"**{LOGIN}", lambda route: route.abort())
    stage.press("ログイン")
    stage.says("通信できませんでした。")


def login_throttled(stage: Stage) -> None:
    heading = stage.page.get_by_role("heading", level=1)
    for _ in range(6):  # on a slow machine the first delays pass by; each is twice the one before
        stage.open(LOGIN)
        stage.fill("納付利用者ID", "KNCA0001")
        stage.fill("納付利用者パスワード", "not-the-password")
        stage.throttled(LOGIN)
        stage.submit_natively()
        if heading.inner_text() == "操作の回数が多すぎます":
            break
    stage.heading("操作の回数が多すぎます")


def login_throttled_in_place(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.fill("納付利用者ID", "KNCA0001")
    stage.fill("納付利用者パスワード", "not-the-password")
    stage.throttled(LOGIN)
    stage.press("ログイン")
    stage.says("受付を停止しています")


def login_locked(stage: Stage) -> None:
    """A hundredth failure, counted at once."""
    stage.open(LOGIN)
    stage.fill("納付利用者ID", LOCKED_ID)
    stage.fill("納付利用者パスワード", "not-the-password")
    assert stage.post(LOGIN, user_id=LOCKED_ID, password="not-the-password") == 303
    stage.count_failures_as(100)
    stage.submit_natively()
    stage.heading("このIDではログインできません")


def session_ended(stage: Stage) -> None:
    stage.log_in(stage.cast.company)
    stage.set_ahead(AN_HOUR)
    stage.open("/useridmg/mypage")
    stage.says("ログアウトしました。")


def parked(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    stage.set_ahead(AN_HOUR)
    stage.press("次へ")
    stage.says("入力した内容は保存してあります。")


def expired(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.fill("納付利用者ID", stage.cast.expired.payment_id)
    stage.fill("納付利用者パスワード", stage.cast.expired.password)
    stage.press("ログイン")
    stage.heading("パスワード変更")


def new_password_checked(path: str, label: str, typed: str) -> Callable[[Stage], None]:
    """A new password that the server has judged in a pause of typing."""

    def bring(stage: Stage) -> None:
        stage.open(path if path.startswith("/") else stage.mailed("payment"))
        stage.check(label, typed)

    return bring


def changed(stage: Stage) -> None:
    individual, password = stage.cast.individual, new_password()
    stage.open(CHANGE)
    stage.fill("納付利用者ID", individual.payment_id)
    stage.fill("現在のパスワード", individual.password)
    stage.fill("新しいパスワード", password)
    stage.fill("新しいパスワード(確認用)", password)
    stage.press("変更")
    stage.heading("パスワード変更結果通知")
    stage.cast.password_changed(individual, password)


def summary_days(stage: Stage) -> None:
    company_at(SUMMARY)(stage)
    stage.field("日付を選ぶ").check()
    expect(stage.field("開始日")).to_be_visible()


def summary_refused(stage: Stage) -> None:
    summary_days(stage)
    stage.press("ダウンロード")
    stage.refused(2)


def office_at(path: str, *, shut: bool = False) -> Callable[[Stage], None]:
    """The state is what a 担当者 sees at an address."""

    def bring(stage: Stage) -> None:
        officer = stage.cast.admin if shut else stage.cast.clerk
        form = {"staff_name": officer.name, "password": officer.password}
        assert stage.post("/office/login", **form) == 303
        stage.open(path)

    return bring


def office_refused(stage: Stage) -> None:
    stage.open("/office/login")
    stage.fill("担当者ID", "dareka")
    stage.fill("パスワード", "not-the-password")
    stage.press("ログイン")
    stage.refused(1)


def office_password_refused(stage: Stage) -> None:
    office_at("/office/password")(stage)
    stage.press("変更")
    stage.refused(2)


def office_found(stage: Stage) -> None:
    office_at("/office/accounts")(stage)
    stage.fill("利用者検索", "ケイジ")
    stage.press("検索")
    stage.heading("利用者")
    expect(stage.page.get_by_role("link", name=stage.cast.company.payment_id)).to_be_visible()


def office_account_of(user_id: str, *, shut: bool = False) -> Callable[[Stage], None]:
    """The account of somebody."""

    def bring(stage: Stage) -> None:
        office_at("/office/accounts", shut=shut)(stage)
        stage.fill("利用者検索", user_id)
        stage.press("検索")
        stage.follow(user_id)
        stage.looked()
        stage.heading(f"利用者 {user_id}")

    return bring


def office_account(stage: Stage) -> None:
    office_account_of(stage.cast.company.payment_id, shut=True)(stage)


def office_form(stage: Stage) -> None:
    office_at("/office/forms")(stage)
    stage.page.get_by_role("table").get_by_role("link").first.click()
    expect(stage.page.get_by_role("heading", level=1)).to_have_text(re.compile("^届出書 "))


def office_look(stage: Stage) -> None:
    """Scripts post the look at once; here its answer does not come, so that the page stays."""
    office_at("/office/forms")(stage)
    stage.page.route("**/office/forms/*", _unless_posted)
    stage.page.get_by_role("table").get_by_role("link").first.click()
    expect(stage.page.get_by_role("heading", level=1)).to_have_text(re.compile("^利用者 "))


def _unless_posted(route: Route) -> None:
    if route.request.method != "POST":
        route.continue_()


def office_move(stage: Stage) -> None:
    office_at("/office/forms")(stage)
    stage.page.get_by_role("checkbox").first.check()
    stage.press("受付")
    stage.heading("届出書の確認：受付")


def office_address(stage: Stage) -> None:
    office_account(stage)
    stage.follow("利用者管理用メールアドレスの変更")
    stage.heading("利用者管理用メールアドレスの変更")


def office_address_refused(stage: Stage) -> None:
    office_address(stage)
    stage.press("登録")
    stage.refused(2)


def office_account_refused(stage: Stage) -> None:
    office_account(stage)
    stage.press("実行")
    stage.refused(2)


def office_retire(stage: Stage) -> None:
    office_account(stage)
    stage.follow("利用者IDの廃止")
    stage.heading("利用者IDの廃止")


def office_retire_refused(stage: Stage) -> None:
    office_retire(stage)
    stage.press("廃止する")
    stage.refused(2)


def office_report(stage: Stage) -> None:
    disowned(stage)
    stage.page.context.clear_cookies()
    office_at("/office/")(stage)
    stage.page.get_by_role("link", name=re.compile("^受付番号")).first.click()
    expect(stage.page.get_by_role("heading", level=1)).to_have_text(
        re.compile("^心当たりがない操作の届出 ")
    )


def office_report_refused(stage: Stage) -> None:
    office_report(stage)
    stage.press("対応済として登録")
    stage.refused(1)


def my_page_helped(stage: Stage) -> None:
    company_at("/useridmg/mypage")(stage)
    for mark in stage.page.get_by_text("?", exact=True).all():
        mark.click()


def my_page_refreshed(stage: Stage) -> None:
    company_at("/useridmg/mypage")(stage)
    with stage.page.expect_response("**/useridmg/mypage*"):
        stage.press("最新の情報に更新")


def sessions_alone(stage: Stage) -> None:
    sessions_several(stage)
    stage.press("ほかの端末をすべてログアウトさせる")
    stage.says("ほかにログインしている端末はありません。")


def sessions_several(stage: Stage) -> None:
    """A log-in of this browser, and another one of a phone."""
    company = stage.cast.company
    other = stage.page.context.browser
    assert other
    phone = other.new_context(base_url=stage.site.url, user_agent=PHONE)
    Stage(phone.new_page(), stage.site, {}).log_in(company)
    phone.close()
    stage.logged_in(company, "/useridmg/sessions")
    stage.says("Safari（iPhone）")


def second_asked(stage: Stage) -> None:
    """A right password of somebody who has an app."""
    stage.open("/useridmg/login")
    stage.fill("納付利用者ID", coded.USER_ID)
    stage.fill("納付利用者パスワード", coded.PASSWORD)
    stage.press("ログイン")
    stage.heading("ログインの確認")


def second_refused(stage: Stage) -> None:
    second_asked(stage)
    stage.fill("確認コード", "12345")
    stage.press("確認")
    stage.refused(1)


def second_on_paper(stage: Stage) -> None:
    second_asked(stage)
    stage.follow("予備コードを使う")
    expect(stage.field("予備コード")).to_be_visible()


def factors_at(path: str) -> Callable[[Stage], None]:
    """Logged in by the code that the demo's inbox shows."""

    def bring(stage: Stage) -> None:
        second_asked(stage)
        stage.fill("確認コード", coded.code_now(stage))
        stage.press("確認")
        stage.heading("マイページ")
        stage.open(path)

    return bring


def factor_new_app(stage: Stage) -> None:
    company_at("/useridmg/factors/prove?for=app")(stage)
    stage.fill("現在のパスワード", stage.cast.company.password)
    stage.press("確認")
    stage.heading("認証アプリの登録")


def factor_new_codes(stage: Stage) -> None:
    factors_at("/useridmg/factors/prove?for=codes")(stage)
    stage.fill("確認コード", coded.code_now(stage))
    stage.press("確認")
    stage.heading("予備コード")


def factor_new_passkey(stage: Stage) -> None:
    company_at("/useridmg/factors/prove?for=passkey")(stage)
    stage.fill("現在のパスワード", stage.cast.company.password)
    stage.press("確認")
    stage.heading("パスキーの登録")
    expect(stage.page.get_by_role("button", name="登録", exact=True)).to_be_visible()


def with_a_passkey(bring: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """The person with an app has a passkey, too; no device has it."""

    def brought(stage: Stage) -> None:
        with closing(sqlite3.connect(stage.data / "demo.sqlite3")) as database, database:
            database.execute(
                """INSERT OR IGNORE INTO passkeys
                   SELECT 'a', id, x'61', x'00', 'localhost', '花子のスマートフォン', 'internal', '', 0, 1, 1, 0, 0
                     FROM accounts WHERE payment_user_id = ?""",
                [coded.USER_ID],
            )
        bring(stage)

    return brought


def passkey_edited(stage: Stage) -> None:
    factors_at("/useridmg/factors")(stage)
    stage.page.get_by_role("link", name="名前の変更・削除").first.click()
    stage.heading("パスキーの名前と削除")
    expect(stage.page.get_by_role("button", name="パスキーで確認")).to_be_visible()


def passkey_asked(stage: Stage) -> None:
    second_asked(stage)
    expect(stage.page.get_by_role("button", name="パスキーで確認")).to_be_visible()


def passkey_refused(stage: Stage) -> None:
    """What no device would answer."""
    stage.open(LOGIN)
    expect(stage.page.get_by_role("button", name="パスキーでログイン")).to_be_visible()
    stage.page.evaluate(
        """() => {
          const field = document.querySelector("[name=credential]");
          field.value = "{}";
          field.form.requestSubmit();
        }"""
    )
    stage.refused(1)


def factor_edited(stage: Stage) -> None:
    factors_at("/useridmg/factors")(stage)
    stage.page.get_by_role("link", name="名前の変更・削除").last.click()
    stage.heading("認証アプリの名前と削除")


def _sterner(stage: Stage) -> tuple[Stage, str]:
    """Go where everybody must have a second factor."""
    assert stage.site.server
    url = stage.site.server.where_factors_are_required().url
    site = replace(stage.site, url=url, inbox=inbox_at(f"{url}/demo/mail"))
    return Stage(stage.page, site, {}), url


def office_factor_key(stage: Stage) -> None:
    """Where a second factor is required, the first one of a 担当者 asks a key after some days."""
    there, url = _sterner(stage)
    assert there.post(f"{url}/demo/clock", seconds=str(TEN_DAYS)) == 303
    officer = stage.cast.clerk
    there.open(f"{url}/office/login")
    there.fill("担当者ID", officer.name)
    there.fill("パスワード", officer.password)
    there.press("ログイン")
    there.heading("ログインの方法")
    there.follow("認証アプリを登録")
    there.heading("ご本人の確認")
    expect(there.field("登録キー")).to_be_visible()


def office_factor_key_refused(stage: Stage) -> None:
    office_factor_key(stage)
    stage.fill("現在のパスワード", stage.cast.clerk.password)
    stage.fill("登録キー", "K7QM2-XDP9R")
    stage.press("確認")
    stage.refused(1)


def factor_mailed(stage: Stage) -> None:
    """Where a second factor is required, the first one asks a mailed code."""
    there, url = _sterner(stage)
    company = stage.cast.company
    there.open(f"{url}/useridmg/login")
    there.fill("納付利用者ID", company.payment_id)
    there.fill("納付利用者パスワード", company.password)
    there.press("ログイン")
    there.heading("ログインの方法")
    there.follow("認証アプリを登録")
    there.fill("現在のパスワード", company.password)
    there.press("確認")
    there.heading("メールの確認")


def factor_mailed_refused(stage: Stage) -> None:
    factor_mailed(stage)
    stage.fill("メールの確認コード", "12345")
    stage.press("確認")
    stage.refused(1)


def office_release(stage: Stage) -> None:
    """The page on which the factors of the person with an app are taken away; nothing waits there."""
    office_account_of(coded.USER_ID)(stage)
    stage.follow("確認手段の解除")
    stage.looked()
    stage.heading("確認手段の解除")
    waiting = stage.page.get_by_role("button", name="取りやめ", exact=True)
    if waiting.count():
        waiting.click()
        stage.says("確認手段の解除を取りやめました。")


def office_release_refused(stage: Stage) -> None:
    office_release(stage)
    stage.press("登録")
    stage.refused(1)


def office_release_waits(stage: Stage) -> None:
    office_release(stage)
    stage.fill("ご本人の確認方法", "運転免許証の写しと、登録されている電話への折り返し。")
    stage.press("登録")
    stage.says("承認を待っている解除")


def office_release_approved(stage: Stage) -> None:
    office_release_waits(stage)
    address = stage.page.url
    office_at(address, shut=True)(stage)
    stage.looked()
    stage.heading("確認手段の解除")
    stage.press("承認")
    stage.says("実施を待っている解除")


def released(stage: Stage) -> None:
    """What the owner opens, who was mailed."""
    mailbox = Mailbox(stage.site.inbox)
    office_release_approved(stage)
    stage.open(mailbox.expect(to=coded.EMAIL, subject=coded.RELEASE).link)
    stage.heading("確認手段の解除を止める")


def release_stopped(stage: Stage) -> None:
    released(stage)
    stage.press("解除を止める")
    stage.heading("確認手段の解除を止める 完了")


def idle_warned(stage: Stage) -> None:
    """A page that has 100 seconds left, and hears the same when it asks."""

    def answer(route: Route) -> None:
        page = route.fetch()
        body = re.sub(r'data-seconds="\d+"', 'data-seconds="100"', page.text())
        route.fulfill(response=page, body=body)

    stage.page.route(f"**{EDIT}*", answer)
    stage.page.route("**/useridmg/session", lambda route: route.fulfill(json={"seconds": 100}))
    stage.logged_in(stage.cast.company, EDIT)
    expect(stage.page.get_by_role("alertdialog")).to_be_visible()


def edit_checked(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    stage.check("会社・団体名(フリガナ)(全角)", "ｹｲｼﾞ ｼﾞﾑｼｮ")
    stage.check("会社・団体名(全角)", "けいじ😀")
    stage.check("申請状況通知用メールアドレス", "kei@example.jp")
    stage.says("として登録します")
    stage.says("絵文字を消してください。")


def edit_refused(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    for label in (
        "会社・団体名(フリガナ)(全角)",
        "会社・団体名(全角)",
        "利用者管理用メールアドレス",
    ):
        stage.fill(label, "")
    stage.press("次へ")
    stage.refused(3)


def edit_refused_on_load(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    stage.fill("代表者名(全角)", "")
    stage.submit_natively()
    stage.refused(1)


def edit_unanswered(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    with stage.without("drafts"):
        stage.press("次へ")
        stage.says("操作は完了していません。")


def confirm(stage: Stage, **typed: str) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    for label, text in typed.items():
        stage.fill(label, text)
    stage.press("次へ")
    stage.heading("利用者情報変更 依頼の確認")


def unchanged(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    stage.press("次へ")
    stage.refused(1)


def another_kind(stage: Stage) -> None:
    """What a company has and a person has not is shown as deleted."""
    stage.logged_in(stage.cast.company, EDIT)
    stage.field("個人の方").check()
    stage.fill("氏名(フリガナ)(全角)", "けいじ たろう")
    stage.fill("氏名(全角)", "軽自 太郎")
    stage.press("次へ")
    stage.heading("利用者情報変更 依頼の確認")


def confirm_changed(stage: Stage) -> None:
    confirm(stage, **{"代表者名(全角)": "軽自 次郎", "会社・団体名(全角)": "とても長い名前の" * 7})


def confirm_new_address(stage: Stage) -> None:
    label = "利用者管理用メールアドレス"
    confirm(stage, **{label: "new@example.jp", f"{label}(確認用)": "new@example.jp"})
    expect(stage.field("現在のパスワード")).to_be_visible()


def confirm_wrong_password(stage: Stage) -> None:
    confirm_new_address(stage)
    stage.press("確定")
    stage.refused(1)


def conflict(stage: Stage) -> None:
    confirm(stage, **{"代表者名(全角)": CONFLICTING})
    other = Stage(stage.page.context.new_page(), stage.site, {})
    confirm(other, **{"代表者名(全角)": f"軽自　{token_hex(3)}"})
    other.press("確定")
    other.heading("利用者情報変更 登録完了")
    other.page.close()
    stage.page.bring_to_front()
    stage.press("確定")
    stage.heading("ほかの画面で先に変更されています")


def conflict_undecided(stage: Stage) -> None:
    conflict(stage)
    stage.press("次へ")
    stage.refused(1)


def completed(stage: Stage) -> None:
    # A name of its own: whichever states came before, there is something to change.
    name = "星野　" + "".join(choice("一二三四五六七八九") for _ in "四文字の")
    confirm(stage, **{"代表者名(全角)": name})
    stage.press("確定")
    stage.heading("利用者情報変更 登録完了")


def moved(stage: Stage) -> str:
    """Register another address for the individual, and give the link that confirms it."""
    individual, label = stage.cast.individual, "利用者管理用メールアドレス"
    mailbox, address = Mailbox(stage.site.inbox), f"hanako-{token_hex(3)}@example.jp"
    stage.logged_in(individual, EDIT)
    for name in (label, f"{label}(確認用)"):
        stage.fill(name, address)
    stage.press("次へ")
    stage.heading("利用者情報変更 依頼の確認")
    stage.fill("現在のパスワード", individual.password)
    stage.press("確定")
    stage.heading("利用者情報変更 登録完了")
    individual.email = address
    stage.cast.save()
    return mailbox.expect(to=address, subject=PROFILE_CHANGED).link


def unconfirmed(stage: Stage) -> None:
    moved(stage)
    stage.open("/useridmg/mypage")
    stage.says("まだ確認されていません")


def asked_to_confirm(stage: Stage) -> None:
    stage.open(moved(stage))
    stage.heading("利用者管理用メールアドレスの確認")


def address_confirmed(stage: Stage) -> None:
    asked_to_confirm(stage)
    stage.press("確認する")
    stage.heading("利用者管理用メールアドレスの確認 完了")


def disown(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, ACTIVITY)
    stage.page.get_by_role("link").filter(has_text="心当たりがない").first.click()
    stage.heading("心当たりがない操作の届出")


def disown_wrong_password(stage: Stage) -> None:
    disown(stage)
    stage.press("届け出る")
    stage.refused(1)


def disowned(stage: Stage) -> None:
    disown(stage)
    stage.fill("現在のパスワード", stage.cast.company.password)
    stage.press("届け出る")
    stage.heading("心当たりがない操作の届出 完了")


def activity_disowned(stage: Stage) -> None:
    disowned(stage)
    stage.open(ACTIVITY)
    stage.says("届出済")


def own_data_refused(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, f"{ACTIVITY}/data")
    stage.press("保存")
    stage.refused(1)


def own_data_shown(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, f"{ACTIVITY}/data")
    stage.fill("現在のパスワード", stage.cast.company.password)
    stage.press("画面に表示")
    stage.heading("自分の登録データの表示")


def asked_bulk(stage: Stage) -> None:
    individual_at(f"{BULK}/request")(stage)
    stage.press("パスワード初期化依頼")
    stage.heading("一括利用者パスワード初期化 依頼受付")


def request_checked(stage: Stage) -> None:
    stage.open(f"{PAY}/request")
    stage.check("納付利用者ID", "ｋｎｃａ９９９９")
    stage.check("利用者管理用メールアドレス", "だれか＠")


def asked_payment(stage: Stage) -> None:
    stage.open(f"{PAY}/request")
    stage.fill("納付利用者ID", "KNCA9999")
    stage.fill("利用者管理用メールアドレス", "nobody@example.jp")
    stage.press("パスワード初期化依頼")
    stage.heading("納付利用者パスワード初期化 依頼受付")


def mailed(kind: Literal["bulk", "payment"]) -> Callable[[Stage], None]:
    return lambda stage: stage.open(stage.mailed(kind))


def choose_refused(stage: Stage) -> None:
    stage.open(stage.mailed("payment"))
    stage.fill("ご希望のパスワード", "password1234")
    stage.press("パスワード初期化")
    expect(stage.page.locator("#error-summary")).to_be_visible()


def chosen(kind: Literal["bulk", "payment"], name: str) -> Callable[[Stage], None]:
    def bring(stage: Stage) -> None:
        stage.open(stage.mailed(kind))
        password = new_password()
        for label in ("ご希望のパスワード", "ご希望のパスワード (確認用)"):
            stage.fill(label, password)
        stage.press("パスワード初期化")
        stage.heading(f"{name}パスワード初期化 登録完了")
        if kind == "payment":
            stage.cast.password_changed(stage.cast.company, password)

    return bring


def reopened(stage: Stage) -> None:
    stage.open(stage.mailed("bulk"))
    address = stage.page.url
    stage.page.context.clear_cookies()
    stage.open(address)


def address_refused(stage: Stage) -> None:
    stage.agreed()
    stage.check("メールアドレス", "だれか＠")
    stage.press("発行依頼")
    stage.refused(1)


def asked_for_an_id(stage: Stage) -> None:
    stage.asked_for_an_id("shinki@example.jp")


def issue_edit(stage: Stage) -> None:
    stage.open(stage.issue_link())


def issue_edit_refused(stage: Stage) -> None:
    issue_edit(stage)
    stage.field("法人の方").check()
    stage.press("次へ")
    expect(stage.page.locator("#error-summary")).to_be_visible()


def issue_filled_in(stage: Stage) -> None:
    issue_edit(stage)
    stage.field("法人の方").check()
    stage.fill("会社・団体名(フリガナ)(全角)", "アオゾラジドウシャ")
    stage.fill("会社・団体名(全角)", "青空自動車")
    stage.fill("代表者名(全角)", "青空　一郎")
    stage.press("次へ")
    stage.heading("利用者ID発行 希望パスワードの入力")


def issue_passwords_refused(stage: Stage) -> None:
    issue_filled_in(stage)
    stage.check("ご希望の納付利用者パスワード", "password1234")
    stage.press("次へ")
    expect(stage.page.locator("#error-summary")).to_be_visible()


def issue_confirm(stage: Stage) -> None:
    issue_filled_in(stage)
    for kind in ("納付利用者", "一括利用者"):
        password = new_password()
        for end in ("", " (確認用)"):
            stage.fill(f"ご希望の{kind}パスワード{end}", password)
    stage.press("次へ")
    stage.heading("利用者ID発行 依頼の確認")
    stage.issue_link_used()  # from here its 利用者情報 leads past the passwords


def issued(stage: Stage) -> None:
    issue_confirm(stage)
    stage.press("確定")
    stage.heading("利用者ID発行 発行完了")


def issue_reopened(stage: Stage) -> None:
    issue_edit(stage)
    address = stage.page.url
    stage.page.context.clear_cookies()
    stage.open(address)


def my_page_late(stage: Stage) -> None:
    for _ in range(5):
        stage.set_ahead(10 * A_DAY)
    company_at("/useridmg/mypage")(stage)
    stage.says("有効期限まで、あと")


def error_400(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.post_natively(LOGIN, ("user_id", "a"), ("user_id", "b"))


def error_403(stage: Stage) -> None:
    stage.logged_in(stage.cast.company, EDIT)
    stage.log_in(stage.cast.individual)
    stage.submit_natively()
    stage.says("入力した内容は残っています")


def error_413(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.post_natively(LOGIN, ("user_id", "a" * 70_000))


def error_500(stage: Stage) -> None:
    letter = stage.data / "mail" / "0-0.eml"
    letter.write_bytes(b"Subject: no date\r\n\r\n")
    stage.open("/demo/mail/0-0")
    letter.unlink()


def error_503(stage: Stage) -> None:
    with stage.without("receipts"):
        stage.open("/useridmg/password/changed?receipt=" + "0" * 32)


def letter(stage: Stage) -> None:
    stage.mailed("payment")
    stage.open("/demo/mail")
    stage.page.get_by_role("list", name="メールの一覧").get_by_role("link").first.click()


def gallery(stage: Stage) -> None:
    stage.open("/demo/components")
    stage.page.get_by_text("?", exact=True).click()
    stage.press("画面キーボード")


NEW, WISHED = "新しいパスワード", "ご希望のパスワード"
STATES = (
    State("P1", "portal/top", at("/")),
    State("P1-outside", "portal/outside", at("/outside")),
    State("contact", "help/contact", at("/help/contact")),
    State("faq", "help/faq", at("/help/faq")),
    State("sitemap", "help/sitemap", at("/help/sitemap")),
    State("search", "help/search", at("/help/search")),
    State("search-found", "help/search", at("/help/search?q=めーる ｱﾄﾞﾚｽ")),
    State("search-nothing", "help/search", at("/help/search?q=そんな言葉はない")),
    State("terms", "help/text", at("/help/terms")),
    State("privacy", "help/text", at("/help/privacy")),
    State("accessibility", "help/text", at("/help/accessibility")),
    State("L1", "login/log_in", at(LOGIN)),
    State("L1-notice", "login/log_in", at("/useridmg/mypage")),
    State("L1-session-ended", "login/log_in", session_ended, own=True),
    State("L1-parked", "login/log_in", parked, own=True),
    State("L1-empty", "login/log_in", pressed(LOGIN, "ログイン", 2), "summary"),
    State("L1-wrong", "login/log_in", login_wrong, "summary"),
    State("L1-aids", "login/log_in", login_aids, "anywhere"),
    State("L1-no-answer", "login/log_in", login_no_answer, "anywhere"),
    State("L1-throttled", "error/page", login_throttled),
    State("L1-throttled-in-place", "login/log_in", login_throttled_in_place, "anywhere"),
    State("L1-locked", "error/page", login_locked, own=True),
    State("L2-C1-expired", "password_change/change", expired),
    State("C1", "password_change/change", at(CHANGE)),
    State("C1-empty", "password_change/change", pressed(CHANGE, "変更", 3), "summary"),
    State("C1-weak", "password_change/change", new_password_checked(CHANGE, NEW, "password1234"), "anywhere"),
    State("C1-strong", "password_change/change", new_password_checked(CHANGE, NEW, "yoake-no-hoshi-7"), "anywhere"),
    State("C2", "password_change/changed", changed, "h1"),
    State("M1", "mypage/show", company_at("/useridmg/mypage")),
    State("M1-individual", "mypage/show", individual_at("/useridmg/mypage")),
    State("M1-helped", "mypage/show", my_page_helped, "anywhere"),
    State("M1-refreshed", "mypage/show", my_page_refreshed, "anywhere"),
    State("S1", "summary_file/choose", company_at(SUMMARY)),
    State("S1-days", "summary_file/choose", summary_days, "anywhere"),
    State("S1-refused", "summary_file/choose", summary_refused, "summary"),
    State("S1-shown", "summary_file/choose", company_at(f"{SUMMARY}?period=this-year&show=1")),
    State("S1-empty", "summary_file/choose", company_at(f"{SUMMARY}?period=days&since=2019-09-01&until=2019-09-30")),
    State("sessions", "sessions/show", sessions_several),
    State("sessions-alone", "sessions/show", sessions_alone),
    State("second", "second/ask", second_asked, own=True),
    State("second-refused", "second/ask", second_refused, "summary", own=True),
    State("second-on-paper", "second/ask", second_on_paper, own=True),
    State("factors-none", "factors/show", company_at("/useridmg/factors")),
    State("factors", "factors/show", factors_at("/useridmg/factors"), own=True),
    State("factors-prove", "factors/prove", company_at("/useridmg/factors/prove?for=app")),
    State("factors-app", "factors/app", factor_new_app, "anywhere"),
    State("factors-codes", "factors/codes", factor_new_codes, "anywhere", own=True),
    State("factors-edit", "factors/edit", factor_edited, own=True),
    State("factors-mailed", "factors/mailed", factor_mailed, "anywhere", own=True),
    State("factors-mailed-refused", "factors/mailed", factor_mailed_refused, "summary", own=True),
    State("factors-stop", "factors/stop", released, own=True),
    State("factors-stopped", "factors/stopped", release_stopped, own=True),
    State("factors-stop-reopen", "factors/stop_reopen", at("/useridmg/factors/stop")),
    State("factors-stop-spent", "factors/stop_spent", at(f"/useridmg/factors/stop/INIT?key={DEAD}")),
    State("factors-passkey", "factors/passkey", factor_new_passkey, "anywhere"),
    State("factors-passkeys", "factors/show", with_a_passkey(factors_at("/useridmg/factors")), own=True),
    State("factors-passkey-edit", "factors/edit", with_a_passkey(passkey_edited), own=True),
    State("second-passkey", "second/ask", with_a_passkey(passkey_asked), own=True),
    State("login-passkey-refused", "login/log_in", passkey_refused, "summary"),
    State("U1", "profile/edit", company_at(EDIT)),
    State("U1-individual", "profile/edit", individual_at(EDIT)),
    State("U1-nothing-to-confirm", "profile/edit", company_at("/useridmg/profile/confirm?draft=0")),
    State("U1-checked", "profile/edit", edit_checked, "anywhere"),
    State("U1-refused", "profile/edit", edit_refused, "summary"),
    State("U1-refused-on-load", "profile/edit", edit_refused_on_load, "summary"),
    State("U1-unanswered", "profile/edit", edit_unanswered, "anywhere", own=True),
    State("U1-idle", "profile/edit", idle_warned, "anywhere"),
    State("U2", "profile/confirm", confirm_changed, "h1"),
    State("U1-unchanged", "profile/edit", unchanged, "summary"),
    State("U2-another-kind", "profile/confirm", another_kind, "h1"),
    State("U2-new-address", "profile/confirm", confirm_new_address, "h1"),
    State("U2-wrong-password", "profile/confirm", confirm_wrong_password, "summary"),
    State("U-conflict", "profile/conflict", conflict, "h1"),
    State("U-conflict-undecided", "profile/conflict", conflict_undecided, "summary"),
    State("U3", "profile/complete", completed, "h1"),
    State("activity", "activity/show", company_at(ACTIVITY)),
    State("activity-disowned", "activity/show", activity_disowned),
    State("activity-nothing", "activity/show", company_at(f"{ACTIVITY}?before=0")),
    State("activity-no-such-event", "activity/show", company_at(f"{ACTIVITY}/disown?event=0")),
    State("disown", "activity/disown", disown),
    State("disown-wrong-password", "activity/disown", disown_wrong_password, "summary"),
    State("disowned", "activity/disowned", disowned, "h1"),
    State("own-data", "activity/data", company_at(f"{ACTIVITY}/data")),
    State("own-data-refused", "activity/data", own_data_refused, "summary"),
    State("own-data-page", "activity/data_page", own_data_shown),
    State("B1", "password_reset/ask_bulk", company_at(f"{BULK}/request")),
    State("B2", "password_reset/asked", asked_bulk, "h1"),
    State("B4", "password_reset/choose", mailed("bulk")),
    State("B-reopen", "password_reset/reopen", reopened),
    State("B5", "password_reset/complete", chosen("bulk", "一括利用者"), "h1"),
    State("R1", "password_reset/ask_payment", at(f"{PAY}/request")),
    State("R1-checked", "password_reset/ask_payment", request_checked, "anywhere"),
    State("R1-empty", "password_reset/ask_payment", pressed(f"{PAY}/request", "パスワード初期化依頼", 2), "summary"),
    State("R2", "password_reset/asked", asked_payment, "h1"),
    State("R4", "password_reset/choose", mailed("payment")),
    State("R4-weak", "password_reset/choose", new_password_checked("mailed", WISHED, "himitsu"), "anywhere"),
    State("R4-refused", "password_reset/choose", choose_refused, "summary"),
    State("R5", "password_reset/complete", chosen("payment", "納付利用者"), "h1"),
    State("E-unconfirmed", "mypage/show", unconfirmed),
    State("E1", "email/confirm", asked_to_confirm),
    State("E2", "email/confirmed", address_confirmed),
    State("E-reopen", "email/reopen", at("/useridmg/email/confirm")),
    State("E-spent", "email/spent", at(f"/useridmg/email/INIT?key={DEAD}")),
    State("R-spent", "password_reset/spent", at(f"{PAY}/INIT?key={DEAD}")),
    State("R-mangled", "password_reset/spent", at(f"{PAY}/INIT?key=00")),
    State("I1", "issuance/terms", at(ISSUE)),
    State("I1-refused", "issuance/terms", pressed(ISSUE, "次へ", 1), "summary"),
    State("I2", "issuance/address", Stage.agreed, "h1"),
    State("I2-refused", "issuance/address", address_refused, "summary"),
    State("I3", "issuance/asked", asked_for_an_id, "h1"),
    State("I4", "issuance/edit", issue_edit),
    State("I4-refused", "issuance/edit", issue_edit_refused, "summary"),
    State("I5", "issuance/passwords", issue_filled_in, "h1"),
    State("I5-refused", "issuance/passwords", issue_passwords_refused, "summary"),
    State("I6", "issuance/confirm", issue_confirm, "h1"),
    State("I7", "issuance/complete", issued, "h1"),
    State("I-reopen", "issuance/reopen", issue_reopened),
    State("I-spent", "issuance/spent", at(f"/useridmg/issue/INIT?key={DEAD}")),
    State("O-login", "office/login", at("/office/login")),
    State("O-login-refused", "office/login", office_refused, "summary"),
    State("O-desk", "office/desk", office_at("/office/")),
    State("O-forms", "office/forms", office_at("/office/forms")),
    State("O-forms-refused", "office/forms", office_at("/office/forms?number=0123456780"), "summary"),
    State("O-form", "office/form", office_form),
    State("O-look", "office/look", office_look),
    State("O-move", "office/move", office_move),
    State("O-accounts", "office/accounts", office_at("/office/accounts")),
    State("O-accounts-found", "office/accounts", office_found),
    State("O-account", "office/account", office_account),
    State("O-account-refused", "office/account", office_account_refused, "summary"),
    State("O-retire", "office/retire", office_retire),
    State("O-retire-refused", "office/retire", office_retire_refused, "summary"),
    State("O-address", "office/address", office_address),
    State("O-address-refused", "office/address", office_address_refused, "summary"),
    State("factors-key", "factors/prove", office_factor_key, "anywhere", own=True),
    State("factors-key-refused", "factors/prove", office_factor_key_refused, "summary", own=True),
    State("O-release", "office/factor_reset", office_release, own=True),
    State("O-release-refused", "office/factor_reset", office_release_refused, "summary", own=True),
    State("O-release-waits", "office/factor_reset", office_release_waits, own=True),
    State("O-release-approved", "office/factor_reset", office_release_approved, own=True),
    State("O-report", "office/report", office_report),
    State("O-report-refused", "office/report", office_report_refused, "summary"),
    State("O-mails", "office/mails", office_at("/office/mails")),
    State("O-audit", "office/audit", office_at("/office/audit")),
    State("O-audit-refused", "office/audit", office_at("/office/audit?user_id=KNCA0000"), "summary"),
    State("O-people", "office/people", office_at("/office/staff", shut=True)),
    State("O-password", "office/password", office_at("/office/password")),
    State("O-password-refused", "office/password", office_password_refused, "summary"),
    State("O-404", "error/page", office_at("/office/accounts/0")),
    State("error-400", "error/page", error_400),
    State("error-403", "error/page", error_403),
    State("error-404", "error/page", at("/nothing-here")),
    State("error-405", "error/page", at("/useridmg/leave")),
    State("error-413", "error/page", error_413),
    State("error-500", "error/page", error_500, own=True),
    State("error-503", "error/page", error_503, own=True),
    State("demo-inbox", "demo/inbox", at("/demo/mail"), own=True),
    State("demo-mail", "demo/mail", letter, own=True),
    State("demo-clock", "demo/clock", at("/demo/clock"), own=True),
    State("demo-components", "demo/components", gallery, "anywhere", own=True),
    State("D0-nothing", "direct_debit/show", debits.nothing, own=True),
    State("D0-made", "direct_debit/show", debits.made, own=True),
    State("D0-returned", "direct_debit/show", debits.returned, own=True),
    State("D0-usable", "direct_debit/show", debits.usable, own=True),
    State("D1", "direct_debit/edit", debits.edit, own=True),
    State("D1-offered", "direct_debit/edit", debits.offered, "anywhere", own=True),
    State("D1-searched", "direct_debit/edit", debits.searched, "anywhere", own=True),
    State("D1-refused", "direct_debit/edit", debits.refused, "summary", own=True),
    State("D1-town", "direct_debit/edit", debits.town, "anywhere", own=True),
    State("D1-same", "direct_debit/edit", debits.same, own=True),
    State("D1-passbook", "direct_debit/edit", debits.passbook, "anywhere", own=True),
    State("D2", "direct_debit/confirm", debits.confirm, "h1", own=True),
    State("D-conflict", "direct_debit/conflict", debits.conflict, "h1", own=True),
    State("D3", "direct_debit/complete", debits.completed, "h1", own=True),
    State("D3-paper", "direct_debit/paper", debits.paper, own=True),
    State("D5", "direct_debit/edit", debits.change, own=True),
    State("D6", "direct_debit/stop", debits.stop, own=True),
    State("D-withdraw", "direct_debit/withdraw", debits.withdraw, own=True),
    # last, because it is the fiftieth day then
    State("M1-password-ends-soon", "mypage/show", my_page_late, own=True),
)  # fmt: skip
