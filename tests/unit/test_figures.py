"""The figures of docs/security.md: other tests take them from the code, so here they stand once as numbers."""

import pytest

from web import background
from web.cli import front, head, waiting
from web.http import middleware
from web.security import judged, pace, passwords, second_throttle, throttle, tries
from web.steps import drafts, receipts
from web.store import devices, second_steps, sessions, shown_errors

MINUTE, DAY = 60, 86_400
FIGURES = {
    "a head, bytes": (head.LONGEST_HEAD, 16 * 1024),
    "lines of a head": (head.MOST_LINES, 100),
    "a body, bytes": (middleware.LARGEST_BODY, 64 * 1024),
    "seconds for a head": (front.HEADER_SECONDS, 10),
    "seconds for a body": (front.BODY_SECONDS, 20),
    "seconds between two requests": (front.IDLE_SECONDS, 5),
    "seconds to read": (front.READ_SECONDS, 60),
    "an answer that takes no slot, bytes": (front.MOST_UNREAD, 256 * 1024),
    "connections that wait": (waiting.MOST, 500),
    "of a network": (waiting.MOST_OF_A_NETWORK, 100),
    "bytes that wait": (waiting.MOST_BYTES, 16 * 1024 * 1024),
    "new passwords judged": (judged.JUDGINGS, 300),
    "in seconds": (judged.JUDGINGS_WINDOW, 10 * MINUTE),
    "networks that are remembered": (judged.MOST_NETWORKS, 100_000),
    "live checks of a network at once": (tries.JUDGED_AT_ONCE_BY_NETWORK, 2),
    "live checks in all": (tries.JUDGED_AT_ONCE, 16),
    "seconds that a refusal is kept back": (tries.LINGER, 0.5),
    "passwords that wait, by core": (passwords.QUEUE_PER_THREAD, 32),
    "new passwords that wait": (passwords.MOST_JUDGED, 64),
    "a beat, seconds": (pace.BEAT, 0.01),
    "free tries": (throttle.FREE_TRIES, 5),
    "seconds until failures are forgotten": (throttle.FORGOTTEN_AFTER, 15 * MINUTE),
    "of an ID": (throttle.ID_FORGOTTEN_AFTER, 365 * DAY),
    "a device is known, seconds": (throttle.DEVICE_LIFE, 400 * DAY),
    "wrong codes in a row": (second_throttle.TRIES, 100),
    "log-ins that strangers begin": (second_throttle.MOST_PENDING, 20),
    "steps of an owner": (second_steps.PER_OWNER, 40),
    "devices of an owner": (devices.PER_OWNER, 50),
    "log-ins of an account": (sessions.PER_ACCOUNT, 500),
    "error numbers of an account": (shown_errors.PER_ACCOUNT, 50),
    "drafts of an owner": (drafts.PER_OWNER, 20),
    "of them unchecked": (drafts.UNCHECKED_PER_OWNER, 5),
    "their bytes": (drafts.BYTES_PER_OWNER, 256 * 1024),
    "a draft is kept, seconds": (drafts.KEPT, DAY),
    "a receipt": (receipts.KEPT, 30 * DAY),
    "a mailed URL": (background.LINKS_KEPT, 30 * DAY),
    "a mail": (background.MAILS_KEPT, 90 * DAY),
}


@pytest.mark.parametrize("what", FIGURES)
def test_a_figure_is_what_is_written_down(what: str) -> None:
    """Whoever changes one changes the documents, too."""
    found, written = FIGURES[what]
    assert found == written


def test_a_judged_password_takes_short_turns() -> None:
    """A tenth of the usual, at most."""
    assert passwords.SHORT_TURN <= passwords.TURN / 10
