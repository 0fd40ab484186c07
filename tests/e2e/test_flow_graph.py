"""Every edge of every flow, walked: next, 戻る, Back, Forward, reload, a second tab, an address."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from . import probes
from .conftest import Site
from .graph import COMPLETE, CONFIRM, CONFLICT, INPUT, OUTSIDE, SPENT, Flow, Graph, Move, State
from .graph import reach, walks
from .mail_wording import BULK, PASSWORD_CHANGED, PAYMENT, PROFILE_CHANGED
from .mailbox import Mailbox
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.password_change import PasswordChange
from .pages.password_reset import PaymentNewPassword, PaymentRequest
from .pages.profile import ProfileConfirm, ProfileEdit
from .personas import Persona, new_password
from .shortcuts import my_page_of
from .stage import Stage

AN_HOUR = 3600
RESETS = "/useridmg/pwdInit"

PROFILE = Flow(
    "利用者情報変更",
    headings={
        OUTSIDE: "マイページ",
        INPUT: "利用者情報変更 依頼の入力",
        CONFIRM: "利用者情報変更 依頼の確認",
        COMPLETE: "利用者情報変更 登録完了",
        CONFLICT: "ほかの画面で先に変更されています",
    },
    presses={INPUT: ("次へ", CONFIRM), CONFIRM: ("確定", COMPLETE)},
    links={
        INPUT: ("戻る", OUTSIDE),
        CONFIRM: ("戻る", INPUT),
        COMPLETE: ("マイページへ戻る", OUTSIDE),
    },
    addresses={
        INPUT: "/useridmg/profile/edit",
        CONFIRM: "/useridmg/profile/confirm",
        COMPLETE: "/useridmg/profile/complete",
    },
    typed_early={CONFIRM: INPUT, COMPLETE: INPUT},
    typed_late={CONFIRM: INPUT, COMPLETE: INPUT},
    seen_again={CONFIRM: COMPLETE},
    runs=True,
    shared=True,
)
BULK_REQUEST = Flow(
    "一括の依頼",
    headings={
        OUTSIDE: "マイページ",
        INPUT: "一括利用者パスワード初期化 依頼の確認",
        COMPLETE: "一括利用者パスワード初期化 依頼受付",
    },
    presses={INPUT: ("パスワード初期化依頼", COMPLETE)},
    links={INPUT: ("戻る", OUTSIDE), COMPLETE: ("マイページへ戻る", OUTSIDE)},
    addresses={INPUT: f"{RESETS}Bulk/request", COMPLETE: f"{RESETS}Bulk/requested"},
    typed_early={COMPLETE: INPUT},
    typed_late={COMPLETE: INPUT},
    refuses=False,
)
PAYMENT_REQUEST = Flow(
    "納付の依頼",
    headings={
        OUTSIDE: "マイページログイン",
        INPUT: "納付利用者パスワード初期化 依頼の入力",
        COMPLETE: "納付利用者パスワード初期化 依頼受付",
    },
    presses={INPUT: ("パスワード初期化依頼", COMPLETE)},
    links={INPUT: ("戻る", OUTSIDE)},
    addresses={INPUT: PaymentRequest.path, COMPLETE: f"{RESETS}Pay/requested"},
    typed_early={COMPLETE: INPUT},
    typed_late={COMPLETE: INPUT},
)
CHOICE = Flow(
    "希望パスワード",
    headings={
        OUTSIDE: "軽自動車OSS申請",
        INPUT: "納付利用者パスワード初期化 希望パスワードの入力",
        COMPLETE: "納付利用者パスワード初期化 登録完了",
        SPENT: "このURLは使用できません",
    },
    presses={INPUT: ("パスワード初期化", COMPLETE)},
    links={COMPLETE: ("終了", OUTSIDE)},
    addresses={INPUT: "the mailed one", COMPLETE: f"{RESETS}Pay/complete?link="},
    typed_early={COMPLETE: INPUT},
    typed_late={INPUT: SPENT},
    seen_again={INPUT: SPENT},
    shared=True,
)
PASSWORD = Flow(
    "パスワード変更",
    headings={
        OUTSIDE: "マイページログイン",
        INPUT: "パスワード変更",
        COMPLETE: "パスワード変更結果通知",
    },
    presses={INPUT: ("変更", COMPLETE)},
    links={INPUT: ("戻る", OUTSIDE), COMPLETE: ("ログインへ戻る", OUTSIDE)},
    addresses={INPUT: PasswordChange.path, COMPLETE: "/useridmg/password/changed"},
    typed_early={COMPLETE: INPUT},
    typed_late={COMPLETE: INPUT},
)
FLOWS = (PROFILE, BULK_REQUEST, PAYMENT_REQUEST, CHOICE, PASSWORD)
