"""The shipped nginx configuration in front of `mypage serve`, by TLS with a throw-away certificate."""

import contextlib
import re
import socket
import sqlite3
import ssl
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx
import pytest

from tests.e2e.waiting import PATIENCE
from tests.ports import free_port
from tests.support.nginx import HOST, Nginx
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.process import Installation

pytestmark = pytest.mark.slow

AT_ONCE = 2  # requests that the product answers at a time
LOGIN = "/useridmg/login"
HSTS = "max-age=31536000; includeSubDomains"
TOKEN = "a token for the numbers, long enough for it"
Version = ssl.TLSVersion


@dataclass(frozen=True)
class Site:
    """A product and the proxy in front of it."""

    installation: Installation
    nginx: Nginx


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run both, as an operator would."""
    folder = tmp_path_factory.mktemp("site")
    installation = Installation(folder, "smtp://127.0.0.1:1")
    installation.environ |= {
        "MYPAGE_BASE_URL": f"https://{HOST}",
        "MYPAGE_TRUSTED_PROXIES": "127.0.0.1",
        "MYPAGE_CONTACT_PHONE": "050-3364-0800",
        "MYPAGE_PORTAL_URL": "https://www.k-oss.keikenkyo.or.jp/",
        "MYPAGE_REQUESTS_AT_ONCE": str(AT_ONCE),
        "MYPAGE_METRICS_TOKEN": TOKEN,
    }
    installation.create(ALICE)
    served = installation.serve()
    nginx = Nginx(folder, installation.port)
    process = nginx.start()
    try:
        yield Site(installation, nginx)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        assert served.stop() == 0


def test_plain_http_leads_to_the_same_address_by_https(site: Site) -> None:
    """Nothing is shown or taken in clear (ASVS 4.1.2)."""
    address = f"http://127.0.0.1:{site.nginx.plain}{LOGIN}?notice=login"
    for method in ("GET", "POST"):
        answer = httpx.request(method, address, headers={"Host": HOST})
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"https://{HOST}{LOGIN}?notice=login"


def of_version(site: Site, version: Version) -> ssl.SSLContext:
    """Make a client that speaks one version of TLS alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of the old version, which is the point
        context.minimum_version = context.maximum_version = version
    return context


@pytest.mark.parametrize("version", [Version.TLSv1_2, Version.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(site: Site, version: Version) -> None:
    """With forward secrecy and an authenticated cipher (ASVS 12.1.1, 12.1.2)."""
    with site.nginx.connect(of_version(site, version)) as connection:
        assert connection.version() == version.name.replace("_", ".")
        cipher = connection.cipher()
    assert cipher
    assert "GCM" in cipher[0] or "CHACHA20" in cipher[0]
    assert cipher[0].startswith(("ECDHE-", "TLS_"))


@pytest.mark.parametrize("version", [Version.TLSv1, Version.TLSv1_1])
def test_older_tls_is_refused(site: Site, version: Version) -> None:
    """For its version, whatever ciphers the client would put up with."""
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        site.nginx.connect(of_version(site, version))


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"])
def test_ciphers_without_authentication_are_refused(site: Site, cipher: str) -> None:
    """CBC, which padding oracles read (ASVS 12.1.2)."""
    context = of_version(site, Version.TLSv1_2)
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        site.nginx.connect(context)


def test_the_strongest_cipher_is_preferred(site: Site) -> None:
    """Whatever the client names first (ASVS 12.1.2)."""
    context = of_version(site, Version.TLSv1_2)
    context.set_ciphers("ECDHE+AES128+AESGCM:ECDHE+CHACHA20:ECDHE+AES256+AESGCM")
    with site.nginx.connect(context) as connection:
        cipher = connection.cipher()
    assert cipher
    assert "AES256-GCM" in cipher[0]


def test_pages_come_with_hsts_and_log_in_works(site: Site) -> None:
    """The product behind: its headers, its cookies, its pages; nginx does not tell its version."""
    with site.nginx.browser() as browser:
        answer = browser.get(LOGIN)
        assert answer.status_code == 200
        assert "マイページログイン" in answer.text
        assert answer.headers["Strict-Transport-Security"] == HSTS
        assert answer.headers["Server"] == "nginx"
        given = {"user_id": "KNCA6288", "password": ALICE.payment_password}
        entered = browser.post(LOGIN, data=given)
        assert entered.headers["Location"] == "/useridmg/mypage"
        assert "__Host-session=" in entered.headers["Set-Cookie"]


@pytest.mark.parametrize("claimed", ["203.0.113.9", "203.0.113.9, 127.0.0.1", "127.0.0.1"])
def test_a_client_cannot_name_another_address(site: Site, claimed: str) -> None:
    """What it writes into X-Forwarded-For itself is dropped: counters and lists know the real one."""
    with site.nginx.browser("127.0.0.3") as browser:
        given = {"user_id": "KNCA6288", "password": ALICE.payment_password}
        entered = browser.post(LOGIN, data=given, headers={"X-Forwarded-For": claimed})
        assert entered.headers["Location"] == "/useridmg/mypage"
    newest = "SELECT network FROM sessions ORDER BY created_at DESC, rowid DESC LIMIT 1"
    with closing(sqlite3.connect(site.installation.database)) as connection:
        assert connection.execute(newest).fetchone() == ("127.0.0.3",)


def begun(site: Site, *lines: str) -> ssl.SSLSocket:
    """Send the beginning of a request."""
    connection = site.nginx.connect()
    connection.sendall("\r\n".join(lines).encode())
    return connection


HALF_A_FORM = (f"POST {LOGIN} HTTP/1.1", f"Host: {HOST}", "Content-Length: 100",
               "Sec-Fetch-Site: same-origin",
               "Content-Type: application/x-www-form-urlencoded", "", "user_id=KN")  # fmt: skip
HALF_A_HEADER = (f"GET {LOGIN} HTTP/1.1", f"Host: {HOST}", "X-Slow: ")


def test_an_address_has_fifty_connections(site: Site) -> None:
    """Live checks that are refused slowly would take the slots of everybody (docs/security.md); others go on."""
    with contextlib.ExitStack() as open_ones, site.nginx.browser() as browser:
        for number in range(51):
            connection = open_ones.enter_context(site.nginx.connect(address="127.0.0.5"))
            connection.sendall("\r\n".join(HALF_A_FORM).encode())
            connection.settimeout(PATIENCE if number == 50 else 0.01)
            told = b""
            with contextlib.suppress(TimeoutError):
                told = connection.recv(4096)
            assert told.startswith(b"HTTP/1.1 503") is (number == 50), number
        assert browser.get(LOGIN).status_code == 200


def test_forms_that_drip_in_take_no_place_of_others(site: Site) -> None:
    """nginx keeps them until they are whole; the product, with places for two, answers everybody."""
    with contextlib.ExitStack() as open_ones, site.nginx.browser() as browser:
        for _ in range(AT_ONCE * 5):
            open_ones.enter_context(begun(site, *HALF_A_FORM))
        assert [browser.get(LOGIN).status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("half", [HALF_A_FORM, HALF_A_HEADER], ids=["form", "header"])
def test_who_does_not_go_on_is_cut_off(site: Site, half: tuple[str, ...]) -> None:
    """After ten seconds as shipped, one or two here; a 408 may come first."""
    with begun(site, *half) as connection:
        said = b""
        with contextlib.suppress(ssl.SSLEOFError, ConnectionResetError):
            while part := connection.recv(4096):
                said += part
    assert said == b"" or b" 408 " in said.splitlines()[0]


def test_a_client_that_asks_too_fast_is_turned_away_and_others_are_not(site: Site) -> None:
    """Twenty a second, and a hundred beyond; counted by address."""
    with site.nginx.browser("127.0.0.4") as hasty, site.nginx.browser("127.0.0.5") as other:
        told = [hasty.get("/healthz").status_code for _ in range(400)]
        assert other.get("/healthz").status_code == 200
    assert told[:100] == [200] * 100
    assert 503 in told


def test_what_is_too_large_is_refused_before_the_product(site: Site) -> None:
    """Bodies over 64 KiB, announced or not; addresses and headers over 8 KiB."""
    with site.nginx.browser() as browser:
        large = b"x" * 65_537
        answers = {
            413: [browser.post(LOGIN, content=large), browser.post(LOGIN, content=iter([large]))],
            400: [browser.get(LOGIN, headers={"Cookie": "a=" + "b" * 9000})],
            414: [browser.get(LOGIN, params={"a": "b" * 9000})],
        }
    for status, given in answers.items():
        assert [answer.status_code for answer in given] == [status] * len(given)
        assert not any("X-Request-Id" in answer.headers for answer in given)  # the product's mark


def test_what_nginx_answers_itself_is_as_strict_as_the_product(site: Site) -> None:
    """Each header on every answer, and on none twice (ASVS 3.4.1, 3.4.3 to 3.4.6)."""
    with site.nginx.browser("127.0.0.6") as browser:
        answers = [
            browser.get(LOGIN),
            browser.get("/static/none"),
            browser.post(LOGIN, content=b"x" * 65_537),
            browser.get(LOGIN, headers={"Cookie": "a=" + "b" * 9000}),
            browser.get(LOGIN, params={"a": "b" * 9000}),
            browser.get("/metrics"),
        ]
        answers += [
            each
            for each in (browser.get("/healthz") for _ in range(400))
            if each.status_code == 503
        ]
    assert {each.status_code for each in answers} == {200, 404, 413, 400, 414, 503}
    for answer in answers:
        for name in (
            "Strict-Transport-Security",
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cache-Control",
        ):
            assert len(answer.headers.get_list(name)) == 1, (answer, name)
        assert answer.headers["Strict-Transport-Security"] == HSTS
        (policy,) = answer.headers.get_list("Content-Security-Policy")
        for rule in ("default-src", "object-src", "base-uri", "frame-ancestors"):
            assert f"{rule} 'none'" in policy, answer
    for answer in answers:
        if answer.status_code in {413, 503}:
            assert Page(answer).h1 in {"送信された内容が大きすぎます", "ただいま混み合っています"}
            assert re.search("[0-9a-f]{32}", answer.text)
    assert answers[-1].headers.get_list("Retry-After") == ["10"]


def test_a_form_that_is_shown_again_passes_however_much_was_typed(site: Site) -> None:
    """Its cookie has nearly 4 KB, which do not fit into the room that nginx gives by itself."""
    typed = dict.fromkeys(("user_id", "admin_email"), "漢" * 2_000)
    with site.nginx.browser("127.0.0.7") as browser:
        answer = browser.post("/useridmg/pwdInitPay/request", data=typed)
        assert answer.status_code == 303
        assert len(answer.headers["Set-Cookie"]) > 3_500
        assert browser.get(answer.headers["Location"]).status_code == 422


def test_the_log_holds_no_key_and_the_numbers_stay_inside(site: Site) -> None:
    """The mailed key is in the address once; /metrics is not there from outside, with the token neither."""
    with site.nginx.browser() as browser:
        browser.get("/useridmg/pwdInitPay/INIT", params={"key": "AB" * 64})
        asked = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert asked.status_code == 404
    assert "ABAB" not in site.nginx.logged('"GET /useridmg/pwdInitPay/INIT"')


def test_another_host_is_shown_nothing(site: Site) -> None:
    """Host is passed on as it came, and the product knows its own."""
    with site.nginx.browser() as browser:
        assert browser.get(LOGIN, headers={"Host": "evil.example.jp"}).status_code == 400


def test_a_product_that_is_gone_is_a_page_that_says_what_to_do(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """As the product's own 503, in Japanese, with a number that the log has too."""
    nginx = Nginx(tmp_path_factory.mktemp("alone"), free_port())
    process = nginx.start()
    try:
        with nginx.browser() as browser:
            for answer in (browser.get(LOGIN), browser.post(LOGIN, data={"user_id": "KNCA6288"})):
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
                assert answer.headers["Cache-Control"] == "no-store"
                page = Page(answer)
                assert page.h1 == "ただいま混み合っています"
                (number,) = re.findall(r"[0-9a-f]{32}", page.text)
                nginx.logged(number)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def test_the_product_itself_is_not_reached_past_the_proxy(site: Site) -> None:
    """It listens on loopback alone."""
    assert site.installation.environ.get("MYPAGE_HOST", "127.0.0.1") == "127.0.0.1"
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", site.installation.port)) != 0
