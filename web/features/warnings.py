"""Mails that warn: the password ends soon, it was wrong many times in a row, a second factor will be required.

They are found by a background task, never in the request that causes them: the answer to a wrong password
must not take longer because somebody is told (ASVS 6.3.8), and days pass without a request.
"""

from web import clock
from web.mail import messages
from web.security import factor_policy
from web.services import Services, Work
from web.store import accounts, audit, credentials, outbox, second_factors

STAGES = (14, 7, 1)  # days before the end
FACTOR_STAGES = (30, 7)  # days before nobody logs in without a second factor
EXPIRY_EVERY = 10 * clock.MINUTE
MOST = 50  # warnings of one look, so that other mails do not wait behind them
IN_A_ROW = 5
# After a start: how far back, so that what happened while nobody looked is not missed.
EVENTS_BACK, TIME_BACK = 10_000, clock.DAY


class Lookout:
    """Looks for what people should be warned of; remembers how far it has looked."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._expiry_at = 0
        self._seen_until: int | None = None
        self._factors_at, self._factors_after = 0, ""

    async def look(self) -> None:
        """Look once; the background work does so every few seconds."""
        now = clock.now()
        await self._look_for_failures(now)
        if now >= self._expiry_at and not await announce_expiry(self._services, now=now):
            self._expiry_at = now + EXPIRY_EVERY
        if now >= self._factors_at:
            self._factors_after = await announce_factors(self._services, self._factors_after, now)
            self._factors_at = now if self._factors_after else now + EXPIRY_EVERY

    async def _look_for_failures(self, now: int) -> None:
        async with self._services.read() as reads:
            last = await audit.last(reads)
            newest = last.seq if last else 0
            seen = newest - EVENTS_BACK if self._seen_until is None else self._seen_until
            refused = await audit.refused_after(reads, seen, since=now - TIME_BACK)
            told = {
                account_id: at
                for account_id, at in refused.items()
                if await audit.refused_in_a_row(reads, account_id, IN_A_ROW)
            }
        for account_id, at in told.items():
            await self._services.write(_tell_of_failures, account_id, at)
        self._seen_until = newest


async def _tell_of_failures(tx: Work, account_id: str, at: int) -> None:
    """Tell the account's holder, once a day however long it goes on."""
    account = await accounts.find(tx, account_id)
    if account is None or account.disabled_at is not None:
        return
    message = messages.many_failures(
        tx.settings, account.admin_email, account.payment_user_id, number=IN_A_ROW, at=at
    )
    day = clock.in_tokyo(at).date().isoformat()
    await tx.mail(message, f"failures:{account_id}:{day}", account_id=account_id)


async def announce_expiry(services: Services, *, now: int) -> bool:
    """Announce what ends soon; tell whether there may be more to announce.

    Nothing is added while mails are due: a パスワード初期化用URL must not wait behind thousands.
    """
    async with services.read() as reads:
        if await outbox.any_due(reads, again=True):
            return True
    life = services.settings.password_life_days
    stages = [stage for stage in STAGES if stage < life]  # no warning on the day of the change
    more = False
    for number, stage in enumerate(stages, start=1):
        # Between a stage and the one after it: a warning that was missed is not sent later.
        following = stages[number] if number < len(stages) else 0
        span = {
            "after": now - (life - following) * clock.DAY,
            "until": now - (life - stage) * clock.DAY,
        }
        async with services.read() as reads:
            found = await credentials.near_the_end(reads, str(stage), **span, most=MOST)
        if found:
            await services.write(_announce, str(stage), span)
        more = more or len(found) == MOST
    return more


async def _announce(tx: Work, stage: str, span: dict[str, int]) -> None:
    life = tx.settings.password_life_days * clock.DAY
    # read again: whoever changed the password in between is not told that it ends
    for holder in await credentials.near_the_end(tx, stage, **span, most=MOST):
        message = messages.password_expires(
            tx.settings,
            holder.admin_email,
            holder.payment_user_id,
            ends_at=holder.password_changed_at + life,
        )
        await tx.mail(message, holder.once_key(stage), account_id=holder.account_id)


async def announce_factors(services: Services, after: str, now: int) -> str:
    """Announce the required second factor to the next accounts; give the id to go on after, '' at the end.

    A few at a time in the order of their ids: of a million, most may have been told already.
    """
    settings, kinds = services.settings, factor_policy.announced(services.settings, now)
    days = ((settings.second_factor_from or now) - now) / clock.DAY
    stages = [stage for stage in FACTOR_STAGES if days <= stage]
    if not kinds or not stages:
        return ""
    async with services.read() as reads:
        if await outbox.any_due(reads, again=True):
            return after
        told = _told(settings.second_factor_from or now, min(stages))
        looked_at = await second_factors.next_holders(reads, after, told, most=MOST)
    if any(_to_be_told(each, kinds) for each in looked_at):
        await services.write(_announce_factors, after, kinds, min(stages))
    return looked_at[-1].id if len(looked_at) == MOST else ""


async def _announce_factors(tx: Work, after: str, kinds: tuple[str, ...], stage: int) -> None:
    begins = tx.settings.second_factor_from or tx.now
    for holder in await second_factors.next_holders(tx, after, _told(begins, stage), most=MOST):
        if _to_be_told(holder, kinds):
            message = messages.factor_from(
                tx.settings, holder.admin_email, holder.payment_user_id, day=clock.day_at(begins)
            )
            once_key = f"factor_from:{holder.id}{_told(begins, stage)}"
            await tx.mail(message, once_key, account_id=holder.id)


def _told(begins: int, stage: int) -> str:
    return f":{begins}:{stage}"


def _to_be_told(holder: second_factors.Holder, kinds: tuple[str, ...]) -> bool:
    return not holder.second and not holder.told and holder.kind in kinds
