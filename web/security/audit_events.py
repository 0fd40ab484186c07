"""The events of the audit trail, in the words of the screens: what the code records is here."""

LABELS = {
    "account.created": "利用者IDが発行されました",
    "account.disabled": "利用者IDの利用を停止しました",
    "account.enabled": "利用者IDの利用停止を解除しました",
    "account.unlocked": "パスワードの間違いによるログインの停止を解除しました",
    "accounts.imported": "利用者IDをまとめて登録しました",
    "activity.disowned": "心当たりがない操作を届け出ました",
    "activity.saved": "登録データを保存しました",
    "audit.trimmed": "保存期間を過ぎた記録を削除しました",
    "database.restored": "保存しておいたデータに戻しました",
    "direct_debit.approve": "ダイレクト納付口座の届出が承認されました",
    "direct_debit.expire": "ダイレクト納付口座の届出書が期限までに届かず、取下げとなりました",
    "direct_debit.made": "ダイレクト納付口座の届出書を作成しました",
    "direct_debit.receive": "ダイレクト納付口座の届出書が届きました",
    "direct_debit.return": "ダイレクト納付口座の届出書に不備があり、返却となりました",
    "direct_debit.send": "ダイレクト納付口座の届出書を金融機関へ送付しました",
    "direct_debit.withdraw": "ダイレクト納付口座の届出書を取り下げました",
    "issuance.asked": "利用者ID発行の依頼を受け付けました",
    "issuance.issued": "画面からの申込みにより、利用者IDが発行されました",
    "issuance.too_many": "利用者ID発行の依頼が続いたため、メールを送りませんでした",
    "login.done": "ログインしました",
    "login.expired": "パスワードの有効期限が切れていたため、パスワード変更へ進みました",
    "login.failed": "IDかパスワードが違うため、ログインできませんでした",
    "logout.done": "ログアウトしました",
    "mail.dropped": "お知らせメールの送信を取りやめました",
    "mail.retried": "お知らせメールをもう一度送信しました",
    "maintenance.off": "計画メンテナンスを終えました",
    "maintenance.on": "計画メンテナンスを始めました",
    "notice.cleared": "お知らせを取り下げました",
    "notice.set": "お知らせを掲載しました",
    "password.changed": "納付利用者パスワードを変更しました",
    "password.refused": "現在のパスワードが違うため、操作を受け付けませんでした",
    "profile.changed": "利用者情報を変更しました",
    "reset.asked": "パスワード初期化の依頼を受け付け、ご案内メールを送りました",
    "reset.mismatched": "パスワード初期化の依頼がありましたが、メールアドレスが違うため受け付けませんでした",
    "reset.too_many": "パスワード初期化の依頼が続いたため、ご案内メールを送りませんでした",
    "reset.used": "パスワードを初期化しました",
    "sessions.ended": "ログイン中の端末をログアウトしました",
}
UNKNOWN = "その他の操作をしました"  # written by a newer release than this one


def label(event: str) -> str:
    """Say what happened."""
    return LABELS.get(event, UNKNOWN)
