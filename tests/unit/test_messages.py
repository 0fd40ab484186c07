"""Every mail: the two guides as the manual prints them, ours by what they have to tell."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        "retired", "confirm_email", "access", "factors", "factor_reset", "factor_code", "factor_from",
        "report_closed",
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


AT = "2019-09-24T10:08:00"
WHEN = "2019年09月24日 10時08分00秒"
OLD_ADDRESS = (
    "利用者管理用メールアドレスが変更されたため、変更前のメールアドレスにもお知らせしています。"
)
KNOWN = (
    "このメールアドレスは、すでに次の利用者IDの利用者管理用メールアドレスとして登録されています。"
)
CONFIRM = "利用者管理用メールアドレスの確認をお願いします。"
ISSUE_LINK = "https://www.k-oss.keikenkyo.or.jp/useridmg/issue/INIT?key=00"


@dataclass(frozen=True)
class Told:
    """A mail of ours, its subject, lines that stand in it, and words that do not."""

    mail: Callable[[Settings], Message]
    subject: str
    lines: tuple[str, ...]
    never: tuple[str, ...] = ()


def reset_done(kind: CredentialKind, user_id: str) -> Callable[[Settings], Message]:
    """Write of a password that was set by a mailed URL."""
    return lambda site: messages.reset_completed(site, kind, TO, user_id, at=at(AT))


def profile(*labels: str, **more: Any) -> Callable[[Settings], Message]:
    """Write of a changed profile."""
    return lambda site: messages.profile_changed(
        site, TO, "KNCA6288", NUMBER, labels, at=at(AT), **more
    )


def guide(*pairs: tuple[str, str], more: bool = False) -> Callable[[Settings], Message]:
    """Write the guide for an issue to an address that has these IDs."""
    return lambda site: messages.issue_guide(
        site, TO, ISSUE_LINK, pairs, more=more, asked_at=at(AT)
    )


def returned(site: Settings) -> Message:
    """Write that a 届出書 came back."""
    facts = [("整理番号", "0123-456-789"), ("不備の内容", "支店名と口座番号が合いません。")]
    said = "届出書に不備がありました。マイページから再度作成してください。"
    return messages.direct_debit(site, TO, "国庫金ダイレクト納付口座届出書返却", said, facts)


TOLD = {
    "a completed reset": Told(
        reset_done(CredentialKind.PAYMENT, "KNCA6288"),
        "納付利用者パスワード初期化完了のご連絡",
        ("納付利用者IDのパスワード初期化が完了しました。", "KNCA6288", WHEN),
    ),
    "a completed reset of the bulk password": Told(
        reset_done(CredentialKind.BULK, "KICA6288"),
        "一括利用者パスワード初期化完了のご連絡",
        ("一括利用者IDのパスワード初期化が完了しました。", "KICA6288", WHEN),
        never=("納付利用者",),
    ),
    "a changed profile": Told(
        profile("会社・団体名", "代表者名"),
        "利用者情報変更登録完了のご連絡",
        (
            "利用者情報の変更登録が完了しました。",
            NUMBER,
            "KNCA6288",
            WHEN,
            "・会社・団体名",
            "・代表者名",
        ),
        never=(OLD_ADDRESS, CONFIRM, "変更はありません。"),
    ),
    "a profile that was saved as it was": Told(
        profile(), "利用者情報変更登録完了のご連絡", ("変更はありません。",)
    ),
    "a changed profile, to the old address": Told(
        profile("代表者名", to_old_address=True),
        "利用者情報変更登録完了のご連絡",
        (OLD_ADDRESS, "・代表者名"),
    ),
    "a changed profile, to an address that is to be confirmed": Told(
        profile(link=ISSUE_LINK), "利用者情報変更登録完了のご連絡", (CONFIRM, ISSUE_LINK, NUMBER)
    ),
    "the URL that confirms an address, once more": Told(
        lambda site: messages.confirm_email(site, TO, "KNCA6288", ISSUE_LINK, at=at(AT)),
        "利用者管理用メールアドレス確認のお願い",
        (CONFIRM, ISSUE_LINK, "KNCA6288"),
    ),
    "a changed password": Told(
        lambda site: messages.password_changed(site, TO, "KNCA6288", at=at(AT)),
        "納付利用者パスワード変更完了のご連絡",
        ("納付利用者パスワードの変更が完了しました。", "KNCA6288", WHEN),
    ),
    "a guide for an issue": Told(
        guide(),
        "利用者ID発行ご案内",
        ("利用者ID発行の依頼を受付けました。", WHEN, ISSUE_LINK),
        never=(KNOWN,),
    ),
    "a guide for an issue to an address with IDs": Told(
        guide(("KNCA6288", "KICA6288"), ("KNCA10000", "KICA10000")),
        "利用者ID発行ご案内",
        (
            KNOWN,
            "・納付利用者ID KNCA6288 一括利用者ID KICA6288",
            "・納付利用者ID KNCA10000 一括利用者ID KICA10000",
        ),
        never=("ほかにも登録",),
    ),
    "a guide for an issue to an address with many IDs": Told(
        guide(("KNCA6288", "KICA6288"), more=True),
        "利用者ID発行ご案内",
        (KNOWN, "・ほかにも登録があります。"),
    ),
    "an issue": Told(
        lambda site: messages.issued(site, TO, "KNCA6288", "KICA6288", NUMBER, at=at(AT)),
        "利用者ID発行完了のご連絡",
        ("KNCA6288", "KICA6288", NUMBER, WHEN),
    ),
    # no URL of a screen that asks for a password: people who are used to it follow those of phishing
    "the end of a password": Told(
        lambda site: messages.password_expires(site, TO, "KNCA6288", ends_at=at(AT)),
        "納付利用者パスワード有効期限のご連絡",
        ("納付利用者パスワードの有効期限が近づいています。", "KNCA6288", WHEN),
        never=("useridmg",),
    ),
    "wrong passwords": Told(
        lambda site: messages.many_failures(site, TO, "KNCA6288", number=5, at=at(AT)),
        "納付利用者パスワードの入力誤りのご連絡",
        ("納付利用者パスワードの入力誤りが、5回以上続いています。", "KNCA6288", WHEN),
    ),
    "a new device": Told(
        lambda site: messages.new_device(
            site, TO, "KNCA6288", browser="Chrome（Windows）", network="198.51.100.4", at=at(AT)
        ),
        "新しい端末からのログインのご連絡",
        ("KNCA6288", WHEN, "Chrome（Windows）", "198.51.100.4"),
    ),
    "a 届出書 that came back": Told(
        returned,
        "国庫金ダイレクト納付口座届出書返却のご連絡",
        (
            "届出書に不備がありました。マイページから再度作成してください。",
            "0123-456-789",
            "支店名と口座番号が合いません。",
        ),
    ),
    "an ID that was shut": Told(
        lambda site: messages.access(site, TO, "disabled", "KNCA6288", "KICA6288", at=at(AT)),
        "利用停止のご連絡",
        ("利用者IDの利用を停止しました。", "KNCA6288", "KICA6288", "停止日時", WHEN),
    ),
    "an ID that was opened again": Told(
        lambda site: messages.access(site, TO, "enabled", "KNCA6288", "KICA6288", at=at(AT)),
        "利用再開のご連絡",
        ("利用者IDの利用を再開しました。", "KNCA6288", "KICA6288", "再開日時", WHEN),
    ),
    "a retired ID": Told(
        lambda site: messages.retired(site, TO, "KNCA6288", "KICA6288", at=at(AT)),
        "利用者ID廃止のご連絡",
        ("KNCA6288", "KICA6288", WHEN),
    ),
}


@pytest.mark.parametrize("about", TOLD)
def test_a_mail_of_ours_tells_what_happened_and_whom_to_ask(site: Settings, about: str) -> None:
    """Which ID, when, each fact on a line of its own; what to do if it was somebody else."""
    told = TOLD[about]
    mail = told.mail(site)
    assert (mail.to, mail.subject) == (TO, f"【軽自動車OSS】{told.subject}")
    assert set(told.lines) <= set(mail.body.splitlines())
    assert [words for words in told.never if words in mail.body] == []
    assert (
        "お心当たりがない場合は" in mail.body
        or "廃止" in mail.subject
        or "有効期限" in mail.subject
    )
    assert mail.body.endswith(FOOT)


def test_an_issue_says_where_to_log_in(site: Settings) -> None:
    """The address of this installation."""
    mail = messages.issued(site, TO, "KNCA6288", "KICA6288", NUMBER, at=at(AT))
    assert f"\n{site.base_url}/useridmg/login\n" in mail.body


def test_a_mail_is_no_page(site: Settings) -> None:
    """Plain text is not escaped: & stays & in a link and a label."""
    mail = messages.reset_guide(site, CredentialKind.BULK, TO, "https://a.jp/?a=1&b=2", asked_at=0)
    assert "https://a.jp/?a=1&b=2\n" in mail.body
    mail = messages.profile_changed(site, TO, "KNCA6288", NUMBER, ["A&B<C>"], at=0)
    assert "・A&B<C>\n" in mail.body


def test_the_mail_about_factors_says_what_and_whom_to_call(site: Settings) -> None:
    """What happened, and what to do if it was somebody else."""
    said = "認証アプリ「花子」を登録しました。"
    mail = messages.factors(site, TO, "KNCA6288", said, at=at("2019-09-24T10:08:00"))
    assert (mail.subject, mail.protects) == (
        "【軽自動車OSS】ログインの方法についてのご連絡",
        "factors:%",
    )
    for words in (said, "KNCA6288", "2019年09月24日 10時08分00秒", "すぐにご連絡ください"):
        assert words in mail.body


def test_the_mail_about_a_release_says_when_and_how_to_stop_it(site: Settings) -> None:
    """The URL stands alone on its line; whoever has asked for it need do nothing."""
    due, link = at("2019-09-25T10:08:00"), "http://127.0.0.1:8000/useridmg/factors/stop/INIT?key=AB"
    mail = messages.factor_reset(site, TO, "KNCA6288", link, due_at=due, at=due - 86_400)
    assert (mail.subject, mail.protects) == (
        "【軽自動車OSS】確認手段の解除のご連絡",
        "factor_reset:%",
    )
    for words in ("KNCA6288", "2019年09月25日 10時08分00秒", f"\n{link}\n", "手続は不要です"):
        assert words in mail.body


def test_the_mail_with_a_code_says_what_it_is_for_and_that_nobody_is_told_it(
    site: Settings,
) -> None:
    """The code stands alone on its line; the mail has no link."""
    mail = messages.factor_code(site, TO, "KNCA6288", "01234567", at=at("2019-09-24T10:08:00"))
    assert (mail.subject, mail.protects) == ("【軽自動車OSS】確認コードのご連絡", "factor_code:%")
    for words in ("\n01234567\n", "KNCA6288", "10分間", "教えないでください"):
        assert words in mail.body
    assert "useridmg" not in mail.body


def test_the_mail_that_announces_the_day_has_no_link(site: Settings) -> None:
    """People who are used to such links also follow those of a phishing mail."""
    mail = messages.factor_from(site, TO, "KNCA6288", day="2027年4月1日")
    assert mail.subject == "【軽自動車OSS】二段階の確認についてのお知らせ"
    assert mail.body.startswith("2027年4月1日から、")
    assert "useridmg" not in mail.body


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
    assert [mail.protects for mail in reserved] == [
        "reset_guide:%", "reset_completed:%", "password_change:%", "failures:%", "new_device:%", "profile:%:old"
    ]  # fmt: skip
    assert not any(mail.protects for mail in others)


def test_the_mail_of_a_closed_case_names_the_case_and_not_what_was_noted(site: Settings) -> None:
    """Number and both moments, and where its state is seen."""
    mail = messages.report_closed(
        site, TO, "KNCA6288", "20260921-12345678", at("2026-09-21T09:00"), at=at("2026-09-22T10:30")
    )
    assert mail.protects
    for words in (
        "20260921-12345678",
        "2026年09月21日 09時00分",
        "2026年09月22日 10時30分",
        "「操作履歴」",
    ):
        assert words in mail.body
