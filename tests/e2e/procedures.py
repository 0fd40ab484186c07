"""The procedures of the operating manual as data: `make manual` prints what the journeys walk.

Curly brackets in sentences and answers stand for what walking.py knows: the company of the cast, its
passwords and the service's own words.
"""

from dataclasses import dataclass, field

from .mail_wording import BULK, PASSWORD_CHANGED, PAYMENT, PROFILE_CHANGED
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

TITLE = "【申請共通】利用者情報マイページの操作手順"


@dataclass(frozen=True)
class Control:
    """A button or link by its name; `within` names the region, where the name stands twice."""

    role: str
    name: str
    within: str = ""


@dataclass(frozen=True)
class Note:
    """A 補足: with a picture of its own when `frame` is to be shown, with the mail it speaks of.

    What it says about another situation than the step's is shown in the situation named `when`.
    """

    text: str
    frame: Control | None = None
    mail: str = ""
    when: str = ""


@dataclass(frozen=True)
class Step:
    """One ①②③: on a screen, or without one in the mail of the subject `mail`."""

    sentence: str
    screen: type[Screen] | None = None
    opens: str = ""
    fills: dict[str, str] = field(default_factory=dict)
    press: tuple[Control, ...] = ()
    mail: str = ""
    notes: tuple[Note, ...] = ()
    sets_password: bool = False


@dataclass(frozen=True)
class Procedure:
    """A chapter; `purpose` and `needs` make the table 目的と手順の対応表, `begins` leads to its first screen."""

    number: int
    title: str
    steps: tuple[Step, ...]
    purpose: str = ""
    needs: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()


def _button(name: str) -> tuple[Control, ...]:
    return (Control("button", name),)


def _link(name: str) -> tuple[Control, ...]:
    return (Control("link", name),)


TO_LOGIN = "利用者情報の確認・変更を行う"
EXPIRED = Note(
    "納付利用者パスワードの有効期限を過ぎている状態で「ログイン」操作を行うと、自動で『パスワード変更』画面に遷移します。"
    "なお、納付利用者パスワードの有効期間は、60日間です。",
    when="expired",
)
CHANGE_HERE = Note(
    "納付利用者パスワードを変更したい場合、または、納付利用者パスワードの有効期限を過ぎている場合は、"
    "「パスワード変更」をクリックしてください。"
    "納付利用者パスワード変更は、「5.納付利用者パスワード変更」をご参照ください。",
    frame=Control("link", "パスワード変更"),
)
NOT_OPEN = Note(
    "「国庫金ダイレクト納付口座新規作成」、「地方税ダイレクト納付口座新規作成」および「まとめ納付管理ファイル」は、"
    "このバージョンではまだご利用いただけません。",
    when="not open",
)
LEAVE = Note("操作を終える場合は、「終了」ボタンをクリックしてください。")
NEW_ADDRESS = Note(
    "利用者管理用メールアドレスを変更する場合は、「現在のパスワード」に現在の納付利用者パスワードを入力してから、"
    "「確定」ボタンをクリックしてください。",
    when="new address",
)
NO_GUIDE = Note(
    "メールが届かない場合は、「メールが届かない場合」をクリックして、確認する点をご覧ください。"
)

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
            press=_button("ログイン"),
            notes=(EXPIRED, CHANGE_HERE),
        ),
        Step(
            "利用者情報マイページが表示されます。（利用者が法人の方の場合の画面例）",
            MyPage,
            notes=(LEAVE, NOT_OPEN),
        ),
    ),
    begins=(1,),
)

PROFILE = Procedure(
    3,
    "利用者情報変更",
    (
        Step(
            "『マイページ』画面より、「利用者情報変更」をクリックします。",
            MyPage,
            press=_link("利用者情報変更"),
        ),
        Step(
            "『利用者情報変更 依頼の入力』画面にて、登録されている利用者情報を確認のうえ、変更したい情報を修正し、"
            "「次へ」ボタンをクリックします。",
            ProfileEdit,
            fills={
                "申請状況通知用メールアドレス": "kei-oss@example.jp",
                "申請状況通知用メールアドレス(確認用)": "kei-oss@example.jp",
            },
            press=_button("次へ"),
        ),
        Step(
            "『利用者情報変更 依頼の確認』画面にて、修正内容を確認のうえ、「確定」ボタンをクリックします。",
            ProfileConfirm,
            press=_button("確定"),
            notes=(NEW_ADDRESS,),
        ),
        Step(
            "『利用者情報変更 登録完了』画面にて、内容を確認のうえ、「マイページへ戻る」ボタンをクリックします。",
            ProfileComplete,
            press=_link("マイページへ戻る"),
            notes=(
                Note(
                    "変更登録が完了すると、利用者管理用メールアドレス宛てに、変更登録完了の連絡メールが送信されます。",
                    mail=PROFILE_CHANGED,
                ),
            ),
        ),
    ),
    purpose="利用者の氏名・名称やメールアドレス等を変更したい場合",
    needs=(2, 3),
    begins=(1, 2),
)

BULK_RESET = Procedure(
    4,
    "一括利用者パスワード初期化",
    (
        Step(
            "『マイページ』画面より、「一括利用者パスワード初期化」をクリックします。",
            MyPage,
            press=_link("一括利用者パスワード初期化"),
        ),
        Step(
            "『一括利用者パスワード初期化 依頼の確認』画面にて、初期化対象となる一括利用者ID、および、"
            "利用者管理用メールアドレスを確認のうえ、「パスワード初期化依頼」ボタンをクリックします。",
            BulkConfirm,
            press=_button("パスワード初期化依頼"),
        ),
        Step(
            "『一括利用者パスワード初期化 依頼受付』画面にて、内容を確認のうえ、利用者管理用メールアドレス宛てに、"
            "パスワード初期化のご案内メールが送信されていることを確認してください。",
            BulkAccepted,
            notes=(NO_GUIDE,),
        ),
        Step(
            "利用者管理用メールアドレス宛てに送信された一括利用者IDのパスワード初期化のご案内メールを確認のうえ、"
            "パスワード初期化用URLをクリックします。",
            mail=BULK.guide_subject,
        ),
        Step(
            "『一括利用者パスワード初期化 希望パスワードの入力』画面にて、ご希望のパスワードを入力し、"
            "「パスワード初期化」ボタンをクリックします。",
            BulkNewPassword,
            fills={
                "ご希望のパスワード": "{new_password}",
                "ご希望のパスワード (確認用)": "{new_password}",
            },
            press=_button("パスワード初期化"),
        ),
        Step(
            "『一括利用者パスワード初期化 登録完了』画面にて、内容を確認のうえ、「終了」ボタンをクリックします。",
            BulkComplete,
            press=_link("終了"),
            notes=(
                Note(
                    "一括利用者IDのパスワード初期化が完了すると、利用者管理用メールアドレス宛てに、"
                    "一括利用者IDのパスワード初期化完了の連絡メールが送信されます。",
                    mail=BULK.completed_subject,
                ),
            ),
        ),
    ),
    purpose="一括利用者IDのパスワードを初期化したい場合",
    needs=(2, 4),
    begins=(1, 2),
)

PASSWORD_CHANGE = Procedure(
    5,
    "納付利用者パスワード変更",
    (
        Step(
            "『マイページログイン』画面より、「パスワード変更」をクリックします。",
            Login,
            press=_link("パスワード変更"),
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
            press=_button("変更"),
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
    needs=(2, 5),
    begins=(1,),
)

PAYMENT_RESET = Procedure(
    6,
    "納付利用者パスワード初期化",
    (
        Step(
            "『マイページログイン』画面より、「パスワード初期化」をクリックします。",
            Login,
            press=_link("パスワード初期化"),
        ),
        Step(
            "『納付利用者パスワード初期化 依頼の入力』画面にて、納付利用者IDと利用者管理用メールアドレスを入力し、"
            "「パスワード初期化依頼」ボタンをクリックします。",
            PaymentRequest,
            fills={"納付利用者ID": "{payment_id}", "利用者管理用メールアドレス": "{email}"},
            press=_button("パスワード初期化依頼"),
        ),
        Step(
            "『納付利用者パスワード初期化 依頼受付』画面にて、内容を確認のうえ、利用者管理用メールアドレス宛てに、"
            "納付利用者IDのパスワード初期化のご案内メールが送信されていることを確認します。",
            PaymentAccepted,
            notes=(NO_GUIDE,),
        ),
        Step(
            "利用者管理用メールアドレス宛てに送信された納付利用者IDのパスワード初期化のご案内メールを確認のうえ、"
            "パスワード初期化用URLをクリックします。",
            mail=PAYMENT.guide_subject,
        ),
        Step(
            "『納付利用者パスワード初期化 希望パスワードの入力』画面にて、ご希望のパスワードを入力し、"
            "「パスワード初期化」ボタンをクリックします。",
            PaymentNewPassword,
            fills={
                "ご希望のパスワード": "{new_password}",
                "ご希望のパスワード (確認用)": "{new_password}",
            },
            press=_button("パスワード初期化"),
            sets_password=True,
        ),
        Step(
            "『納付利用者パスワード初期化 登録完了』画面にて、内容を確認のうえ、「終了」ボタンをクリックします。",
            PaymentComplete,
            press=_link("終了"),
            notes=(
                Note(
                    "納付利用者IDのパスワード初期化が完了すると、利用者管理用メールアドレス宛てに、"
                    "納付利用者IDのパスワード初期化完了の連絡メールが送信されます。",
                    mail=PAYMENT.completed_subject,
                ),
            ),
        ),
    ),
    purpose="納付利用者IDのパスワードを初期化したい場合",
    needs=(2, 6),
    begins=(1,),
)

PROCEDURES = (PORTAL, LOG_IN, PROFILE, BULK_RESET, PASSWORD_CHANGE, PAYMENT_RESET)
