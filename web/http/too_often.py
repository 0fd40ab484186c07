"""The words of a 429, by what was done too often."""

from web import clock
from web.security.throttle import Cause

LOCKED = (
    "このIDではログインできません",
    "パスワードの入力誤りが続いたため、この端末からのログインを停止しています。",
    "「パスワード初期化」で新しいパスワードを設定すると、すぐにログインできます。",
)
_WORDS = {
    Cause.PASSWORDS: (
        "パスワードの確認が続いたため、受付を停止しています。",
        "パスワードを忘れたときは、待たずに初期化できます。",
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
