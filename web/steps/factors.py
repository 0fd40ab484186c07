"""Adding, renaming and removing factors, each once, with its event and its mail."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from web.database import Tx
from web.security import throttle, tokens, totp
from web.security.passkeys import New
from web.security.vault import Vault
from web.services import Services, Work
from web.steps import second_factor, second_form, second_step
from web.steps.second_factor import Owner
from web.steps.second_step import Over
from web.store import (
    accounts,
    code_apps,
    devices,
    passkeys,
    recovery_codes,
    second_factors,
    second_steps,
    staff_sessions,
)
from web.store.passkeys import Passkey
from web.store.second_steps import SecondStep

CODES = 10
MOST = 10  # of each kind
ACTS = "factors"  # the counter
_LETTERS = 12


# By kind of factor, which begins the names of its events, too.
NOUNS = {"app": "認証アプリ", "passkey": "パスキー"}
_TABLES = {"app": code_apps, "passkey": passkeys}


class TooManyFactors(Exception):
    """Nobody has so many telephones; a thief with a session must not fill the list."""


class NoSuchFactor(Exception):
    """The owner has no app or passkey of this id."""


class LastFactor(Exception):
    """There must be one, and this is the last."""


class Known(Exception):
    """This passkey is registered already."""


@dataclass(frozen=True, slots=True)
class Factor:
    """An app or a passkey, as its owner looks after it."""

    kind: str
    id: str
    name: str
    created_at: int
    used_at: int | None
    synced: bool = False

    @property
    def noun(self) -> str:
        """Say what it is."""
        return NOUNS[self.kind]


async def of_owner(tx: Work, owner_id: str) -> list[Factor]:
    """List the apps and passkeys of an owner, each kind from the oldest on."""
    apps = [
        Factor("app", each.id, each.name, each.created_at, each.used_at)
        for each in await code_apps.of_owner(tx, owner_id)
    ]
    keys = [
        Factor("passkey", each.id, each.name, each.created_at, each.used_at, each.synced)
        for each in await passkeys.of_owner(tx, owner_id)
    ]
    return apps + keys


async def counted(tx: Work, act: Callable[[Work, Owner], Awaitable[str]], owner: Owner) -> str:
    """Do an act, so many an hour: each is a row of the trail and a mail, and an authenticator may be a program."""
    await _still_in(tx, owner)
    await throttle.act(tx, tx.vault, owner.id, ACTS, most=tx.settings.acts_per_hour)
    return await act(tx, owner)


async def begin(tx: Work, owner: Owner, what: str, session_id: str) -> str:
    """Let a session do one thing, after its owner was proved; give the value that its pages carry."""
    await _still_in(tx, owner)
    return second_step.begin(tx, _purpose(what, session_id), owner)


async def _still_in(tx: Tx, owner: Owner) -> None:
    """Look again whether whoever is logged in may act. Raises Shut."""
    if owner.account_id:
        await accounts.find_open(tx, owner.account_id)
    elif await staff_sessions.role(tx, accounts.acting.get()) is None:
        raise accounts.Shut(owner.id)


def _purpose(what: str, session_id: str) -> str:
    return f"{what} of {session_id}"


async def begun(tx: Work, token: str, what: str, session_id: str) -> SecondStep:
    """Find what a session may do. Raises Over."""
    step = await second_steps.find(tx, tokens.digest(token), _purpose(what, session_id))
    if step is None or not step.live(tx.now):
        raise Over
    return step


def secret_of(vault: Vault, step: SecondStep) -> bytes:
    """Make the secret of a new app: the same at every reload, and no row holds it yet."""
    return vault.sign("secret of a code app", step.id.encode())[: totp.SECRET]


def codes_of(vault: Vault, step: SecondStep) -> list[str]:
    """Make the letters of ten 予備コード, the same at every reload, from number 1."""
    made = []
    for number in range(1, CODES + 1):
        raw = vault.sign("recovery codes", f"{step.id}\n{number}".encode())
        size = len(second_form.ALPHABET)
        made.append("".join(second_form.ALPHABET[byte % size] for byte in raw[:_LETTERS]))
    return made


def is_one_of(typed: str, letters: list[str]) -> bool:
    """Tell whether a 予備コード was typed back."""
    known = (f"{number:02d}{each}" for number, each in enumerate(letters, start=1))
    return any(hmac.compare_digest(each, typed) for each in known)


async def add_app(
    tx: Work, owner: Owner, step: SecondStep, name: str, secret: bytes, used: int
) -> str:
    """Add an app whose code was typed; that code is used up. Raises Over, TooManyFactors."""
    await _use(tx, owner, step)
    if len(await code_apps.of_owner(tx, owner.id)) >= MOST:
        raise TooManyFactors
    sealed = second_factor.sealed(tx.vault, step.id, secret)
    await code_apps.add(tx, step.id, owner.id, name, sealed, tx.vault.key_id, last_step=used)
    await owner.note(tx, "app.added", app=name)
    await owner.tell(tx, f"認証アプリ「{name}」を登録しました。", once=f"added:{step.id}")
    return step.id


async def add_passkey(
    tx: Work, owner: Owner, step: SecondStep, name: str, new: New, rp_id: str
) -> str:
    """Add a passkey that was made for this step. Raises Over, TooManyFactors, Known."""
    await _use(tx, owner, step)
    if len(await passkeys.of_owner(tx, owner.id)) >= MOST:
        raise TooManyFactors
    made = Passkey(
        id=step.id, owner_id=owner.id, credential_id=new.credential_id, public_key=new.public_key,
        rp_id=rp_id, name=name, transports=new.transports, aaguid=new.aaguid, counter=new.counter,
        synced=new.synced, backed_up=new.backed_up, created_at=tx.now, used_at=None,
    )  # fmt: skip
    if not await passkeys.add(tx, made):
        raise Known
    await owner.note(tx, "passkey.added", passkey=name)
    await owner.tell(tx, f"パスキー「{name}」を登録しました。", once=f"added:{step.id}")
    return step.id


async def _use(tx: Work, owner: Owner, step: SecondStep) -> None:
    """Use up what adds a factor. Raises Over, Shut."""
    await _still_in(tx, owner)
    if not await second_steps.use(tx, step.id):
        raise Over
    if not await second_factors.has_any(tx, owner.id):
        # what a password alone has begun, perhaps a thief's, adds nothing beside the first one
        second_steps.end_of_owner(tx, owner.id)
        await devices.forget_others(tx, owner.id)


async def hashed(services: Services, letters: list[str]) -> list[str]:
    """Hash the letters of new codes, outside of any transaction."""
    return [await services.passwords.hash(each) for each in letters]


async def make_codes(tx: Work, owner: Owner, step: SecondStep, hashes: list[str]) -> str:
    """Put new codes in force; the old ones end. Raises Over, Shut."""
    await _use(tx, owner, step)
    await recovery_codes.replace(tx, owner.id, hashes)
    await owner.note(tx, "codes.made", number=len(hashes))
    await owner.tell(tx, "予備コードを新しく登録しました。", once=f"codes:{step.id}")
    return step.id


async def rename(tx: Work, owner: Owner, factor: Factor, name: str) -> str:
    """Give an app or a passkey another name. Raises NoSuchFactor."""
    if not await _TABLES[factor.kind].rename(tx, factor.id, owner.id, name):
        raise NoSuchFactor
    await owner.note(tx, f"{factor.kind}.renamed", **{factor.kind: name})
    return factor.id


async def remove(tx: Work, owner: Owner, factor: Factor, *, keep_one: bool = False) -> str:
    """Remove an app or a passkey; with the last one the 予備コード go, which would open nothing.

    Raises NoSuchFactor, LastFactor.
    """
    if keep_one and await second_factors.number(tx, owner.id) == 1:
        raise LastFactor
    if not await _TABLES[factor.kind].remove(tx, factor.id, owner.id):
        raise NoSuchFactor
    last = not await second_factors.has_any(tx, owner.id)
    if last:
        await recovery_codes.remove_all(tx, owner.id)
    # what a lost telephone has proved goes with it; of the last one, what a pending log-in would ask for
    second_steps.end_of_owner(tx, owner.id)
    await owner.note(tx, f"{factor.kind}.removed", **{factor.kind: factor.name})
    more = "二段階の確認はなくなり、IDとパスワードだけでログインできます。" if last else ""
    words = f"{factor.noun}「{factor.name}」を削除しました。{more}"
    await owner.tell(tx, words, once=f"removed:{factor.id}")
    return factor.id
