"""An hour without a mail server, a domain that refuses, certificates that are not trusted."""

import ssl
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from tests.conftest import FrozenClock
from tests.support.certificate import issue
from tests.support.files import file_of
from tests.support.scripted_smtp import ScriptedServer, scripted
from tests.unit import parts
from tests.unit.letters import LETTER, Mailroom
from tests.unit.test_courier_classes import BAD, person, refusing
from web import clock
from web.mail.courier import Courier
from web.mail.mail_server import MailServerDown

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def let_pass(room: Mailroom, courier: Courier, seconds: int) -> None:
    """Let time pass as the background work does, looking again every five seconds."""
    ends = room.clock.at + seconds
    while room.clock.at < ends:
        try:
            while await courier.deliver_due():
                pass
        except MailServerDown:
            pass
        room.clock.advance(5)


@pytest.mark.parametrize("how", ["554 no service", None])
async def test_an_hour_without_a_mail_server_loses_nothing(
    tmp_path: Path, frozen: FrozenClock, how: str | None
) -> None:
    """Then every mail goes once, but the one whose link has died meanwhile, which says so."""
    async with scripted() as server:
        settings = parts.settings(tmp_path, MYPAGE_SMTP_URL=server.url)
        async with parts.opened(file_of(settings)) as database:
            room = Mailroom(database, settings, frozen)
            courier = room.courier
            server.rules["CONNECT"] = lambda _: how
            for number in range(5):
                await room.put(f"{number}", person(number))
            await room.put("guide", LETTER, expires_at=frozen.at + clock.HOUR)
            await let_pass(room, courier, clock.HOUR)
            assert server.connections < 30
            del server.rules["CONNECT"]
            await let_pass(room, courier, 400)
            assert len(server.kept) == len(set(server.kept)) == 5
            rows = {row["once_key"]: row for row in await room.rows()}
            assert rows.pop("guide")["last_error"] == "link expired"
            assert all(row["sent_at"] for row in rows.values())


async def test_a_domain_that_refuses_is_given_up_after_two_days(
    tmp_path: Path, frozen: FrozenClock
) -> None:
    """With its reason; the others were sent at once, and the tries were few."""
    async with scripted() as server:
        settings = parts.settings(tmp_path, MYPAGE_SMTP_URL=server.url)
        async with parts.opened(file_of(settings)) as database:
            room = Mailroom(database, settings, frozen)
            server.rules["RCPT"] = refusing("@refused", "451 not today")
            await room.put("bad", BAD)
            for number in range(3):
                await room.put(f"{number}", person(number))
            courier = room.courier
            await let_pass(room, courier, 5)
            assert len(server.kept) == 3
            for _ in range(60):
                frozen.at = (await room.row("bad"))["next_try_at"]
                await let_pass(room, courier, 5)
            row = await room.row("bad")
            assert (row["last_error"], row["tries"] < 60) == ("SMTP 451", True)
            assert row["dead_at"] - row["next_try_at"] < clock.HOUR
            assert row["sealed"]


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for 127.0.0.1, and the file that trusts it."""
    public, private = folder / "certificate.pem", folder / "key.pem"
    issue(public, private, x509.IPAddress(ip_address("127.0.0.1")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_mail_goes_only_to_a_server_whose_certificate_is_trusted(
    tmp_path: Path,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    trusted: bool,
) -> None:
    """ASVS 12.3.2: whoever answers in the mail server's place gets nothing; the mail stays."""
    context, public = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    async with scripted(context if scheme == "smtps" else None) as server:
        offer_starttls(server, context)
        url = server.url.replace("smtp://", f"{scheme}://")
        settings = parts.settings(tmp_path, MYPAGE_SMTP_URL=url)
        async with parts.opened(file_of(settings)) as database:
            room = Mailroom(database, settings, frozen)
            await room.put("a")
            if trusted:
                assert await room.courier.deliver_due() == 1
            else:
                with pytest.raises(MailServerDown):
                    await room.courier.deliver_due()
            assert len(server.kept) == trusted
            row = await room.row("a")
            assert (row["sealed"] is None, row["dead_at"]) == (trusted, None)


def offer_starttls(server: ScriptedServer, context: ssl.SSLContext) -> None:
    """Let the server offer STARTTLS and take it."""
    server.tls = context
    server.rules["EHLO"] = lambda _: "250-scripted\r\n250 STARTTLS"
    server.rules["STARTTLS"] = lambda _: "220 go on"
