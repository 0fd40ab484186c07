"""What the help consists of: questions and places, in the order in which they are listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Question:
    """A question of よくあるご質問; its answer is `templates/help/answers/<id>.html`."""

    id: str
    asked: str


@dataclass(frozen=True, slots=True)
class Place:
    """A page that people look for: its title, its route, what it is for."""

    title: str
    route: str
    purpose: str
    values: Mapping[str, str] = field(default_factory=dict)  # what its address needs


QUESTIONS = (
    Question("mail", "メールが届かない"),
    Question("no_id", "利用者IDを持っていない"),
    Question("forgotten", "利用者IDを忘れた"),
    Question("locked", "ログインできない"),
    Question("password", "パスワードの条件を知りたい"),
    Question("life", "パスワードの有効期間を知りたい"),
    Question("code", "確認コードを求められる、認証アプリが使えない"),
    Question("edit", "登録内容を変更したい"),
    Question("passkey", "パスキーでログインしたい"),
    Question("link", "パスワード初期化用URLが使用できない"),
    Question("width", "全角と半角のどちらで入力するのか"),
    Question("idle", "操作の途中でログアウトした"),
    Question("unknown", "心当たりのないログインやメールがある"),
    Question("debit", "ダイレクト納付を利用したい"),
    Question("form", "届出書を郵送したあと、どうなるか"),
    Question("payments", "まとめ納付の状況を確認したい"),
    Question("failed", "まとめ納付が納付不能となった"),
    Question("leave", "利用をやめたい"),
    Question("error", "エラー番号が表示された"),
)

# The texts of the service, by the name of their template and of the operator's own file.
TEXTS = {
    "terms": Place("利用規約", "help/terms", "マイページの利用に関する規約です。"),
    "privacy": Place("個人情報の取扱い", "help/privacy", "取得する情報と、その使い方です。"),
    "accessibility": Place(
        "ウェブアクセシビリティ方針",
        "help/accessibility",
        "どなたにもご利用いただけるようにするための取組です。",
    ),
}

SITEMAP = {
    "はじめに": (Place("軽自動車OSS申請", "portal/top", "軽自動車OSSの入口です。"),),
    "ログインせずに使える画面": (
        Place(
            "利用者ID発行",
            "issuance/terms",
            "利用者IDをお持ちでない方が、納付利用者IDと一括利用者IDを発行します。",
        ),
        Place("マイページログイン", "login/log_in", "マイページにログインします。"),
        Place(
            "パスワード変更",
            "password_change/change",
            "現在のパスワードが分かるときに、納付利用者パスワードを変更します。",
        ),
        Place(
            "納付利用者パスワード初期化",
            "password_reset/ask_payment",
            "パスワードを忘れたときや期限が切れたときに、メールで手続を行い、再設定します。",
        ),
    ),
    "ログインして使う画面": (
        Place("マイページ", "mypage/show", "登録されている利用者情報を確認します。"),
        Place(
            "利用者情報変更",
            "profile/edit",
            "名称、代表者名、メールアドレスなど、登録されている内容を変更します。",
        ),
        Place(
            "一括利用者パスワード初期化",
            "password_reset/ask_bulk",
            "一括利用者IDのパスワードを、メールで手続を行い、再設定します。",
        ),
        Place(
            "ログイン中の端末",
            "sessions/show",
            "どの端末でログインしているかを確認し、心当たりがない端末をログアウトさせます。",
        ),
        Place(
            "操作履歴",
            "activity/show",
            "ログインや変更の記録を確認し、心当たりがない操作を届け出ます。",
        ),
        Place(
            "ログインの方法",
            "factors/show",
            "パスキー、認証アプリ、予備コードを登録し、名前を変更し、削除します。",
        ),
        Place(
            "自分の登録データ",
            "activity/data",
            "この利用者IDについて登録されている内容を、画面に表示して印刷し、またはファイルに保存します。",
        ),
        Place(
            "国庫金ダイレクト納付口座照会",
            "direct_debit/show",
            "国庫金の納付に使う口座の手続と状態を確認します。",
            {"kind": "national"},
        ),
        Place(
            "地方税ダイレクト納付口座照会",
            "direct_debit/show",
            "地方税の納付に使う口座の手続と状態を確認します。",
            {"kind": "local"},
        ),
        Place(
            "まとめ納付管理ファイル",
            "summary_file/choose",
            "まとめ納付の状況を、期間を選んでファイルで受け取ります。",
        ),
    ),
    "案内": (
        Place("よくあるご質問", "help/faq", "お困りのときにご覧ください。"),
        Place("お問い合わせ", "help/contact", "電話番号と、お伝えいただきたいことです。"),
        Place("検索", "help/search", "よくあるご質問と案内を検索します。"),
        *TEXTS.values(),
    ),
}
