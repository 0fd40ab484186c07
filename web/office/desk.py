"""The first screen of the office: what waits."""

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.banks.directory import banks_age, banks_dated
from web.direct_debit import words
from web.http.access import staff
from web.http.client import services_of
from web.http.render import render
from web.office.accounts.form import SEARCH
from web.office.address.flow import VOIDED
from web.office.factor_reset import flow as factor_reset
from web.office.reports import MOST
from web.security import factor_policy
from web.steps.address_proposals import Why
from web.store import address_changes, direct_debit_forms, outbox, reports
from web.store.direct_debit_forms import OPEN, State
from web.store.staff import Role

SCREEN = "office/desk"
ENDED_SHOWN = 7 * clock.DAY  # so long the desk reads that nobody decided a change of an address


async def show(request: Request) -> Response:
    """Show how many forms wait in which state, and how many mails did not arrive."""
    settings = services_of(request).settings
    async with services_of(request).read() as reads:
        counts = await direct_debit_forms.counts(reads)
        addresses = await address_changes.open_accounts(reads)
        ended = await address_changes.voided_since(reads, clock.now() - ENDED_SHOWN)
        resets = await factor_reset.for_the_desk(reads, clock.now() - ENDED_SHOWN)
        dead = await outbox.dead(reads)
        reported = await reports.waiting(reads, most=MOST)
    waiting = [
        (state, words.STATES[state], words.counted(counts[state]))
        for state in State
        if state in OPEN
    ]
    return render(
        request,
        SCREEN,
        waiting=waiting,
        dead=dead,
        reported=reported,
        addresses=addresses,
        ended=[(each.account_id, each.payment_user_id, VOIDED[Why(each.why)]) for each in ended],
        resets=resets,
        second_from=settings.second_factor_from,
        second_announced=not staff(request).second
        and factor_policy.announced_to_staff(settings, clock.now()),
        may_unlock=staff(request).role.may(Role.ADMIN),
        form=SEARCH.blank(),
        banks_dated=clock.day_style(banks_dated()),
        banks_age=banks_age(clock.now()),
    )
