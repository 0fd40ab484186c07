"""The procedures of the operating manual as data: `make manual` prints what the journeys walk."""

from .mail_wording import (
    BULK,
    ISSUE_GUIDE,
    ISSUED,
    PASSWORD_CHANGED,
    PAYMENT,
    PROFILE_CHANGED,
    Reset,
)
from .notes import CHANGE_HERE, EXPIRED, LEAVE, NEW_ADDRESS, NO_GUIDE, WRONG_ADDRESS
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
    NewPassword,
    PaymentAccepted,
    PaymentComplete,
    PaymentNewPassword,
    PaymentRequest,
)
from .pages.portal import Portal
from .pages.profile import ProfileComplete, ProfileConfirm, ProfileEdit
from .pages.screen import Screen
from .steps import Control, Note, Procedure, Step, button, link

TITLE = "【申請共通】利用者情報マイページの操作手順"
TO_LOGIN = "利用者情報の確認・変更を行う"

PORTAL = Procedure(
    1,
    "利用者情報マイページログイン画面の表示",
    (
        Step("ポータルサイト（{portal}）にアクセスします。", opens=Portal.path),
        Step(
            "メニューの「事前の準備が整った方」から、「画面申請の方」もしくは「一括申請の方」にある"
            f"「{TO_LOGIN}」を選択します。",
            Portal,
            press=(
                Control("link", TO_LOGIN, within="画面申請の方"),
                Control("link", TO_LOGIN, within="一括申請の方"),
            ),
        ),
    ),
)

LOG_IN = Procedure(
    2,
    "利用者情報マイページログイン",
    (
        Step(
            "『マイページログイン』画面にて、納付利用者IDと納付利用者パスワードを入力し、「ログイン」ボタンをクリックします。",
            Login,
            fills={"納付利用者ID": "{payment_id}", "納付利用者パスワード": "{password}"},
            press=button("ログイン"),
            notes=(EXPIRED, CHANGE_HERE),
        ),
        Step(
            "利用者情報マイページが表示されます。（利用者が法人の場合の画面例）",
            MyPage,
            notes=(LEAVE,),
        ),
    ),
    begins=1,
)

PROFILE = Procedure(
    3,
    "利用者情報変更",
    (
        Step(
            "『マイページ』画面より、「利用者情報変更」をクリックします。",
            MyPage,
            press=link("利用者情報変更"),
        ),
        Step(
            "『利用者情報変更 依頼の入力』画面にて、登録されている利用者情報を確認のうえ、変更したい情報を修正し、"
            "「次へ」ボタンをクリックします。",
            ProfileEdit,
            fills={
                "申請状況通知用メールアドレス": "kei-oss@example.jp",
                "申請状況通知用メールアドレス(確認用)": "kei-oss@example.jp",
            },
            press=button("次へ"),
        ),
        Step(
            "『利用者情報変更 依頼の確認』画面にて、修正内容を確認のうえ、「確定」ボタンをクリックします。",
            ProfileConfirm,
            press=button("確定"),
            notes=(NEW_ADDRESS,),
        ),
        Step(
            "『利用者情報変更 登録完了』画面にて、内容を確認のうえ、「マイページへ戻る」ボタンをクリックします。",
            ProfileComplete,
            press=link("マイページへ戻る"),
            notes=(
                Note(
                    "変更登録が完了すると、利用者管理用メールアドレス宛てに、変更登録完了の連絡メールが送信されます。",
                    mail=PROFILE_CHANGED,
                ),
            ),
        ),
    ),
    purpose="利用者の氏名・名称やメールアドレス等を変更したい場合",
    begins=2,
)


def _by_the_mail(
    kind: Reset,
    choose: type[NewPassword],
    complete: type[Screen],
    *,
    sets_password: bool = False,
) -> tuple[Step, ...]:
    """What both resets end with, from the guide mail on."""
    wanted = "{new_password}"
    done = (
        f"{kind.id_name}のパスワード初期化が完了すると、利用者管理用メールアドレス宛てに、"
        f"{kind.id_name}のパスワード初期化完了の連絡メールが送信されます。"
    )
    return (
        Step(
            f"利用者管理用メールアドレス宛てに送信された{kind.id_name}のパスワード初期化のご案内メールを確認のうえ、"
            "パスワード初期化用URLをクリックします。",
            mail=kind.guide_subject,
        ),
        Step(
            f"『{choose.heading}』画面にて、ご希望のパスワードを入力し、「パスワード初期化」ボタンをクリックします。",
            choose,
            fills={"ご希望のパスワード": wanted, "ご希望のパスワード (確認用)": wanted},
            press=button("パスワード初期化"),
            sets_password=sets_password,
        ),
        Step(
            f"『{complete.heading}』画面にて、内容を確認のうえ、「終了」ボタンをクリックします。",
            complete,
            press=link("終了"),
            notes=(Note(done, mail=kind.completed_subject),),
        ),
    )


BULK_RESET = Procedure(
    4,
    "一括利用者パスワード初期化",
    (
        Step(
            "『マイページ』画面より、「一括利用者パスワード初期化」をクリックします。",
            MyPage,
            press=link("一括利用者パスワード初期化"),
        ),
        Step(
            "『一括利用者パスワード初期化 依頼の確認』画面にて、初期化対象となる一括利用者ID、および、"
            "利用者管理用メールアドレスを確認のうえ、「パスワード初期化依頼」ボタンをクリックします。",
            BulkConfirm,
            press=button("パスワード初期化依頼"),
        ),
        Step(
            "『一括利用者パスワード初期化 依頼受付』画面にて、内容を確認のうえ、利用者管理用メールアドレス宛てに、"
            "パスワード初期化のご案内メールが送信されていることを確認してください。",
            BulkAccepted,
            notes=(NO_GUIDE,),
        ),
        *_by_the_mail(BULK, BulkNewPassword, BulkComplete),
    ),
    purpose="一括利用者IDのパスワードを初期化したい場合",
    begins=2,
)

PASSWORD_CHANGE = Procedure(
    5,
    "納付利用者パスワード変更",
    (
        Step(
            "『マイページログイン』画面より、「パスワード変更」をクリックします。",
            Login,
            press=link("パスワード変更"),
            notes=(EXPIRED,),
        ),
        Step(
            "『パスワード変更』画面にて、納付利用者IDと現在のパスワード、および、新しいパスワードを入力し、"
            "「変更」ボタンをクリックします。",
            PasswordChange,
            fills={
                "納付利用者ID": "{payment_id}",
                "現在のパスワード": "{password}",
                "新しいパスワード": "{new_password}",
                "新しいパスワード(確認用)": "{new_password}",
            },
            press=button("変更"),
            sets_password=True,
        ),
        Step(
            "『パスワード変更結果通知』画面にて、納付利用者パスワードが正常に変更されたことを確認します。",
            PasswordChanged,
            notes=(
                Note(
                    "変更が完了すると、利用者管理用メールアドレス宛てに、"
                    "納付利用者パスワード変更完了の連絡メールが送信されます。",
                    mail=PASSWORD_CHANGED,
                ),
            ),
        ),
    ),
    purpose="納付利用者IDのパスワードを変更したい場合",
    begins=1,
)

PAYMENT_RESET = Procedure(
    6,
    "納付利用者パスワード初期化",
    (
        Step(
            "『マイページログイン』画面より、「パスワード初期化」をクリックします。",
            Login,
            press=link("パスワード初期化"),
        ),
        Step(
            "『納付利用者パスワード初期化 依頼の入力』画面にて、納付利用者IDと利用者管理用メールアドレスを入力し、"
            "「パスワード初期化依頼」ボタンをクリックします。",
            PaymentRequest,
            fills={"納付利用者ID": "{payment_id}", "利用者管理用メールアドレス": "{email}"},
            press=button("パスワード初期化依頼"),
        ),
        Step(
            "『納付利用者パスワード初期化 依頼受付』画面にて、内容を確認のうえ、利用者管理用メールアドレス宛てに、"
            "納付利用者IDのパスワード初期化のご案内メールが送信されていることを確認します。",
            PaymentAccepted,
            notes=(NO_GUIDE,),
        ),
        *_by_the_mail(PAYMENT, PaymentNewPassword, PaymentComplete, sets_password=True),
    ),
    purpose="納付利用者IDのパスワードを初期化したい場合",
    begins=1,
)

_NEW, _NEW_BULK = "ご希望の納付利用者パスワード", "ご希望の一括利用者パスワード"
ISSUANCE = Procedure(
    7,
    "利用者ID発行",
    (
        Step(
            "『マイページログイン』画面より、「利用者IDをお持ちでない方」をクリックします。",
            Login,
            press=link("利用者IDをお持ちでない方"),
        ),
        Step(
            "『利用者ID発行 利用規約の同意』画面にて、利用規約を確認のうえ、「利用規約に同意する」にチェックを入れ、"
            "「次へ」ボタンをクリックします。",
            Terms,
            ticks=("利用規約に同意する",),
            press=button("次へ"),
        ),
        Step(
            "『利用者ID発行 メールアドレスの入力』画面にて、メールアドレスを確認用とあわせて2回入力し、"
            "「発行依頼」ボタンをクリックします。",
            Address,
            fills={"メールアドレス": "{email}", "メールアドレス(確認用)": "{email}"},
            press=button("発行依頼"),
        ),
        Step(
            "『利用者ID発行 依頼受付』画面にて、送信先のメールアドレスを確認のうえ、"
            "利用者ID発行のご案内メールが送信されていることを確認します。",
            Accepted,
            notes=(NO_GUIDE, WRONG_ADDRESS),
        ),
        Step(
            "送信された利用者ID発行のご案内メールを確認のうえ、利用者ID発行用URLをクリックします。",
            mail=ISSUE_GUIDE,
        ),
        Step(
            "『利用者ID発行 利用者情報の入力』画面にて、「個人の方」または「法人の方」を選択し、利用者情報を入力のうえ、"
            "「次へ」ボタンをクリックします。（利用者が法人の場合の画面例）",
            NewProfile,
            ticks=("法人の方",),
            fills={
                "会社・団体名(フリガナ)(全角)": "アオゾラジドウシャ",
                "会社・団体名(全角)": "青空自動車",
                "代表者名(全角)": "青空　一郎",
            },
            press=button("次へ"),
        ),
        Step(
            f"『利用者ID発行 希望パスワードの入力』画面にて、{_NEW}と{_NEW_BULK}を入力し、「次へ」ボタンをクリックします。",
            NewPasswords,
            fills={
                f"{wanted}{end}": "{new_password}"
                for wanted in (_NEW, _NEW_BULK)
                for end in ("", " (確認用)")
            },
            press=button("次へ"),
        ),
        Step(
            "『利用者ID発行 依頼の確認』画面にて、登録内容を確認のうえ、「確定」ボタンをクリックします。",
            NewConfirm,
            press=button("確定"),
        ),
        Step(
            "『利用者ID発行 発行完了』画面にて、発行された納付利用者IDと一括利用者IDを確認します。",
            Issued,
            notes=(
                Note(
                    "発行が完了すると、利用者管理用メールアドレス宛てに、2つの利用者IDを記載した連絡メールが送信されます。",
                    mail=ISSUED,
                ),
            ),
        ),
    ),
    purpose="利用者IDを新しく発行したい場合",
    begins=1,
)

PROCEDURES = (PORTAL, LOG_IN, PROFILE, BULK_RESET, PASSWORD_CHANGE, PAYMENT_RESET, ISSUANCE)
