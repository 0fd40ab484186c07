"""Addresses that carriers gave their telephones: dots side by side or before the @, and mail reaches them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FrozenClock
from tests.support.post import PostOffice
from tests.unit import parts
from tests.unit.letters import Mailroom
from web.database.sqlite.database import SQLite
from web.fields.email import email, quoted
from web.fields.field import Refused
from web.mail.messages import Message
from web.settings import Settings

pytestmark = pytest.mark.anyio

DOMAINS = [
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "biz.ezweb.ne.jp",
    "au.com",
    "uqmobile.jp",
    "ido.ne.jp",
    "sky.tkk.ne.jp",
    "softbank.ne.jp",
    "i.softbank.jp",
    "vodafone.ne.jp",
    "t.vodafone.ne.jp",
    "jp-t.ne.jp",
    "disney.ne.jp",
    "ymobile.ne.jp",
    "ymobile1.ne.jp",
    "y-mobile.ne.jp",
    "emnet.ne.jp",
    "willcom.com",
    "di.pdx.ne.jp",
]
LOCALS = ["a..b", "a.b.", "a...", "a..b..c", "k-oss..", "x.-.x", "a_b..1-2"]


class Listener(SMTP):
    """Writes down the very words of RCPT."""

    heard: list[str]

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        """Take a recipient as the server does."""
        self.heard.append(arg)
        await super().smtp_RCPT(arg)


class ListeningOffice(PostOffice):
    """A real SMTP server that also tells what stood on the wire."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        super().__init__()

    def served(self) -> SMTP:
        """Serve a connection."""
        served = Listener(self, enable_SMTPUTF8=True)
        served.heard = self.heard
        return served


@pytest.fixture
def listening() -> Iterator[ListeningOffice]:
    """Run the server."""
    office = ListeningOffice()
    office.start()
    yield office
    office.stop()


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_address_of_a_carrier_is_taken_as_it_was_issued(domain: str) -> None:
    """Dots in a row and at the end, in any width, the domain in any case."""
    for local in LOCALS:
        assert email(f"{local}@{domain}") == f"{local}@{domain}"
        assert email(f" {local}@{domain.upper()} ") == f"{local}@{domain}"
        assert quoted(f"{local}@{domain}") in {f'"{local}"@{domain}', f"{local}@{domain}"}
    assert email("ａ．．ｂ．＠" + domain) == f"a..b.@{domain}"


@pytest.mark.parametrize(
    "domain", ["example.jp", "gmail.com", "notdocomo.ne.jp", "docomo.ne.jp.example.jp", "ne.jp"]
)
def test_elsewhere_such_a_dot_is_a_slip(domain: str) -> None:
    """Other servers refuse it, so the form does."""
    for local in ("a..b", "a."):
        with pytest.raises(Refused, match="メールを送信できない"):
            email(f"{local}@{domain}")


def test_a_dot_at_the_beginning_was_never_given_out() -> None:
    """Not by carriers either."""
    with pytest.raises(Refused, match="で始まっています"):
        email(".a@docomo.ne.jp")


def test_an_ordinary_address_is_not_quoted() -> None:
    """Nothing changes for everybody else."""
    for address in ("k-oss@example.jp", "a.b-c_d+e@docomo.ne.jp", "x@au.com"):
        assert quoted(address) == address


async def test_a_mail_reaches_addresses_of_carriers(
    database: SQLite, tmp_path: Path, frozen: FrozenClock, listening: ListeningOffice
) -> None:
    """On the wire and in To the local part stands in quotes; the mail arrives."""
    settings: Settings = parts.settings(
        tmp_path, MYPAGE_SMTP_URL=listening.url, MYPAGE_MAILS_PER_DAY="60"
    )
    mailroom = Mailroom(database, settings, frozen)
    addresses = [f"{local}@{domain}" for local in LOCALS for domain in DOMAINS[:3]]
    addresses.append(f"{'a.' * 32}@softbank.ne.jp")  # the longest local part
    for number, address in enumerate(addresses):
        await mailroom.put(str(number), Message(email(address), "件名", "本文"))
    assert await mailroom.courier.deliver_due() == len(addresses)
    assert listening.heard == [f"TO:<{quoted(each)}>" for each in addresses]
    arrived: list[Any] = [mail.recipients[0].replace('"', "") for mail in listening.mails]
    assert arrived == addresses
    for mail, address in zip(listening.mails, addresses, strict=True):
        to = mail.raw.decode().replace("\r\n ", "").partition("To: ")[2].partition("\r\n")[0]
        assert to == quoted(address)


@given(
    st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9._/?+-]{0,20}", fullmatch=True), st.sampled_from(DOMAINS)
)
def test_whatever_a_carrier_gave_out_comes_back(local: str, domain: str) -> None:
    """As typed, and typed again."""
    address = f"{local}@{domain}"
    assert email(address) == email(email(address)) == address
