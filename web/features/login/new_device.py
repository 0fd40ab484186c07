"""Telling of a log-in from a browser that has not logged in under this ID before."""

from web import clock
from web.http.browser import in_words
from web.mail import messages
from web.security.throttle import DEVICE_LIFE, Attempt
from web.services import Work
from web.store import accounts, devices

_PURPOSE = "new device"


async def tell(tx: Work, attempt: Attempt, account_id: str, user_agent: str) -> None:
    """Mail the 利用者管理用メールアドレス, unless the device is known (ASVS 6.3.5).

    The same words come once a day: some browsers forget their cookies whenever they are closed.
    """
    since = tx.now - DEVICE_LIFE
    if await devices.known(tx, attempt.device, attempt.user_id, since=since):
        return
    account = await accounts.find(tx, account_id)
    if account is None:
        return
    browser, network = in_words(user_agent), attempt.address
    message = messages.new_device(
        tx.settings,
        account.admin_email,
        account.payment_user_id,
        browser=browser,
        network=network,
        at=tx.now,
    )
    said = f"{account_id}\n{clock.in_tokyo(tx.now).date()}\n{browser}\n{network}"
    once_key = f"new_device:{tx.vault.sign(_PURPOSE, said.encode()).hex()[:32]}"
    await tx.mail(message, once_key, account_id=account_id)
