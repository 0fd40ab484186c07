"""Passkeys: registered, used without ID and password, after a password, and before what needs the owner."""

import base64
import json

import pytest
from playwright.sync_api import Page, expect

from .authenticators import Device
from .conftest import Site
from .modes import with_javascript
from .stage import Stage
from .travel import back

FACTORS, LOGIN, MYPAGE = "/useridmg/factors", "/useridmg/login", "/useridmg/mypage"
CANCELLED = "パスキーの操作が取り消されたか、時間が過ぎました。"


pytestmark = with_javascript


OFFERS = """
{
  const get = navigator.credentials?.get.bind(navigator.credentials);
  if (get) navigator.credentials.get = (asked) => {
    if (asked.mediation === "conditional") document.documentElement.dataset.offered = "";
    return get(asked);
  };
}
"""


@pytest.fixture
def stage(page: Page, site: Site) -> Stage:
    page.add_init_script(OFFERS)
    return Stage(page, site, {})


@pytest.fixture
def phone(page: Page) -> Device:
    return Device(page)


def register(stage: Stage, phone: Device, name: str = "花子のスマートフォン") -> None:
    """Give the company a passkey; who has none yet proves it by the password."""
    phone.touch(at_once=False)
    stage.logged_in(stage.cast.company, FACTORS)
    stage.follow("パスキーを登録")
    stage.heading("ご本人の確認")
    stage.fill("現在のパスワード", stage.cast.company.password)
    stage.press("確認")
    stage.heading("パスキーの登録")
    stage.fill("名前", name)
    phone.touch(at_once=True)
    stage.press("登録")
    stage.says("パスキーを登録しました。次のログインから使えます。")
    phone.touch(at_once=False)


def remove(stage: Stage, phone: Device, name: str = "花子のスマートフォン") -> None:
    """Take it away again, for whoever comes next."""
    stage.open(FACTORS)
    stage.page.get_by_role("listitem").filter(has_text=name).get_by_role("link").click()
    phone.touch(at_once=True)
    stage.press("パスキーで確認")
    stage.says("パスキーで確認しました。続けて、行う操作のボタンを押してください。")
    stage.press("削除")
    stage.says("パスキーを削除しました。")
    phone.touch(at_once=False)


def leave(stage: Stage) -> None:
    """Leave as people do."""
    stage.page.get_by_role("button", name="終了", exact=True).first.click()
    expect(stage.page).to_have_url(f"{stage.site.url}/?notice=left")


def log_in_by(stage: Stage, device: Device) -> None:
    """Press the button and touch the device; a touch before the ID field's offer was made would answer that one."""
    expect(stage.page.locator("html")).to_have_attribute("data-offered", "")
    device.touch(at_once=True)
    stage.press("パスキーでログイン")


def test_a_passkey_is_registered_and_logs_in_by_the_button(stage: Stage, phone: Device) -> None:
    register(stage, phone)
    stage.says("この端末だけのパスキー")
    leave(stage)
    stage.open(LOGIN)
    expect(stage.field("納付利用者ID")).to_have_attribute("autocomplete", "username webauthn")
    log_in_by(stage, phone)
    stage.heading("マイページ")
    stage.open("/useridmg/activity")
    stage.says("パスキーの名前：花子のスマートフォン")
    remove(stage, phone)


def test_the_id_field_offers_the_passkey(stage: Stage, phone: Device) -> None:
    register(stage, phone)
    leave(stage)
    phone.touch(at_once=True)
    stage.open(LOGIN)
    stage.heading("マイページ")
    remove(stage, phone)


def test_after_a_right_password_the_passkey_is_asked_for(stage: Stage, phone: Device) -> None:
    register(stage, phone)
    leave(stage)
    stage.open(LOGIN)
    stage.fill("納付利用者ID", stage.cast.company.payment_id)
    stage.fill("納付利用者パスワード", stage.cast.company.password)
    stage.press("ログイン")
    stage.heading("ログインの確認")
    expect(stage.field("確認コード")).to_have_count(0)
    phone.know(owner=False)
    phone.touch(at_once=True)
    stage.press("パスキーで確認")
    stage.says(CANCELLED)
    phone.know(owner=True)
    stage.page.reload()
    stage.press("パスキーで確認")
    stage.heading("マイページ")
    back(stage.page)
    stage.open(MYPAGE)
    stage.heading("マイページ")
    remove(stage, phone)


def test_a_wrong_password_leaves_the_request_behind_the_id_field_alone(
    stage: Stage, phone: Device
) -> None:
    """A swap neither starts it anew nor changes its challenge; the button then still works."""
    register(stage, phone)
    leave(stage)
    stage.open(LOGIN)
    asked = stage.page.evaluate(
        """() => {
          const get = navigator.credentials.get.bind(navigator.credentials);
          window.asked = [];
          navigator.credentials.get = (options) => { window.asked.push(options.mediation ?? "button"); return get(options); };
        }"""
    )
    assert asked is None
    stage.fill("納付利用者ID", "KNCA0001")
    stage.fill("納付利用者パスワード", "not-the-password")
    stage.press("ログイン")
    stage.refused(1)
    assert stage.page.evaluate("window.asked") == []
    log_in_by(stage, phone)
    stage.heading("マイページ")
    remove(stage, phone)


def test_a_new_address_asks_for_the_passkey(stage: Stage, phone: Device) -> None:
    register(stage, phone)
    stage.open("/useridmg/profile/edit")
    stage.fill("利用者管理用メールアドレス", "neu@example.jp")
    stage.fill("利用者管理用メールアドレス(確認用)", "neu@example.jp")
    stage.press("次へ")
    stage.heading("利用者情報変更 依頼の確認")
    stage.press("確定")
    stage.refused(1)
    phone.touch(at_once=True)
    stage.press("パスキーで確認")
    stage.heading("利用者情報変更 登録完了")
    phone.touch(at_once=False)
    remove(stage, phone)


def test_a_security_key_will_do_and_no_shortcut_of_the_browser_is_relied_on(
    stage: Stage,
) -> None:
    """Without a platform authenticator, and without toJSON(), which some password managers get wrong."""
    stage.page.add_init_script("delete PublicKeyCredential.prototype.toJSON")
    key = Device(stage.page, transport="usb")
    register(stage, key)
    leave(stage)
    stage.open(LOGIN)
    key.touch(at_once=True)  # behind the ID field nothing is offered of it
    stage.press("パスキーでログイン")
    stage.heading("マイページ")
    remove(stage, key)


def test_a_cancelled_press_offers_passkeys_again(stage: Stage, phone: Device) -> None:
    """The request behind the ID field is given up for the button, and taken up after it; no error posts anything."""
    posts: list[str] = []
    stage.page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    register(stage, phone)
    leave(stage)
    stage.open(LOGIN)
    stage.fill("納付利用者ID", "KNCA6288")
    posts.clear()
    phone.know(owner=False)
    log_in_by(stage, phone)
    stage.says(CANCELLED)
    expect(stage.field("納付利用者ID")).to_have_value("KNCA6288")
    assert posts == []
    phone.know(owner=True)
    stage.press("パスキーでログイン")
    stage.heading("マイページ")
    remove(stage, phone)


# In an attribute, as Playwright may wait for it: the CSP lets no function be polled.
SEEN = """
const seen = [];
const note = (what) => {
  seen.push(what);
  document.documentElement.dataset.seen = seen.join(", ");
};
"""
NEVER_ANSWERED = f"""{{{SEEN}
navigator.credentials.get = ({{mediation, signal}}) => new Promise((_, refuse) => {{
  note(mediation ?? "button");
  signal.addEventListener("abort", () => {{
    note("given up");
    refuse(signal.reason);
  }});
}});
}}"""


def test_a_press_takes_the_place_of_the_request_before(stage: Stage) -> None:
    """Of the one behind the ID field, and of another press; what was given up for it does not give it up in turn."""
    stage.page.add_init_script(NEVER_ANSWERED)
    stage.open(LOGIN)
    seen(stage, "conditional")
    stage.page.get_by_role("button", name="パスキーでログイン").dblclick()
    asked = "conditional, given up, button, given up, button"
    seen(stage, asked)
    stage.page.evaluate("new Promise((done) => setTimeout(done))")  # all that follows from it
    seen(stage, asked)


def seen(stage: Stage, words: str) -> None:
    """Wait until a page has noted these, and nothing else."""
    expect(stage.page.locator("html")).to_have_attribute("data-seen", words)


PRESSED = f"""{{{SEEN}
addEventListener("click", () => {{
  note("pressed");
  setTimeout(() => note("later"));
}}, true);
navigator.credentials.get = ({{mediation}}) => {{
  if (!mediation) note("asked");
  return new Promise(() => {{}});
}};
}}"""


def test_what_is_asked_is_there_before_the_press(stage: Stage) -> None:
    """Safari lets a page ask within the press itself: nothing is fetched in between."""
    stage.page.add_init_script(PRESSED)
    stage.open(LOGIN)
    stage.press("パスキーでログイン")
    seen(stage, "pressed, asked, later")


SIGNALLED = """
window.signalled = [];
for (const name of ["signalUnknownCredential", "signalAllAcceptedCredentials"])
  PublicKeyCredential[name] = async () => { window.signalled.push(name); };
"""
NO_OFFERS = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"


@pytest.mark.parametrize("pressed", [False, True], ids=["offered by the ID field", "by the button"])
def test_a_refused_passkey_stays_on_its_device(
    stage: Stage, phone: Device, *, pressed: bool
) -> None:
    """What tells a browser that a passkey is unknown deletes it for good; a refusal may have other reasons."""
    stage.page.add_init_script(SIGNALLED)
    register(stage, phone)
    remove(stage, phone)
    leave(stage)
    phone.touch(at_once=True)  # before: it answers what the ID field offers, again and again
    if pressed:
        stage.page.add_init_script(NO_OFFERS)
    stage.open(LOGIN)
    if pressed:
        stage.press("パスキーでログイン")
    stage.says("このパスキーではログインできませんでした。")
    phone.touch(at_once=False)
    assert stage.page.evaluate("window.signalled") == []
    assert len(phone.passkeys()) == 1


def test_a_page_that_stays_open_gets_another_challenge(stage: Stage, phone: Device) -> None:
    """At three quarters of its life; that one is answered then."""
    register(stage, phone)
    leave(stage)
    stage.page.clock.install()
    stage.open(LOGIN)
    expect(stage.page.get_by_role("button", name="パスキーでログイン")).to_be_visible()
    with stage.page.expect_response("**/passkey/renew") as renewed:
        stage.page.clock.run_for(451_000)
    challenge = renewed.value.json()["challenge"]
    stage.page.clock.run_for(1_000)
    with stage.page.expect_request(lambda sent: sent.method == "POST") as sent:
        log_in_by(stage, phone)
    answer = json.loads((sent.value.post_data_json or {})["credential"])
    client = json.loads(base64.urlsafe_b64decode(answer["client"] + "=="))
    assert client["challenge"] == challenge
    stage.heading("マイページ")
    remove(stage, phone)


def test_two_tabs_have_a_challenge_each(stage: Stage, phone: Device) -> None:
    """Opening log-in once more ends nothing."""
    register(stage, phone)
    leave(stage)
    stage.open(LOGIN)
    other = stage.page.context.new_page()
    other.goto(LOGIN)
    expect(other.get_by_role("button", name="パスキーでログイン")).to_be_visible()
    log_in_by(stage, phone)
    stage.heading("マイページ")
    other.close()
    remove(stage, phone)


def test_a_name_is_changed_and_what_was_used_shows(stage: Stage, phone: Device) -> None:
    register(stage, phone)
    stage.page.get_by_role("listitem").filter(has_text="花子のスマートフォン").get_by_role(
        "link"
    ).click()
    stage.heading("パスキーの名前と削除")
    stage.fill("名前", "太郎のパソコン")
    phone.touch(at_once=True)
    stage.press("パスキーで確認")
    stage.says("パスキーで確認しました。続けて、行う操作のボタンを押してください。")
    stage.press("名前を変更")
    stage.says("名前を変更しました。")
    stage.says("太郎のパソコン")
    expect(stage.page.get_by_role("main")).not_to_contain_text("未使用")
    phone.touch(at_once=False)
    remove(stage, phone, "太郎のパソコン")


def test_the_device_that_has_a_passkey_makes_no_second_one(stage: Stage, phone: Device) -> None:
    register(stage, phone)
    stage.open(FACTORS)
    stage.follow("パスキーを登録")
    phone.touch(at_once=True)
    stage.press("パスキーで確認")
    stage.heading("パスキーの登録")
    stage.fill("名前", "同じ電話")
    stage.press("登録")
    stage.says("この端末のパスキーは、すでに登録されています。")
    phone.touch(at_once=False)
    remove(stage, phone)


def test_a_member_of_staff_logs_in_by_a_passkey(stage: Stage, phone: Device) -> None:
    """And is asked for it anew before 停止."""
    officer = stage.cast.admin
    stage.open("/office/login")
    stage.fill("担当者ID", officer.name)
    stage.fill("パスワード", officer.password)
    stage.press("ログイン")
    stage.open("/office/factors")
    stage.follow("パスキーを登録")
    stage.fill("現在のパスワード", officer.password)
    stage.press("確認")
    stage.fill("名前", "事務所の電話")
    phone.touch(at_once=True)
    stage.press("登録")
    stage.says("パスキーを登録しました。")
    phone.touch(at_once=False)
    stage.page.get_by_role("button", name="終了", exact=True).first.click()
    stage.heading("担当者ログイン")
    log_in_by(stage, phone)
    stage.heading("担当者画面")
    stage.open("/office/factors")
    stage.page.get_by_role("listitem").filter(has_text="事務所の電話").get_by_role("link").click()
    stage.press("パスキーで確認")
    stage.says("パスキーで確認しました。続けて、行う操作のボタンを押してください。")
    stage.press("削除")
    stage.says("パスキーを削除しました。")
