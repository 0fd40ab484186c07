"""The words of the manual, screen by screen, to the letter."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from .pages.issuance import (
    Accepted,
    Address,
    Issued,
    NewConfirm,
    NewPasswords,
    NewProfile,
    Terms,
)
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.password_change import PasswordChange, PasswordChanged
from .pages.password_reset import (
    BulkAccepted,
    BulkComplete,
    BulkConfirm,
    BulkNewPassword,
    PaymentAccepted,
    PaymentComplete,
    PaymentNewPassword,
    PaymentRequest,
)
from .pages.portal import Portal
from .pages.profile import ProfileComplete, ProfileConfirm, ProfileEdit
from .pages.screen import Screen
from .wording import worded


@dataclass(frozen=True)
class Words:
    """Sentences, and the controls by their names."""

    says: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


COMPANY_FIELDS = (
    "会社・団体名(フリガナ)(全角)",
    "会社・団体名(全角)",
    "代表者名(全角)",
    "利用者管理用メールアドレス",
    "利用者管理用メールアドレス(確認用)",
    "申請状況通知用メールアドレス",
    "申請状況通知用メールアドレス(確認用)",
)
NO_MAIL = "メールが届かない場合、お手数ですが、お問い合わせ先にご連絡ください。"
GUIDE_COMES = (
    "利用者管理用メールアドレスにパスワード初期化のご案内メールが数分以内に送信されます。",
    "メール本文の指示にしたがって、引き続きパスワード初期化を行ってください。",
    NO_MAIL,
)
RESET_COMES = (
    "利用者管理用メールアドレスにパスワード初期化完了のご連絡メールが数分以内に送信されます。",
    NO_MAIL,
)
CHANGE_WILL_COME = (
    "「確定」ボタンを押しますと、"
    "利用者管理用メールアドレスに変更登録完了のご連絡メールが送信されます。"
)
CHANGE_COMES = (
    "利用者管理用メールアドレスに変更登録完了のご連絡メールが数分以内に送信されます。",
    NO_MAIL,
)
NEW_PASSWORD_FIELDS = ("ご希望のパスワード", "ご希望のパスワード (確認用)")

MANUAL: dict[type[Screen], Words] = {
    Portal: Words(
        says=(
            "はじめての方",
            "事前の準備が整った方",
            "画面申請の方",
            "一括申請の方",
            "申請を行う",
            "申請状況の照会を行う",
            "よくあるご質問",
        ),
        links=("画面申請", "一括申請", "個別納付を行う"),
    ),
    Login: Words(
        says=("納付利用者IDと納付利用者パスワードを入力し、「ログイン」ボタンを押してください。",),
        fields=("納付利用者ID", "納付利用者パスワード"),
        buttons=("ログイン",),
        links=("パスワード変更", "パスワード初期化", "終了"),
    ),
    MyPage: Words(
        links=(
            "利用者情報変更",
            "一括利用者パスワード初期化",
            "国庫金ダイレクト納付口座新規作成",
            "地方税ダイレクト納付口座新規作成",
            "まとめ納付管理ファイル",
        ),
        buttons=("最新の情報に更新", "終了"),
    ),
    ProfileEdit: Words(
        says=("変更する情報を修正してください。", "個人・法人の別"),
        fields=("個人の方", "法人の方", *COMPANY_FIELDS),
        buttons=("次へ",),
        links=("戻る",),
    ),
    ProfileConfirm: Words(
        says=(
            CHANGE_WILL_COME,
            "メールアドレスを誤って入力した場合、メールが届きませんので、メールアドレスをご確認ください。",
            "以下の登録内容をご確認の上、よろしければ、「確定」ボタンを押してください。",
        ),
        buttons=("確定",),
        links=("戻る",),
    ),
    ProfileComplete: Words(
        says=("利用者情報の変更登録が完了しました。", *CHANGE_COMES),
        links=("マイページへ戻る", "お問い合わせ先"),
    ),
    BulkConfirm: Words(
        says=(
            "以下の一括利用者パスワードの初期化を行う場合、「パスワード初期化依頼」ボタンを押してください。",
        ),
        buttons=("パスワード初期化依頼",),
        links=("戻る",),
    ),
    BulkAccepted: Words(
        says=("一括利用者パスワード初期化依頼を受付しました。", *GUIDE_COMES),
        links=("お問い合わせ先",),
    ),
    BulkNewPassword: Words(
        says=("ご希望の一括利用者パスワードを入力してください。",),
        fields=NEW_PASSWORD_FIELDS,
        buttons=("パスワード初期化",),
    ),
    BulkComplete: Words(
        says=("一括利用者IDのパスワード初期化が完了しました。", *RESET_COMES),
        links=("お問い合わせ先", "終了"),
    ),
    PasswordChange: Words(
        says=("パスワードを変更してください。",),
        fields=("納付利用者ID", "現在のパスワード", "新しいパスワード", "新しいパスワード(確認用)"),
        buttons=("変更",),
    ),
    PasswordChanged: Words(
        says=("納付利用者パスワードは正常に変更されました。",),
        links=("ログインへ戻る",),
    ),
    PaymentRequest: Words(
        says=("以下の項目を入力し、「パスワード初期化依頼」ボタンを押してください。",),
        fields=("納付利用者ID", "利用者管理用メールアドレス"),
        buttons=("パスワード初期化依頼",),
        links=("戻る",),
    ),
    PaymentAccepted: Words(
        says=("納付利用者パスワード初期化依頼を受付しました。", *GUIDE_COMES),
        links=("お問い合わせ先", "終了"),
    ),
    PaymentNewPassword: Words(
        says=("ご希望の納付利用者パスワードを入力してください。",),
        fields=NEW_PASSWORD_FIELDS,
        buttons=("パスワード初期化",),
    ),
    PaymentComplete: Words(
        says=("納付利用者IDのパスワード初期化が完了しました。", *RESET_COMES),
        links=("お問い合わせ先", "終了"),
    ),
}

# Ours: the manual of the real service does not show these screens.
MANUAL |= {
    Terms: Words(
        says=("以下の利用規約をお読みになり、",),
        fields=("利用規約に同意する",),
        buttons=("次へ",),
        links=("戻る",),
    ),
    Address: Words(buttons=("発行依頼",), links=("戻る",)),
    Accepted: Words(says=("利用者ID発行の依頼を受付しました。", NO_MAIL), links=("終了",)),
    NewProfile: Words(fields=("個人の方", "法人の方"), buttons=("次へ",)),
    NewPasswords: Words(
        fields=tuple(
            f"ご希望の{kind}パスワード{end}"
            for kind in ("納付利用者", "一括利用者")
            for end in ("", " (確認用)")
        ),
        buttons=("次へ",),
        links=("戻る",),
    ),
    NewConfirm: Words(
        says=("以下の登録内容をご確認の上、よろしければ、「確定」ボタンを押してください。",),
        buttons=("確定",),
        links=("戻る",),
    ),
    Issued: Words(says=("利用者IDの発行が完了しました。", NO_MAIL), links=("終了",)),
}


def as_in_the_manual(screen: Screen) -> None:
    """The screen has its title, the manual's sentences and, to be seen, the manual's controls."""
    words = MANUAL[type(screen)]
    expect(screen.page).to_have_title(re.compile(f"^{re.escape(screen.heading)}｜"))
    for sentence in words.says:
        expect(screen.main).to_contain_text(worded(sentence), use_inner_text=True)
    for name in words.fields:
        expect(screen.field(name)).to_be_visible()
    for name in words.buttons:
        expect(screen.button(name)).to_be_visible()
    for name in words.links:
        expect(screen.link(name)).to_be_visible()
