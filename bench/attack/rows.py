"""Attacks that fill the disk: whatever can be written again and again."""

from urllib.parse import urlsplit

from bench.attack.attacks import Attack, network, until
from bench.attack.site import Site
from bench.ground import PASSWORD, PEOPLE
from bench.journeys import EDIT
from bench.people import Browser, Page
from bench.stage import LOG_IN, MY_PAGE
from bench.table import Line
from tests.support.debits import ACCOUNT

MOST = 3_000  # requests
NAMES = ("individual_kana", "individual_name", "corporate_kana", "corporate_name", "representative")
TERMS = "/useridmg/issue/terms"
DEBIT = "/useridmg/debit/national"
SESSIONS = 500 + PEOPLE
MOST_WRITTEN = 60  # audit rows: the first twenty of each kind, then ever fewer


def _filled(number: int) -> dict[str, str]:
    """Fill every field of 利用者情報 with other letters each time, 50 KB in all."""
    return dict.fromkeys(NAMES, f"{number:04}" * 2_500)


def _drafts(site: Site, ends: float) -> list[Line]:
    """Press 次へ again and again, in one flow and in new ones."""
    someone, path = site.browser(network(1), 1), ""
    for number in until(ends, MOST):
        if number % 20 == 0:
            path = someone.get(EDIT).at(EDIT).path
        someone.post(path, {"kind": "corporate", "version": "1", **_filled(number)})
    someone.close()
    return [_rows(site, "drafts", at_most=20)]


def _drafts_of_an_issuance(site: Site, ends: float) -> list[Line]:
    """Do the same without any account, by the mailed URL of a 利用者ID発行."""
    stranger = site.browser(network(1))
    asked = stranger.post(TERMS, {"agreed": "yes"})
    typed = {"email": "dare@example.net", "email_again": "dare@example.net"}
    stranger.post(asked.path, typed).at("/useridmg/issue/requested")
    link = urlsplit(site.mails("issue/INIT", 1, within=10)[0].link)
    form = stranger.get(f"{link.path}?{link.query}").at("/useridmg/issue/profile")
    for number in until(ends, MOST):
        stranger.post(form.path, {"kind": "corporate", **_filled(number)})
    stranger.close()
    return [_rows(site, "drafts", at_most=20)]


def _unknown_ids(site: Site, ends: float) -> list[Line]:
    """Try IDs that nobody has, from networks without number."""
    tried = 0
    for number in until(ends, MOST):
        typed = {"user_id": f"KNCA7{number:05}", "password": "umi-to-yama-to-sora"}
        tried += site.ask(LOG_IN, typed, network=network(number)).status == 303  # noqa: PLR2004
    return [
        Line("IDs that nobody has, tried", tried),
        Line("rows of the audit trail", _written(site), at_most=1),
    ]


def _logging_in(site: Site, ends: float) -> list[Line]:
    """Log in and out with one's own password, as a new device each time."""
    done = 0
    for number in until(ends, MOST):
        someone = site.browser(network(number % 5))
        page = someone.post(LOG_IN, {"user_id": "KNCA0002", "password": PASSWORD})
        done += page.path == MY_PAGE
        if page.path == MY_PAGE and number % 2:
            someone.post("/useridmg/leave", {})
        someone.close()
    return [
        Line("log-ins", done),
        _rows(site, "sessions", at_most=SESSIONS),
        _rows(site, "devices", at_most=50),
        Line("rows of the audit trail", _written(site), at_most=MOST_WRITTEN),
    ]


def _mandates(site: Site, ends: float) -> list[Line]:
    """Make a 届出書 and take it back."""
    someone, made = site.browser(network(1), 1), 0
    for _ in until(ends, MOST):
        page = _made(someone)
        if page.path.partition("?")[0] != f"{DEBIT}/new/complete":
            continue
        made += 1
        number = site.rows("SELECT id FROM direct_debit_forms WHERE state = 'made'")[0][0]
        someone.post(f"{DEBIT}/withdraw?form={number}", {"version": "1"})
    someone.close()
    return [Line("届出書 made", made, at_least=1, at_most=20)]


def _made(someone: Browser) -> Page:
    form = someone.get(f"{DEBIT}/new/edit").at(f"{DEBIT}/new/edit")
    hidden = {name: form.field(name) for name in ("version", "procedure")}
    return someone.post(someone.post(form.path, {**hidden, **ACCOUNT}).path, {})


def _rows(site: Site, table: str, *, at_most: int) -> Line:
    return Line(f"rows of {table}", _count(site, f"SELECT COUNT(*) FROM {table}"), at_most=at_most)  # noqa: S608 names from here


def _written(site: Site) -> int:
    """Count the audit rows but those of the command that made the accounts."""
    return _count(site, "SELECT COUNT(*) FROM audit WHERE event <> 'accounts.imported'")


def _count(site: Site, sql: str) -> int:
    return int(str(site.rows(sql)[0][0]))


ATTACKS = [
    Attack("Drafts without end, by a log-in", _drafts),
    Attack("Drafts without end, by a mailed URL", _drafts_of_an_issuance),
    Attack("IDs that nobody has", _unknown_ids),
    Attack("Log-ins and devices without end", _logging_in),
    Attack("届出書 made and taken back", _mandates),
]
