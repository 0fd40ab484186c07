"""Settings: every default, what a good value becomes, and the few that depend on another."""

import ipaddress
from pathlib import Path

import pytest

from tests.support.files import file_of
from tests.unit.parts import SECRET
from web.settings import BadSetting, Settings, described

NEEDED = {"MYPAGE_SECRET_KEY": SECRET, "MYPAGE_MAIL_FROM": "notice@example.jp"}
HTTPS = {
    **NEEDED,
    "MYPAGE_BASE_URL": "https://mypage.example.jp",
    "MYPAGE_TRUSTED_PROXIES": "10.0.0.1",
    "MYPAGE_CONTACT_PHONE": "050-3364-0800",
    "MYPAGE_PORTAL_URL": "https://www.example.jp/",
}
DEFAULTS = {
    "database_url": "sqlite:///var/mypage.sqlite3",
    "base_url": "http://localhost:8000",
    "host": "127.0.0.1",
    "port": 8000,
    "smtp_url": "smtp://127.0.0.1:1025",
    "requests_at_once": 200,
    "metrics_token": "",
    "mail_overdue_minutes": 15,
    "trusted_proxies": (),
    "texts_dir": "",
    "payment_id_prefix": "KNCA",
    "bulk_id_prefix": "KICA",
    "id_min_digits": 4,
    "password_life_days": 60,
    "password_min_length": 12,
    "password_max_length": 128,
    "reset_link_hours": 24,
    "resets_per_hour": 3,
    "resets_per_day": 10,
    "session_idle_minutes": 30,
    "session_hours": 8,
}


@pytest.mark.parametrize(("name", "value"), DEFAULTS.items(), ids=DEFAULTS)
def test_a_default_is_what_the_specification_says(name: str, value: object) -> None:
    """They hold when nobody sets anything."""
    assert getattr(Settings.from_env(NEEDED), name) == value


@pytest.mark.parametrize("name", NEEDED)
def test_what_only_the_operator_can_know_has_no_default(name: str) -> None:
    """Without a secret or a sender nothing starts, and the line says which is missing."""
    given = {key: value for key, value in NEEDED.items() if key != name}
    with pytest.raises(BadSetting, match=f"^{name}: not set"):
        Settings.from_env(given)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000", None])
def test_on_loopback_telephone_and_portal_are_filled_in(address: str | None) -> None:
    """A trial on one's own machine needs neither."""
    given = NEEDED | ({"MYPAGE_BASE_URL": address} if address else {})
    settings = Settings.from_env(given)
    assert settings.portal_url == settings.base_url
    assert settings.contact_phone


@pytest.mark.parametrize("name", ["MYPAGE_CONTACT_PHONE", "MYPAGE_PORTAL_URL"])
def test_a_public_service_must_say_whom_to_ask(name: str) -> None:
    """On https neither telephone nor portal is made up."""
    assert Settings.from_env(HTTPS).secure
    given = {key: value for key, value in HTTPS.items() if key != name}
    with pytest.raises(BadSetting, match=f"^{name}: not set"):
        Settings.from_env(given)


def test_a_telephone_number_of_ones_own_stays_on_loopback() -> None:
    """What is filled in replaces nothing."""
    settings = Settings.from_env({**NEEDED, "MYPAGE_CONTACT_PHONE": "03-0000-0000"})
    assert settings.contact_phone == "03-0000-0000"


@pytest.mark.parametrize("proxies", [None, "", " , "])
def test_https_without_a_trusted_proxy_stops_the_start(proxies: str | None) -> None:
    """Somebody ends TLS in front of us; believing nobody would make all clients one."""
    given = {key: value for key, value in HTTPS.items() if key != "MYPAGE_TRUSTED_PROXIES"}
    if proxies is not None:
        given["MYPAGE_TRUSTED_PROXIES"] = proxies
    with pytest.raises(BadSetting) as stopped:
        Settings.from_env(given)
    line = str(stopped.value)
    assert line.startswith("MYPAGE_TRUSTED_PROXIES: ")
    assert "allowed: " in line
    assert "\n" not in line


def test_trusted_proxies_are_addresses_and_networks() -> None:
    """Both notations, both families, spaces around the commas."""
    given = {**HTTPS, "MYPAGE_TRUSTED_PROXIES": "10.0.0.1, 192.168.0.0/16 ,2001:db8::/32"}
    assert Settings.from_env(given).trusted_proxies == tuple(
        map(ipaddress.ip_network, ("10.0.0.1/32", "192.168.0.0/16", "2001:db8::/32"))
    )


def test_the_base_url_is_kept_in_one_spelling() -> None:
    """Mailed links begin with it, and Origin is compared with it."""
    given = {**HTTPS, "MYPAGE_BASE_URL": "https://MyPage.Example.jp/"}
    assert Settings.from_env(given).base_url == "https://mypage.example.jp"


def test_a_database_path_may_hold_spaces_and_kanji(tmp_path: Path) -> None:
    """The path is percent-decoded, as in every URL."""
    given = {**NEEDED, "MYPAGE_DATABASE_URL": f"sqlite:///{tmp_path}/a%20b/軽自.sqlite3"}
    assert file_of(Settings.from_env(given)) == tmp_path / "a b" / "軽自.sqlite3"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://mypage@localhost/mypage",
        "postgresql://mypage@127.0.0.1:5433,[::1]:5432,localhost/mypage",
        "postgresql:///mypage?host=/run/postgresql&user=mypage",
        "postgresql://mypage@h1,h2:5433/mypage?sslmode=verify-full&passfile=/etc/mypage/pass",
    ],
)
def test_a_database_may_be_a_servers(url: str) -> None:
    """On loopback or a socket; anywhere else encrypted, and the server certified."""
    given = {**NEEDED, "MYPAGE_DATABASE_URL": url}
    assert Settings.from_env(given).database_url == url


def test_a_secret_key_can_come_from_a_file(tmp_path: Path) -> None:
    """The last line break does not belong to it; `new,old` works there too."""
    file = tmp_path / "secret"
    file.write_text(f"{'n' * 32},{'o' * 32}\n", encoding="utf-8")
    given = {"MYPAGE_MAIL_FROM": "a@example.jp", "MYPAGE_SECRET_KEY_FILE": str(file)}
    assert Settings.from_env(given).secret_key == ("n" * 32, "o" * 32)


def test_a_secret_key_that_is_set_wins_over_the_file(tmp_path: Path) -> None:
    """The file is not even opened."""
    given = {**NEEDED, "MYPAGE_SECRET_KEY_FILE": str(tmp_path / "not there")}
    assert Settings.from_env(given).secret_key == (SECRET,)


def test_a_secret_may_be_any_text_of_32_characters() -> None:
    """Also Japanese."""
    settings = Settings.from_env({**NEEDED, "MYPAGE_SECRET_KEY": "ひみつ" * 11})
    assert settings.secret_key == ("ひみつ" * 11,)


def test_eight_characters_is_the_lowest_floor_of_a_password() -> None:
    """ASVS 6.2.1: an operator may go down to eight, not below."""
    assert Settings.from_env({**NEEDED, "MYPAGE_PASSWORD_MIN_LENGTH": "8"}).password_min_length == 8
    with pytest.raises(BadSetting, match=r"^MYPAGE_PASSWORD_MIN_LENGTH: '7' given; allowed: .*8"):
        Settings.from_env({**NEEDED, "MYPAGE_PASSWORD_MIN_LENGTH": "7"})


def test_the_end_of_passwords_can_be_switched_off() -> None:
    """0 = off."""
    assert Settings.from_env({**NEEDED, "MYPAGE_PASSWORD_LIFE_DAYS": "0"}).password_life_days == 0


def test_every_setting_has_a_name_and_a_meaning() -> None:
    """What `mypage settings` prints has no hole, and no name twice."""
    rows = described()
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)) == len(rows)
    assert [row["name"] for row in rows if not row["meaning"].strip()] == []
    assert [name for name in names if not name.startswith("MYPAGE_")] == []


@pytest.mark.parametrize(
    ("given", "domain", "addresses"),
    [
        ({}, "mypage.example.jp", ("https://mypage.example.jp",)),
        ({"RP_ID": "Example.jp"}, "example.jp", ("https://mypage.example.jp",)),
        (
            {
                "RP_ID": "example.jp",
                "ORIGINS": "https://mypage.example.jp, https://example.jp:8443",
            },
            "example.jp",
            ("https://mypage.example.jp", "https://example.jp:8443"),
        ),
    ],
)
def test_passkeys_belong_to_the_host_that_people_type(
    given: dict[str, str], domain: str, addresses: tuple[str, ...]
) -> None:
    """Or to a domain above it; at other addresses only as they are named."""
    passkeys = {f"MYPAGE_PASSKEY_{name}": value for name, value in given.items()}
    settings = Settings.from_env({**HTTPS, **passkeys})
    assert (settings.passkey_rp_id, settings.passkey_origins) == (domain, addresses)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000"])
def test_an_ip_address_is_no_domain_for_passkeys(address: str) -> None:
    """No browser makes one there."""
    assert Settings.from_env({**NEEDED, "MYPAGE_BASE_URL": address}).passkey_rp_id == ""


def test_a_passkey_of_one_domain_is_of_no_use_at_another() -> None:
    """Such a pair of settings stops the start."""
    given = {**HTTPS, "MYPAGE_PASSKEY_ORIGINS": "https://mypage.example.jp,https://example.org"}
    with pytest.raises(BadSetting, match=r"^MYPAGE_PASSKEY_RP_ID: 'mypage\.example\.jp' given"):
        Settings.from_env(given)
