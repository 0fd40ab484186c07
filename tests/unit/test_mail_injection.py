"""What people type never becomes a header, whatever is in it (ASVS 1.2.1: CR and LF)."""

import email
import email.policy
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit import parts
from web.fields.email import email as mail_address
from web.fields.email import quoted
from web.fields.field import Refused
from web.fields.kana import kana
from web.fields.names import name
from web.mail import messages
from web.mail.courier import Courier
from web.mail.messages import Message
from web.mail.outbox import PURPOSE
from web.security.vault import Vault
from web.settings import Settings
from web.store.credentials import CredentialKind
from web.store.outbox import Row

pytestmark = pytest.mark.slow

HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
    "content-language", "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip
SUBJECTS = {
    "【軽自動車OSS】一括利用者パスワード初期化ご案内",
    "【軽自動車OSS】納付利用者パスワード初期化ご案内",
    "【軽自動車OSS】一括利用者パスワード初期化完了のご連絡",
    "【軽自動車OSS】納付利用者パスワード初期化完了のご連絡",
    "【軽自動車OSS】利用者情報変更登録完了のご連絡",
    "【軽自動車OSS】納付利用者パスワード変更完了のご連絡",
}
# What email decodes in a To, in the letters that an address has: an encoded word (RFC 2047), and its surroundings.
PIECES = st.sampled_from(
    [
        "=?",
        "?=",
        "?",
        "=",
        "x",
        "utf-8",
        "q",
        "b",
        "Q",
        "_",
        "=0A",
        "=0D=0A",
        "=40",
        "=2C",
        "*",
        "'",
        '"',
        "{",
        "a.b",
        "|",
        "1",
    ]
)
ODD = st.builds(
    lambda pieces: f"{''.join(pieces)}@example.jp", st.lists(PIECES, min_size=1, max_size=12)
)
BREAK = st.sampled_from(
    ["\r\n", "\n", "\r", "\r\n\r\n", "\n ", "\0", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NASTY = st.builds(
    lambda before, line_break, header, after: before + line_break + header + after,
    TEXT,
    BREAK,
    st.sampled_from(["Bcc: evil@example.com", "Subject: x", "", "\r\n<script>"]),
    TEXT,
)
ADDRESSES = st.builds(lambda nasty: f"a{nasty}@example.jp", NASTY) | st.builds(
    lambda nasty: f"a@example.jp{nasty}", NASTY
)
SITE = parts.settings(Path("/nowhere"))
VAULT = Vault(("a secret of the tests that is long enough",))


def written(site: Settings, to: str, nasty: str) -> list[Message]:
    """Write every mail with something nasty in every place that takes a text."""
    return [
        *(messages.reset_guide(site, kind, to, nasty, asked_at=0) for kind in CredentialKind),
        *(messages.reset_completed(site, kind, to, nasty, at=0) for kind in CredentialKind),
        messages.profile_changed(site, to, nasty, nasty, [nasty], at=0, to_old_address=True),
        messages.password_changed(site, to, nasty, at=0),
    ]


def composed(message: Message) -> bytes:
    """Compose a mail as the courier does."""
    content = {"subject": message.subject, "body": message.body}
    sealed = VAULT.seal(PURPOSE, content, bound_to="id")
    row = Row("id", "once", None, "<id@example.jp>", message.to, b"", sealed, 0, None)
    courier = Courier(None, VAULT, SITE)  # type: ignore[arg-type]  # composing needs no database
    return bytes(courier._compose(row))


@given(nasty=NASTY)
def test_no_text_reaches_a_header(nasty: str) -> None:
    """IDs, links, numbers and labels stay in the body, and the subject is one of ours."""
    for message in written(SITE, "k-oss@example.jp", nasty):
        assert message.subject in SUBJECTS
        mail = email.message_from_bytes(composed(message), policy=email.policy.default)
        assert {header.lower() for header in mail.keys()} <= HEADERS  # noqa: SIM118
        assert len(mail.keys()) == len(set(mail.keys()))
        assert mail["To"] == "k-oss@example.jp"


@given(address=ADDRESSES)
def test_an_address_with_a_line_break_is_no_address(address: str) -> None:
    """The field refuses it, so it is never registered and no mail is ever made with it."""
    with pytest.raises(Refused):
        mail_address(address)


@given(address=ADDRESSES, subject=NASTY)
def test_a_line_break_begins_no_header(address: str, subject: str) -> None:
    """Whatever came past the field, or a subject of ours with something typed in it: it is refused, or stays one header."""
    for message in (Message(address, "題名", "本文"), Message("a@example.jp", subject, "本文")):
        try:
            raw = composed(message)
        except ValueError:
            continue
        mail = email.message_from_bytes(raw, policy=email.policy.compat32)
        assert {header.lower() for header in mail.keys()} == HEADERS  # noqa: SIM118
        assert mail.get_payload(decode=True) == b"\xe6\x9c\xac\xe6\x96\x87"


@given(
    address=ODD
    | st.from_regex(r"\A[!-?A-~]{1,64}@example\.jp\Z", alphabet=st.characters(max_codepoint=126))
)
@example("=?x?q?=0A1@example.jp")
@example("=?x?q?a=40=0AReply-To=3Ae?=*@example.jp")
@example("a=?x?q?=0A?=@docomo.ne.jp")
def test_every_address_that_is_taken_is_the_only_one_its_mail_goes_to(address: str) -> None:
    """It is composed, and read again as it is: no encoded word is decoded into a header, and none stops the courier."""
    try:
        taken = mail_address(address)
    except Refused:
        return
    raw = composed(Message(taken, "題名", "本文"))
    head, _, _ = raw.partition(b"\r\n\r\n" if b"\r\n" in raw else b"\n\n")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert {header.lower() for header in mail.keys()} == HEADERS  # noqa: SIM118
    assert [each.addr_spec for each in mail["To"].addresses] == [quoted(taken)]
    assert taken.encode() in head.replace(b"\n ", b"")


@given(nasty=NASTY)
def test_a_name_with_a_line_break_is_no_name(nasty: str) -> None:
    """Names and フリガナ are one line (they stand in no mail, yet on pages and in files)."""
    for convert in (name(60), kana(60)):
        with pytest.raises(Refused):
            convert(f"軽自{nasty}太郎")
