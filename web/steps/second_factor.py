"""The second factor: who has one, and proving it; every code is good once.

A right code and what it allows are one transaction: forty presses of one code do one thing.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from web import clock
from web.mail import messages
from web.security import second_throttle, totp
from web.security.vault import Vault
from web.services import Services, Work
from web.steps import passkeys, second_form
from web.steps.passkeys import Tried, Why
from web.store import accounts, code_apps, recovery_codes
from web.store import passkeys as passkey_rows
from web.store.code_apps import CodeApp

P = ParamSpec("P")
T = TypeVar("T")
PURPOSE = "code app"
APP, RECOVERY, PASSKEY = "app", "codes", "passkey"  # how a log-in was proved, beside the password
PASSWORD = "password"
_TWO = 2


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose second factor it is: a 利用者, or a 担当者, who has no account."""

    id: str
    user_id: str
    account_id: str | None

    async def note(self, tx: Work, event: str, **details: Any) -> None:
        """Write an event down in the transaction that does it."""
        if self.account_id:
            await tx.audit(event, self.account_id, **details)
        else:
            await tx.audit(f"office.{event}", who=self.user_id, **details)

    async def note_repeated(self, tx: Work, event: str, lately: int | None = None) -> None:
        """Write down an event that somebody can cause without end: ever more rarely within an hour."""
        if self.account_id:
            await tx.audit_repeated(event, self.account_id, lately)
        else:
            await tx.audit_repeated(f"office.{event}", None, lately, who=self.user_id)

    async def tell(self, tx: Work, what: str, *, once: str) -> None:
        """Mail the 利用者管理用メールアドレス; a 担当者 has no address here."""
        account = await accounts.find(tx, self.account_id) if self.account_id else None
        if account:
            message = messages.factors(
                tx.settings, account.admin_email, account.payment_user_id, what, at=tx.now
            )
            await tx.mail(message, f"factors:{once}", account_id=account.id)

    def sealed(self) -> dict[str, str | None]:
        """Give what a step keeps of it."""
        return {"id": self.id, "user_id": self.user_id, "account_id": self.account_id}


@dataclass(frozen=True, slots=True)
class Proof:
    """By what somebody has proved to be the owner: the way, and the name of the app or passkey."""

    method: str
    name: str = ""

    @property
    def details(self) -> dict[str, str]:
        """Give what the audit trail says of a log-in; of one by password alone it says nothing."""
        if self.method == PASSWORD:
            return {}
        return {"method": self.method, "passkey" if self.method == PASSKEY else "app": self.name}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what was typed proves nothing; the words belong at the field of that name."""

    words: str
    at: str = second_form.CODE.name


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed, as far as it can be judged outside of the transaction that uses it up."""

    code: str = ""
    number: int = 0
    recovery_hash: str | None = None
    passkey: Tried | None = None


async def read(services: Services, owner: Owner, values: Mapping[str, str], purpose: str) -> Given:
    """Take a checked form; signatures and the hash of a 予備コード are compared here. Raises TooMany.

    `purpose`: what the challenge of a passkey was made for.
    """
    answer = values.get(second_form.PASSKEY.name, "")
    if answer:
        return Given(passkey=await passkeys.judge(services, answer, purpose))
    typed = values.get(second_form.RECOVERY.name, "")
    if not typed:
        return Given(code=values[second_form.CODE.name])
    number, letters = int(typed[:_TWO]), typed[_TWO:]
    # counted as wrong before it is compared: forty presses at once are forty tries
    stored = await services.write(_try_recovery, owner, number)
    hashed = stored or services.dummy(Services.PAYMENT, owner.user_id)
    right = await services.passwords.verify(hashed, letters)
    return Given(number=number, recovery_hash=stored if right else None)


async def _try_recovery(tx: Work, owner: Owner, number: int) -> str | None:
    await second_throttle.check(tx, tx.vault, owner.id)
    await count(tx, owner)
    return await recovery_codes.find(tx, owner.id, number)


async def prove(
    tx: Work,
    owner: Owner,
    given: Given,
    act: Callable[Concatenate[Work, Proof, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | Refusal:
    """Use what was typed up and do the act it is for; a refusal is counted. Raises TooMany."""
    if given.passkey:
        proof = await _use_passkey(tx, owner, given.passkey)
    elif given.code:
        proof = await _use_code(tx, owner, given)
    else:
        proof = await _use_recovery(tx, owner, given)
    if isinstance(proof, Refusal):
        return proof
    return await act(tx, proof, *args, **kwargs)


async def _use_code(tx: Work, owner: Owner, given: Given) -> Proof | Refusal:
    await second_throttle.check(tx, tx.vault, owner.id)
    for app in await code_apps.of_owner(tx, owner.id):
        step = totp.step_of(secret_of(tx.vault, app), given.code, tx.now)
        if step is not None:
            if not await code_apps.use_step(tx, app.id, step):
                return Refusal(second_form.USED)
            await second_throttle.passed(tx, tx.vault, owner.id)
            return Proof(APP, app.name)
    await count(tx, owner)
    return Refusal(second_form.WRONG)


async def _use_passkey(tx: Work, owner: Owner, tried: Tried) -> Proof | Refusal:
    """Use the answer of a passkey up; as nobody guesses a signature, refused ones delay nothing."""
    own = tried.passkey is not None and tried.passkey.owner_id == owner.id
    used = await passkeys.use(tx, tried) if own else tried.why
    if used is Why.STALE:
        return Refusal(second_form.STALE_PASSKEY, second_form.PASSKEY.name)
    if isinstance(used, Why):
        await owner.note_repeated(tx, "passkey.refused")
        return Refusal(second_form.WRONG_PASSKEY, second_form.PASSKEY.name)
    await second_throttle.passed(tx, tx.vault, owner.id)
    return Proof(PASSKEY, used.name)


async def _use_recovery(tx: Work, owner: Owner, given: Given) -> Proof | Refusal:
    stored = given.recovery_hash
    if stored is None or not await recovery_codes.use(tx, owner.id, given.number, stored):
        return Refusal(second_form.WRONG_RECOVERY, second_form.RECOVERY.name)
    await second_throttle.passed(tx, tx.vault, owner.id)
    left = await recovery_codes.left(tx, owner.id)
    await owner.note(tx, "codes.used", number=left)
    await owner.tell(
        tx, f"予備コードが使われました。残りは{left}個です。", once=f"{owner.id}:{stored[-16:]}"
    )
    return Proof(RECOVERY)


async def count(tx: Work, owner: Owner) -> None:
    """Count a wrong code; whoever types it has, or has had, the right password."""
    number = await second_throttle.failed(tx, tx.vault, owner.id)
    await owner.note_repeated(tx, "second.failed")
    if number == second_throttle.TRIES:
        await owner.note(tx, "second.locked", number=number)
    if number == second_throttle.TOLD:
        day = clock.in_tokyo(tx.now).date().isoformat()
        await owner.tell(
            tx,
            f"ログインなどの確認で、違うコードが{number}回続けて入力されました。"
            "お心当たりがないときは、納付利用者パスワードを知られているおそれがあります。"
            "パスワードを変更してください。",
            once=f"{owner.id}:failed:{day}",
        )


def secret_of(vault: Vault, app: CodeApp) -> bytes:
    """Open the secret of an app. Raises NotSealedHere."""
    return bytes.fromhex(vault.open(PURPOSE, app.sealed, bound_to=app.id)["secret"])


def sealed(vault: Vault, app_id: str, secret: bytes) -> bytes:
    """Seal the secret of an app to its row."""
    return vault.seal(PURPOSE, {"secret": secret.hex()}, bound_to=app_id)


async def clear(tx: Work, owner_id: str) -> int:
    """Take every factor away; count the apps and passkeys."""
    await recovery_codes.remove_all(tx, owner_id)
    await second_throttle.passed(tx, tx.vault, owner_id)
    return await code_apps.remove_all(tx, owner_id) + await passkey_rows.remove_all(tx, owner_id)
