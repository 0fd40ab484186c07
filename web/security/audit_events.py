"""The events of the audit trail, in the words of the screens: what the code records is here."""

LABELS = {
    "account.created": "利用者IDが発行されました",
    "account.disabled": "利用者IDの利用を停止しました",
    "account.enabled": "利用者IDの利用停止を解除しました",
    "account.retired": "利用者IDを廃止しました",
    "account.viewed": "担当者が利用者の登録内容を閲覧しました",
    "account.unlocked": "パスワードの入力誤りによるログイン停止を解除しました",
    "accounts.listed": "担当者が利用者を検索し、複数の利用者の一覧を表示しました",
    "accounts.imported": "利用者IDをまとめて登録しました",
    "activity.closed": "心当たりがない操作の届出を、担当者が確認しました",
    "activity.disowned": "心当たりがない操作を届け出ました",
    "activity.saved": "登録データを出力しました",
    "address.changed": "担当者が利用者管理用メールアドレスを変更しました",
    "address.proposed": "担当者が新しい利用者管理用メールアドレスを登録しました",
    "address.refused": "担当者が利用者管理用メールアドレスの変更を取りやめました",
    "address.voided": "利用者管理用メールアドレスの変更の登録が、承認されないまま取り消されました",
    "app.added": "認証アプリを登録しました",
    "app.removed": "認証アプリを削除しました",
    "app.renamed": "認証アプリの名前を変更しました",
    "audit.trimmed": "保存期間を過ぎた記録を削除しました",
    "codes.made": "予備コードを作成しました",
    "codes.used": "予備コードを使用しました",
    "database.restored": "保存したデータを復元しました",
    "direct_debit.approve": "ダイレクト納付口座の届出が承認されました",
    "direct_debit.expire": "ダイレクト納付口座の届出書が期限までに届かず、取下げとなりました",
    "direct_debit.made": "ダイレクト納付口座の届出書を作成しました",
    "direct_debit.receive": "ダイレクト納付口座の届出書を受け付けました",
    "direct_debit.return": "ダイレクト納付口座の届出書に不備があり、返却となりました",
    "direct_debit.send": "ダイレクト納付口座の届出書を金融機関へ送付しました",
    "direct_debit.withdraw": "ダイレクト納付口座の届出書を取り下げました",
    "email.asked": "利用者管理用メールアドレスの確認用メールを再送しました",
    "email.confirmed": "利用者管理用メールアドレスが確認されました",
    "factors.asked": "ログインの方法を登録するための確認コードをメールで送信しました",
    "factors.approved": "担当者が確認手段の解除を承認しました",
    "factors.cleared": "認証アプリ、パスキー、予備コードをすべて解除しました",
    "factors.proposed": "担当者が確認手段の解除を登録しました",
    "factors.refused": "担当者が確認手段の解除を取りやめました",
    "factors.stopped": "メールのURLから、確認手段の解除を止めました",
    "factors.voided": "確認手段の解除の登録が、行われないまま取り消されました",
    "issuance.asked": "利用者ID発行の依頼を受け付けました",
    "issuance.issued": "画面からの申込みにより、利用者IDが発行されました",
    "issuance.too_many": "利用者ID発行の依頼が続いたため、メールを送信しませんでした",
    "login.done": "ログインしました",
    "login.expired": "パスワードの有効期限が切れていたため、パスワード変更へ進みました",
    "login.failed": "IDかパスワードが違うため、ログインできませんでした",
    "login.first": "はじめてのログインのため、パスワード変更へ進みました",
    "login.unknown": "登録がないIDやパスワードの入力が続きました（1時間ごとの件数）",
    "logout.done": "ログアウトしました",
    "mail.dropped": "お知らせメールの送信を取りやめました",
    "mail.retried": "お知らせメールを再送しました",
    "maintenance.off": "計画メンテナンスを終了しました",
    "maintenance.on": "計画メンテナンスを開始しました",
    "notice.cleared": "お知らせを取り下げました",
    "notice.set": "お知らせを掲載しました",
    "office.app.added": "担当者が認証アプリを登録しました",
    "office.app.removed": "担当者が認証アプリを削除しました",
    "office.app.renamed": "担当者が認証アプリの名前を変更しました",
    "office.codes.made": "担当者が予備コードを作成しました",
    "office.codes.used": "担当者が予備コードを使用しました",
    "office.login.done": "担当者がログインしました",
    "office.login.failed": "担当者がログインできませんでした",
    "office.logout.done": "担当者がログアウトしました",
    "office.passkey.added": "担当者がパスキーを登録しました",
    "office.passkey.refused": "担当者のパスキーで確認できませんでした",
    "office.passkey.removed": "担当者がパスキーを削除しました",
    "office.passkey.renamed": "担当者がパスキーの名前を変更しました",
    "office.password.changed": "担当者がパスワードを変更しました",
    "office.refused": "権限のない担当者の操作を拒否しました",
    "office.second.failed": "担当者の確認コードか予備コードが違うため、確認できませんでした",
    "office.second.locked": "違うコードが続いたため、担当者の確認を停止しました",
    "office.user.added": "担当者を登録しました",
    "office.user.disabled": "担当者を停止しました",
    "office.user.factors": "担当者の認証アプリ、パスキー、予備コードをすべて取り消しました",
    "office.user.enabled": "担当者を再開しました",
    "office.user.unlocked": "パスワードの入力誤りによる担当者のログイン停止を解除しました",
    "office.user.password": "担当者のパスワードを設定しました",
    "passkey.added": "パスキーを登録しました",
    "passkey.refused": "パスキーで確認できませんでした",
    "passkey.removed": "パスキーを削除しました",
    "passkey.renamed": "パスキーの名前を変更しました",
    "password.changed": "納付利用者パスワードを変更しました",
    "password.refused": "現在のパスワードが違うため、操作を受け付けませんでした",
    "payments.imported": "まとめ納付を取り込みました",
    "profile.changed": "利用者情報を変更しました",
    "reset.asked": "パスワード初期化の依頼を受け付け、ご案内メールを送信しました",
    "reset.mismatched": "パスワード初期化の依頼がありましたが、メールアドレスが違うため受け付けませんでした",
    "reset.too_many": "パスワード初期化の依頼が続いたため、ご案内メールを送信しませんでした",
    "reset.used": "パスワードを初期化しました",
    "second.failed": "確認コードか予備コードが違うため、確認できませんでした",
    "second.locked": "違うコードが続いたため、確認を停止しました",
    "sessions.ended": "ログイン中の端末をログアウトしました",
    "summary_file.downloaded": "まとめ納付管理ファイルをダウンロードしました",
}
UNKNOWN = "その他の操作をしました"  # written by a newer release than this one

# The codes that details hold. `form`: the screen that asked for the current password.
FORMS = {
    "profile": "利用者情報変更",
    "password_change": "パスワード変更",
    "password_reset": "パスワード初期化",
    "activity": "操作履歴",
    "factors": "ログインの方法",
    "office_password": "担当者パスワード変更",
}
# `device`: as the office reads it, and as the account's owner does.
DEVICES = {
    "known": ("ログインしたことがある端末", "これまでにログインしたことがある端末から"),
    "new": ("初めての端末", "ログインしたことがない端末から"),
}

# `method`: what a log-in asked beside the password.
METHODS = {
    "password": "パスワード",
    "app": "認証アプリ",
    "codes": "予備コード",
    "passkey": "パスキー",
}

# `page`: where a 担当者 looked at an account.
PAGES = {
    "search": "利用者の検索",
    "account": "利用者の画面",
    "address": "メールアドレスの変更の画面",
    "factors": "確認手段の解除の画面",
    "form": "届出書の画面",
    "report": "心当たりがない操作の届出の画面",
    "command": "コマンド mypage accounts show",
}
# `why`: how a proposal of a new address, or a 確認手段の解除, ended that nobody decided.
VOIDED = {
    "changed": "利用者が登録内容を変更した",
    "reset": "利用者がパスワードを初期化した",
    "expired": "期限までに承認されなかった",
    "used": "利用者が確認手段を使用した",
    "shut": "利用が停止された",
    "untold": "利用者へのメールを送信できなかった",
}


def label(event: str) -> str:
    """Say what happened."""
    return LABELS.get(event, UNKNOWN)
