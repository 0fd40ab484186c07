"""The support desk at work: find somebody, help with a reason, and find it all in the trail."""

from playwright.sync_api import Page, expect

from .pages.login import Login
from .pages.office import OfficeLogin
from .personas import Cast, Officer, Persona, new_password
from .shortcuts import my_page_of

REASON = "ご本人から電話があり、登録内容を確認した。"


def test_a_clerk_ends_the_log_ins_of_somebody_who_calls(
    page: Page, company: Persona, clerk: Officer
) -> None:
    my_page_of(page, company)
    desk = OfficeLogin.open(page).log_in(clerk.name, clerk.password)
    expect(desk.banner).to_contain_text(f"担当者：{clerk.name}")
    account = desk.search("ケイジギョウセイ").open_account(company.payment_id)
    account.act("ログイン中の端末をすべてログアウトする", "")
    expect(account.problems.get_by_role("listitem")).to_have_count(1)
    account.act("ログイン中の端末をすべてログアウトする", REASON)
    expect(account.notice).to_have_text("ログイン中の端末をすべてログアウトしました。")
    trail = account.to_trail()
    trail.look_up(company.payment_id, "ログイン中の端末をログアウトしました")
    expect(trail.main).to_contain_text(REASON)
    expect(trail.main).to_contain_text(clerk.name)
    trail.leave()
    page.goto("/useridmg/mypage")
    Login(page)


def test_an_admin_shuts_an_account_and_opens_it_again(
    page: Page, individual: Persona, admin: Officer
) -> None:
    desk = OfficeLogin.open(page).log_in(admin.name, admin.password)
    account = desk.to_accounts().search(individual.payment_id).open_account(individual.payment_id)
    account.act("利用を停止する", REASON)
    expect(account.main).to_contain_text("から利用を停止しています。")
    login = Login.open(page)
    login.submit(individual.payment_id, individual.password)
    expect(login.problems).to_be_visible()
    page.goto("/office/")
    account = desk.search(individual.payment_id).open_account(individual.payment_id)
    account.act("利用を再開する", REASON)
    expect(account.notice).to_have_text("利用を再開しました。")
    my_page_of(page, individual)


def test_what_waits_is_listed_by_state(page: Page, clerk: Officer) -> None:
    desk = OfficeLogin.open(page).log_in(clerk.name, clerk.password)
    expect(desk.to_mails().main).to_contain_text("送信できなかったメールはありません。")
    forms = desk.to_forms()
    for state in ("受付", "金融機関審査中", "承認", "不備返却", "取下げ"):
        forms.in_state(state)
        expect(forms.main.locator("[aria-current=page]")).to_contain_text(state)
        expect(forms.main).to_contain_text("この状態の届出書はありません。")


def test_a_clerk_changes_the_own_password(page: Page, cast: Cast, clerk: Officer) -> None:
    form = OfficeLogin.open(page).log_in(clerk.name, clerk.password).to_password()
    old, new = clerk.password, new_password()
    form.submit("not the right one", new)
    expect(form.problems).to_contain_text("現在のパスワードが違います。")
    expect(form.field("新しいパスワード")).to_have_value("")
    form.submit(old, "mijikai-asu-14")
    expect(form.problems).to_contain_text("15文字以上128文字以内で入力してください")
    form.submit(old, new, f"{new}x")
    expect(form.problems).to_contain_text("一致しません")
    desk = form.change(old, new)
    cast.password_changed(clerk, new)
    expect(desk.notice).to_contain_text("パスワードを変更しました。")
    trail = desk.to_trail()
    trail.field("操作内容").select_option("担当者がパスワードを変更しました")
    trail.button("検索").click()
    expect(trail.main).to_contain_text(clerk.name)

    login = trail.leave()
    login.submit(clerk.name, old)
    expect(login.problems).to_be_visible()
    login.log_in(clerk.name, new)
