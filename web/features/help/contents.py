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

# What people say, and the words of the help for it; widths, kana and spaces make no difference.
SYNONYMS = {
    ("パスワード忘れ", "パスワードを忘れ", "パスワードがわから", "パスワードわから", "パスワードが分から",
     "パスワード再発行", "パスワード再設定", "暗証番号"): "パスワード 初期化",
    ("パスワード変え", "パスワードを変え", "パスワード更新"): "パスワード変更",
    ("ID忘れ", "IDを忘れ", "IDがわから", "IDわから", "IDが分から", "ユーザーID", "会員番号"): "利用者ID 忘れた",
    ("新規登録", "利用者登録", "会員登録", "利用開始", "申込"): "利用者ID発行",
    ("メールが来", "メール来", "メールこない", "メール届", "メールが届", "メール未着"): "メール 届かない",
    ("CSV", "エクセル", "Excel", "ダウンロード", "支払状況", "納付状況"): "まとめ納付管理ファイル",
    ("データ保存", "バックアップ", "データ出力"): "自分の登録データ",
    ("口座変更", "口座を変", "口座の変", "銀行変更", "銀行を変", "支店変更", "名義変更"): "口座 情報変更",
    ("引き落とし", "引落", "口座振替", "自動振替", "自動引", "銀行", "信用金庫", "支払", "税金", "自動車税",
     "クレジットカード"): "ダイレクト納付",
    ("印鑑", "ハンコ", "はんこ", "捺印", "届出印"): "押印",
    ("送り先", "送付先", "郵送先", "宛先", "届け出", "届書", "申し込み", "様式", "用紙"): "届出書",
    ("ログイン出来", "ロック", "入れない", "はいれない", "ログインエラー"): "ログインできない",
    ("期限切れ", "有効期限", "60日"): "パスワード 有効期間",
    ("アドレス変", "アドレスを変", "メアド", "メール変更", "住所変更", "社名変更", "名前変更", "名前を変", "氏名変更",
     "代表者変更", "代表者を変", "電話番号変更", "引っ越し", "引越"): "登録内容を変更",
    ("二段階", "二要素", "2段階", "2要素", "ワンタイム", "機種変更", "スマホ", "携帯"): "確認コード",
    ("退会", "解約", "廃業", "やめる", "中止したい", "停止したい"): "利用をやめたい",
    ("不正ログイン", "不正アクセス", "乗っ取", "覚えがない", "知らないメール"): "心当たり",
    ("タイムアウト", "自動ログアウト", "時間切れ"): "操作の途中でログアウト",
    ("エラー", "画面が白", "動かない", "開けない"): "エラー番号",
    ("外字", "旧字", "異体字", "髙", "﨑"): "漢字",
    ("文字が小さ", "字が小さ", "大きい文字", "見えにくい", "読み上げ"): "ウェブアクセシビリティ",
    ("対応ブラウザ", "推奨環境", "動作環境", "Chrome", "Edge", "Safari"): "ブラウザー",
    ("電話", "連絡先", "問合せ", "営業時間", "受付時間", "領収", "料金", "手数料"): "お問い合わせ",
    ("残高不足", "払えな", "落ちな"): "納付不能",
}  # fmt: skip

# The texts of the service, by the name of their template and of the operator's own file.
TEXTS = {
    "terms": Place("利用規約", "help/terms", "マイページの利用に関する規約です。"),
    "privacy": Place("個人情報の取扱い", "help/privacy", "取得する情報と、その使い方です。"),
    "accessibility": Place(
        "ウェブアクセシビリティ方針",
        "help/accessibility",
        "どなたにもご利用いただけるようにするための取り組みです。",
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
            "認証アプリと予備コードを登録し、ログインのときの確認コードを設定します。",
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
