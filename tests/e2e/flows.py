"""The flows that there are, as graphs of screens."""

from .graph import COMPLETE, CONFIRM, CONFLICT, INPUT, OUTSIDE, SPENT, Flow
from .mail_wording import BULK, PASSWORD_CHANGED, PAYMENT, PROFILE_CHANGED
from .pages.password_change import PasswordChange
from .pages.password_reset import PaymentRequest

RESETS = "/useridmg/pwdInit"

PROFILE = Flow(
    "利用者情報変更",
    entrance="利用者情報変更",
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
    entrance="一括利用者パスワード初期化",
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
    entrance="パスワード初期化",
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
    entrance="",
    headings={
        OUTSIDE: "軽自動車OSS申請",
        INPUT: "納付利用者パスワード初期化 希望パスワードの入力",
        COMPLETE: "納付利用者パスワード初期化 登録完了",
        SPENT: "このURLは使用できません",
    },
    presses={INPUT: ("パスワード初期化", COMPLETE)},
    links={COMPLETE: ("終了", OUTSIDE)},
    addresses={INPUT: "as mailed", COMPLETE: "as mailed"},
    typed_early={COMPLETE: INPUT},
    typed_late={INPUT: SPENT},
    seen_again={INPUT: SPENT},
    shared=True,
)
PASSWORD = Flow(
    "パスワード変更",
    entrance="パスワード変更",
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
SUBJECTS = {
    PROFILE.name: PROFILE_CHANGED,
    BULK_REQUEST.name: BULK.guide_subject,
    PAYMENT_REQUEST.name: PAYMENT.guide_subject,
    CHOICE.name: PAYMENT.completed_subject,
    PASSWORD.name: PASSWORD_CHANGED,
}
