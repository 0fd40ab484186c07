"""The words of a 429, by what was done too often."""

from web import clock
from web.security.throttle import Cause

LOCKED = (
    "このIDではログインできません",
    "パスワードの入力誤りが続いたため、この端末からのログインを停止しています。",
    "「パスワード初期化」で新しいパスワードを設定すると、すぐにログインできます。",
)
CODES_LOCKED = (
    "確認コードを入力できません",
    "確認コードや予備コードの入力誤りが続いたため、受付を停止しています。パスワードを初期化しても、再開しません。",
    "お問い合わせ先までご連絡ください。ご本人であることを確認してから、再開します。",
)
_WORDS = {
    Cause.PASSWORDS: (
        "パスワードの確認が続いたため、受付を停止しています。",
        "パスワードを忘れたときは、待たずに初期化できます。",
    ),
    Cause.CODES: (
        "確認コードの入力誤りが続いたため、受付を停止しています。",
        "スマートフォンの日時が自動設定になっているか、ご確認ください。",
    ),
    Cause.REQUESTS: (
        "短い時間に依頼が繰り返されたため、受付を停止しています。",
        "ご案内メールがすでに届いている場合は、そのメールのURLを開いてください。",
    ),
    Cause.ACTS: (
        "短い時間に手続が繰り返されたため、受付を停止しています。",
        "これまでに完了した手続は、そのまま有効です。",
    ),
}


def words(seconds: int, cause: Cause) -> tuple[str, str, str]:
    """Say when to try again, and what can be done meanwhile."""
    wait = f"{seconds}秒" if seconds < clock.MINUTE else f"{-(-seconds // clock.MINUTE)}分"
    message, meanwhile = _WORDS[cause]
    heading = "操作の回数が多すぎます"
    return heading, message, f"{wait}ほど待ってからお試しください。{meanwhile}"
