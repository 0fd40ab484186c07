"""Every mail, to the letter; the two guides as the manual prints them."""

import inspect
from pathlib import Path

import pytest

from tests.unit import parts
from web import clock
from web.mail import messages
from web.mail.messages import Message
from web.settings import Settings
from web.store.credentials import CredentialKind

TO = "k-oss@keikenkyo.or.jp"
NUMBER = "20190924-01234567"
BULK_LINK = (
    "https://www.k-oss.keikenkyo.or.jp/useridmg/pwdInitBulk/INIT?key=2144BDD5CC83A98DAD98B26E65BD"
    "5A5F89FB9ED8ED61C5ABC888FA4DBDE81C1082B15C6B9BE930D07E538BC717519A75CDB5B8BD7F6002365582941B"
    "FECF7636"
)
PAYMENT_LINK = (
    "https://www.k-oss.keikenkyo.or.jp/useridmg/pwdInitPay/INIT?key=19865E210E0D6D8C9B5AC0913B9EA"
    "C4E1186B83723E93892CACEF431ECEA56DC85684FD9848E1B88E5EECF072397503EAA64E0B568478BE1A007930D0"
    "B243275"
)
FOOT = """
このメールに返信しても、お問い合わせ頂くことはできません。
ご不明な点等がございましたら、お手数ですが以下のお問い合わせ先までご連絡ください。

お問い合わせ先:
電話:050-3364-0800
軽自動車保有関係手続のワンストップサービス
https://www.k-oss.keikenkyo.or.jp/"""
BULK_GUIDE = f"""一括利用者IDのパスワード初期化依頼を受付けました。
以下のパスワード初期化用URLにアクセスすることでパスワード初期化を完了します。
(*）パスワード初期化用URLの有効期間は24時間です。有効期限が経過した場合は、再度パスワード初期化依頼をしてください。

依頼日時
2019年09月20日 15時57分55秒

パスワード初期化用URL
{BULK_LINK}
{FOOT}"""
PAYMENT_GUIDE = f"""納付利用者IDのパスワード初期化依頼を受付けました。
以下のパスワード初期化用URLにアクセスすることでパスワード初期化を完了します。
(*パスワード初期化用URLの有効期間は依頼日時から24時間です。有効期限が経過した場合は、再度パスワード初期化依頼をしてください。)

依頼日時
2019年09月24日 11時35分34秒

パスワード初期化用URL
{PAYMENT_LINK}
{FOOT}"""
COMPLETED = """{label}IDのパスワード初期化が完了しました。

{label}ID
{user_id}

完了日時
2019年09月24日 11時40分00秒

お心当たりがない場合は、すぐに下記のお問い合わせ先までご連絡ください。
"""
PROFILE = """利用者情報の変更登録が完了しました。

受付番号
20190924-01234567

納付利用者ID
KNCA6288

変更日時
2019年09月24日 10時08分00秒

変更した項目
{items}

{more}お心当たりがない場合は、すぐに下記のお問い合わせ先までご連絡ください。
"""
OLD_ADDRESS = """利用者管理用メールアドレスが変更されたため、変更前のメールアドレスにもお知らせしています。
今後のお知らせは、変更後のメールアドレスに送信されます。

"""
CHANGED = f"""納付利用者パスワードの変更が完了しました。

納付利用者ID
KNCA6288

変更日時
2019年09月24日 10時08分00秒

お心当たりがない場合は、ログイン画面の「パスワード初期化」で新しいパスワードを設定し、
下記のお問い合わせ先までご連絡ください。
{FOOT}"""
RETURNED = f"""届出書に不備がありました。マイページから作り直してください。

整理番号
0123-456-789

不備の内容
支店名と口座番号が合いません。

お心当たりがない場合は、下記のお問い合わせ先までご連絡ください。
{FOOT}"""

ISSUE_GUIDE = """利用者ID発行の依頼を受付けました。
以下の利用者ID発行用URLにアクセスし、引き続き利用者IDの発行を行ってください。
(*)利用者ID発行用URLの有効期間は依頼日時から24時間です。有効期限が経過した場合は、再度依頼をしてください。

依頼日時
2019年09月20日 15時57分55秒

利用者ID発行用URL
https://www.k-oss.keikenkyo.or.jp/useridmg/issue/INIT?key=00

{known}お心当たりがない場合は、このメールを削除してください。手続を続けなければ、利用者IDは発行されません。
"""
KNOWN = """このメールアドレスは、すでに次の利用者IDの利用者管理用メールアドレスとして登録されています。
・納付利用者ID KNCA6288 一括利用者ID KICA6288
・納付利用者ID KNCA10000 一括利用者ID KICA10000
{more}登録済みの利用者IDをお使いになる場合、新たに発行する必要はありません。
パスワードをお忘れの場合は、ログイン画面の「パスワード初期化」から手続してください。
別の利用者IDが必要な場合は、上記のURLから発行できます。

"""
ISSUED = f"""利用者IDの発行が完了しました。

納付利用者ID
KNCA6288

一括利用者ID
KICA6288

受付番号
20190924-01234567

発行日時
2019年09月24日 10時08分00秒

マイページには、納付利用者IDと、お決めになった納付利用者パスワードでログインしてください。
https://www.k-oss.keikenkyo.or.jp/useridmg/login

このメールは大切に保管してください。パスワードは、このメールには記載していません。窓口でもお調べできません。
お心当たりがない場合は、すぐに下記のお問い合わせ先までご連絡ください。
{FOOT}"""


EXPIRES = f"""納付利用者パスワードの有効期限が近づいています。
有効期限までに、パスワードを変更してください。

納付利用者ID
KNCA6288

有効期限
{{at}}

変更するときは、ポータルサイトからマイページログイン画面に進み、「パスワード変更」を選んでください。
(*)有効期限を過ぎた場合は、ログインすると、自動的にパスワード変更の画面に移ります。
(*)すでに変更された場合は、何もする必要はありません。
(*)安全のため、このメールにはパスワードを入力する画面のURLを記載していません。
{FOOT}"""
FAILURES = f"""納付利用者パスワードの入力の誤りが、5回以上続いています。

納付利用者ID
KNCA6288

最後に誤りがあった日時
{{at}}

パスワードをお忘れの場合は、マイページログイン画面の「パスワード初期化」で新しいパスワードを設定してください。
お心当たりがない場合は、第三者がログインを試みた可能性があります。誤ったパスワードではログインできません。
ほかのサービスと同じパスワードをお使いの場合は、マイページログイン画面の「パスワード変更」で変更してください。
(*)このご連絡は、誤りが続いても1日に1通です。
{FOOT}"""
NEW_DEVICE = f"""これまでに使用されたことのない端末から、マイページへのログインがありました。

納付利用者ID
KNCA6288

ログイン日時
{{at}}

端末
Chrome（Windows）

接続元のアドレス
198.51.100.4

ご自身でログインされた場合は、何もする必要はありません。ブラウザーのCookieを削除した後のログインについても、このご連絡を送信しています。
お心当たりがない場合は、すぐにマイページログイン画面の「パスワード変更」でパスワードを変更し、
下記のお問い合わせ先までご連絡ください。変更すると、すべての端末がログアウトします。
{FOOT}"""


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    """Give settings as in the manual."""
    return parts.settings(tmp_path)


def at(moment: str) -> int:
    """Read a moment in Japan."""
    return clock.parse_iso(moment)


def test_every_mail_of_the_product_is_compared_here() -> None:
    """A mail added later must come here too."""
    written = {
        name
        for name, function in vars(messages).items()
        if inspect.isfunction(function) and not name.startswith("_")
        and function.__module__ == messages.__name__
    }  # fmt: skip
    assert written == {
        "reset_guide", "reset_completed", "profile_changed", "password_changed",
        "issue_guide", "issued", "direct_debit",
        "password_expires", "many_failures", "new_device",
        "retired", "confirm_email", "access",
    }  # fmt: skip


def test_the_guide_for_the_bulk_password_is_the_manuals(site: Settings) -> None:
    """Manual, chapter 4: the URL alone on its line, 24時間 without a beginning."""
    mail = messages.reset_guide(
        site, CredentialKind.BULK, TO, BULK_LINK, asked_at=at("2019-09-20T15:57:55")
    )
    assert mail == Message(TO, "【軽自動車OSS】一括利用者パスワード初期化ご案内", BULK_GUIDE)


def test_the_guide_for_the_payment_password_is_the_manuals(site: Settings) -> None:
    """Manual, chapter 6: 依頼日時から24時間."""
    mail = messages.reset_guide(
        site, CredentialKind.PAYMENT, TO, PAYMENT_LINK, asked_at=at("2019-09-24T11:35:34")
    )
    assert mail == Message(TO, "【軽自動車OSS】納付利用者パスワード初期化ご案内", PAYMENT_GUIDE)


def test_the_guide_names_the_life_of_the_link_as_it_is_set(tmp_path: Path) -> None:
    """Somebody who shortens it must not promise a day."""
    site = parts.settings(tmp_path, MYPAGE_RESET_LINK_HOURS="2")
    mail = messages.reset_guide(site, CredentialKind.PAYMENT, TO, PAYMENT_LINK, asked_at=0)
    assert "有効期間は依頼日時から2時間です。" in mail.body
    assert "24" not in mail.body.partition("依頼日時\n")[0]


@pytest.mark.parametrize(
    ("kind", "user_id", "label"),
    [
        (CredentialKind.PAYMENT, "KNCA6288", "納付利用者"),
        (CredentialKind.BULK, "KICA6288", "一括利用者"),
    ],
)
def test_a_completed_reset_is_told(
    site: Settings, kind: CredentialKind, user_id: str, label: str
) -> None:
    """Which ID, when, and what to do when it was somebody else."""
    mail = messages.reset_completed(site, kind, TO, user_id, at=at("2019-09-24T11:40:00"))
    body = COMPLETED.format(label=label, user_id=user_id) + FOOT
    assert mail == Message(TO, f"【軽自動車OSS】{label}パスワード初期化完了のご連絡", body)


@pytest.mark.parametrize(
    ("labels", "items"),
    [
        (["会社・団体名", "代表者名"], "・会社・団体名\n・代表者名"),
        ([], "変更はありません。"),
    ],
)
@pytest.mark.parametrize("to_old_address", [False, True])
def test_a_changed_profile_is_told(
    site: Settings, labels: list[str], items: str, to_old_address: bool
) -> None:
    """Which items, never their values; the old address learns why it is written to."""
    mail = messages.profile_changed(
        site, TO, "KNCA6288", NUMBER, labels, at=at("2019-09-24T10:08:00"),
        to_old_address=to_old_address,
    )  # fmt: skip
    body = PROFILE.format(items=items, more=OLD_ADDRESS if to_old_address else "") + FOOT
    assert mail == Message(TO, "【軽自動車OSS】利用者情報変更登録完了のご連絡", body)


def test_a_changed_password_is_told(site: Settings) -> None:
    """When, and the way out when it was somebody else."""
    mail = messages.password_changed(site, TO, "KNCA6288", at=at("2019-09-24T10:08:00"))
    assert mail == Message(TO, "【軽自動車OSS】納付利用者パスワード変更完了のご連絡", CHANGED)


@pytest.mark.parametrize(
    ("pairs", "more", "known"),
    [
        ([], False, ""),
        ([("KNCA6288", "KICA6288"), ("KNCA10000", "KICA10000")], False, KNOWN.format(more="")),
        (
            [("KNCA6288", "KICA6288"), ("KNCA10000", "KICA10000")],
            True,
            KNOWN.format(more="・ほかにも登録があります。\n"),
        ),
    ],
)
def test_the_guide_for_an_issue_lists_what_the_address_has(
    site: Settings, pairs: list[tuple[str, str]], more: bool, known: str
) -> None:
    """The URL alone on its line; IDs that exist, and what to do with them."""
    link = "https://www.k-oss.keikenkyo.or.jp/useridmg/issue/INIT?key=00"
    asked_at = at("2019-09-20T15:57:55")
    mail = messages.issue_guide(site, TO, link, pairs, more=more, asked_at=asked_at)
    body = ISSUE_GUIDE.format(known=known) + FOOT
    assert mail == Message(TO, "【軽自動車OSS】利用者ID発行ご案内", body)


def test_an_issue_is_told(site: Settings) -> None:
    """Both IDs, the 受付番号, where to log in; no password."""
    mail = messages.issued(site, TO, "KNCA6288", "KICA6288", NUMBER, at=at("2019-09-24T10:08:00"))
    body = ISSUED.replace("https://www.k-oss.keikenkyo.or.jp/useridmg", f"{site.base_url}/useridmg")
    assert mail == Message(TO, "【軽自動車OSS】利用者ID発行完了のご連絡", body)


def test_the_end_of_a_password_is_announced(site: Settings) -> None:
    """Until when, and how to change it, without a link to be clicked."""
    mail = messages.password_expires(site, TO, "KNCA6288", ends_at=at("2019-11-23T10:08:00"))
    body = EXPIRES.format(at="2019年11月23日 10時08分00秒")
    assert mail == Message(TO, "【軽自動車OSS】納付利用者パスワード有効期限のご連絡", body)


def test_wrong_passwords_are_told(site: Settings) -> None:
    """How many, when the last one was, and what to do in either case."""
    mail = messages.many_failures(site, TO, "KNCA6288", number=5, at=at("2019-09-24T10:08:00"))
    body = FAILURES.format(at="2019年09月24日 10時08分00秒")
    assert mail == Message(TO, "【軽自動車OSS】納付利用者パスワードの入力誤りのご連絡", body)


def test_a_new_device_is_told(site: Settings) -> None:
    """When, with what, from where, and what to do if it was somebody else."""
    mail = messages.new_device(
        site, TO, "KNCA6288", browser="Chrome（Windows）", network="198.51.100.4",
        at=at("2019-09-24T10:08:00"),
    )  # fmt: skip
    body = NEW_DEVICE.format(at="2019年09月24日 10時08分00秒")
    assert mail == Message(TO, "【軽自動車OSS】新しい端末からのログインのご連絡", body)


def test_a_mail_is_no_page(site: Settings) -> None:
    """Plain text is not escaped: & stays & in a link and a label."""
    mail = messages.reset_guide(site, CredentialKind.BULK, TO, "https://a.jp/?a=1&b=2", asked_at=0)
    assert "https://a.jp/?a=1&b=2\n" in mail.body
    mail = messages.profile_changed(site, TO, "KNCA6288", NUMBER, ["A&B<C>"], at=0)
    assert "・A&B<C>\n" in mail.body


def test_a_step_of_direct_debit_names_form_and_reason(site: Settings) -> None:
    """What happened, which form, what is wrong with it; never an account number."""
    said, facts = "届出書に不備がありました。マイページから作り直してください。", [
        ("整理番号", "0123-456-789"),
        ("不備の内容", "支店名と口座番号が合いません。"),
    ]  # fmt: skip
    mail = messages.direct_debit(site, TO, "国庫金ダイレクト納付口座届出書返却", said, facts)
    subject = "【軽自動車OSS】国庫金ダイレクト納付口座届出書返却のご連絡"
    assert mail == Message(TO, subject, RETURNED)


def test_the_mail_about_a_retired_id_names_both(site: Settings) -> None:
    """And what to do for another one."""
    mail = messages.retired(site, TO, "KNCA6288", "KICA6288", at=at("2019-09-24T10:08:00"))
    assert mail.subject == "【軽自動車OSS】利用者ID廃止のご連絡"
    for words in ("KNCA6288", "KICA6288", "2019年09月24日 10時08分00秒", "新しい利用者IDを発行"):
        assert words in mail.body


ACCESS = """\
利用者IDの利用を{done}しました。

納付利用者ID
KNCA6288

一括利用者ID
KICA6288

{done}日時
2019年09月24日 10時08分00秒

{more}
"""
SHUT = """\
停止中は、この利用者IDではログインできません。パスワード初期化もできません。
利用を再開する場合や、お心当たりがない場合は、下記のお問い合わせ先までご連絡ください。"""
OPENED = """\
パスワードは、停止の前と同じです。パスワードを忘れた場合は、マイページログイン画面の「パスワード初期化」をご利用ください。
お心当たりがない場合は、すぐに下記のお問い合わせ先までご連絡ください。"""


@pytest.mark.parametrize(
    ("what", "done", "more"), [("disabled", "停止", SHUT), ("enabled", "再開", OPENED)]
)
def test_the_mail_about_an_id_that_is_shut_or_opened(
    site: Settings, what: str, done: str, more: str
) -> None:
    """When, which IDs, what it means."""
    mail = messages.access(site, TO, what, "KNCA6288", "KICA6288", at=at("2019-09-24T10:08:00"))
    subject = f"【軽自動車OSS】利用{done}のご連絡"
    assert mail == Message(TO, subject, ACCESS.format(done=done, more=more) + FOOT)
    assert mail.security


CONFIRM = """\
利用者管理用メールアドレスの確認をお願いします。
以下のメールアドレス確認用URLを開き、「確認する」を押してください。ログインは必要ありません。
(*)メールアドレス確認用URLの有効期間は、このメールをお送りしてから7日間です。

メールアドレス確認用URL
{link}

"""


def test_a_new_address_gets_the_link_that_confirms_it(site: Settings) -> None:
    """The words of the completion mail stay as they are; the URL stands alone on its line."""
    link = "https://mypage.example.jp/useridmg/email/INIT?key=AB"
    mail = messages.profile_changed(
        site, TO, "KNCA6288", NUMBER, [], at=at("2019-09-24T10:08:00"), link=link
    )
    more = CONFIRM.format(link=link)
    body = PROFILE.format(items="変更はありません。", more=more) + FOOT
    assert mail == Message(TO, "【軽自動車OSS】利用者情報変更登録完了のご連絡", body)
    again = messages.confirm_email(site, TO, "KNCA6288", link, at=at("2019-09-24T10:08:00"))
    assert again.subject == "【軽自動車OSS】利用者管理用メールアドレス確認のお願い"
    assert again.body.startswith(more)
    assert "\n納付利用者ID\nKNCA6288\n" in again.body
    assert again.body.endswith(FOOT)


def test_what_protects_an_account_may_use_the_reserve(site: Settings) -> None:
    """Resets, passwords, new devices, and the word to an address that is replaced; nothing else."""
    now = at("2019-09-24T10:08:00")
    facts, no_labels = (site, TO, "KNCA6288"), list[str]()
    changed = (*facts, NUMBER, no_labels)
    reserved = [
        messages.reset_guide(site, CredentialKind.BULK, TO, BULK_LINK, asked_at=now),
        messages.reset_completed(site, CredentialKind.BULK, TO, "KICA6288", at=now),
        messages.password_changed(*facts, at=now),
        messages.many_failures(*facts, number=5, at=now),
        messages.new_device(*facts, browser="Chrome", network="198.51.100.4", at=now),
        messages.profile_changed(*changed, at=now, to_old_address=True),
    ]
    others = [
        messages.profile_changed(*changed, at=now),
        messages.confirm_email(*facts, "https://example.jp", at=now),
        messages.password_expires(*facts, ends_at=now),
        messages.issued(*facts, "KICA6288", NUMBER, at=now),
    ]
    assert all(mail.security for mail in reserved)
    assert not any(mail.security for mail in others)
