"""Attacks on what may be mailed to somebody: does the victim still get what matters?"""

import time

from bench.attack.attacks import Attack, network, until
from bench.attack.site import Site
from bench.ground import PASSWORD, address
from bench.journeys import EDIT, EMPTY, KEPT, change_profile
from bench.load import WrongAnswers
from bench.people import Browser
from bench.scale import REQUEST
from bench.stage import LOG_IN, MY_PAGE
from bench.table import Line

VICTIM, ATTACKER = "KNCA0009", "KNCA0002"
HOME, ELSEWHERE = "203.0.113.9", "203.0.113.10"
RESETS, DELIVERED_WITHIN = 3, 10.0
SENT = """
    SELECT COUNT(*) FROM outbox JOIN accounts ON accounts.id = outbox.account_id
     WHERE accounts.payment_user_id = 'KNCA0009' AND outbox.sent_at IS NOT NULL
"""
NEW = "ame-no-hi-no-sanpo-31"
MOST_TO_VICTIM = 60.0  # mails about other accounts in all, whatever is tried


def _flood(site: Site, ends: float) -> list[Line]:
    """Register the victim's address for the attacker's account, and cause as many mails as possible."""
    attacker = site.browser(network(1), 2)
    _take_address(attacker, address(9))
    pressed = 0
    for number in until(ends - 5, 500):
        pressed += 1
        try:
            change_profile(attacker)
        except WrongAnswers:  # 429
            attacker.post("/useridmg/email/resend", {})
            asked = {"user_id": ATTACKER, "admin_email": address(9)}
            site.ask(REQUEST, asked, network=network(number))
    attacker.close()
    mails = [mail for mail in [*site.post.mails] if mail.recipients == [address(9)]]
    wanted = _needed_by_victim(site)
    return [
        Line("tries to cause a mail", pressed),
        Line("mails to the victim caused by the attacker", len(mails), at_most=MOST_TO_VICTIM),
        *wanted,
    ]  # fmt: skip


def _take_address(attacker: Browser, other: str) -> None:
    form = attacker.get(EDIT).at(EDIT)
    typed = {
        **dict.fromkeys(EMPTY, ""),
        **{name: form.field(name) for name in KEPT},
        "kind": "corporate",
        "representative": "軽自　太郎",
        "admin_email": other,
        "admin_email_again": other,
    }
    confirm = attacker.post(form.path, typed).at("/useridmg/profile/confirm")
    done = attacker.post(confirm.path, {"current_password": PASSWORD})
    done.at("/useridmg/profile/complete")


def _needed_by_victim(site: Site) -> list[Line]:
    """Let the victim do what is told by mail; count what arrives."""
    asked = {"user_id": VICTIM, "admin_email": address(9)}
    for number in range(RESETS):  # one after the other: a newer guide takes the place of an older
        site.ask(REQUEST, asked, network=HOME)
        _delivered(site, number + 1)
    home = site.browser(HOME)
    home.post(LOG_IN, {"user_id": VICTIM, "password": PASSWORD}).at(MY_PAGE)
    form = home.get("/useridmg/password/change")
    twice = {"new_password": NEW, "new_password_again": NEW}
    typed = {"user_id": VICTIM, "current_password": PASSWORD, **twice}
    home.post(form.path, {"once": form.field("once"), **typed}).at("/useridmg/password/changed")
    home.close()
    other = site.browser(ELSEWHERE)
    other.post(LOG_IN, {"user_id": VICTIM, "password": NEW}).at(MY_PAGE)
    other.close()
    wanted = RESETS + 2  # the changed password, and the log-in from a new device
    arrived = _delivered(site, wanted)
    return [Line(f"the victim's own mails delivered, of {wanted}", arrived, at_least=wanted)]


def _delivered(site: Site, wanted: int) -> int:
    """Wait for so many mails of the victim's account, but not for ever; count those that were sent."""
    ends = time.perf_counter() + DELIVERED_WITHIN
    while True:
        (sent,) = site.rows(SENT)[0]
        if int(str(sent)) >= wanted or time.perf_counter() >= ends:
            return int(str(sent))
        time.sleep(0.05)


ATTACKS = [Attack("The victim's address under another account", _flood)]
