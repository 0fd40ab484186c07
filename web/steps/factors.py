"""Adding, renaming and removing factors, each once, with its event and its mail."""

import hmac

from web.security import tokens, totp
from web.security.vault import Vault
from web.services import Services, Work
from web.steps import second_factor, second_form, second_step
from web.steps.second_factor import Owner
from web.steps.second_step import Over
from web.store import code_apps, recovery_codes, second_steps
from web.store.second_steps import SecondStep

CODES = 10
MOST_APPS = 10
_LETTERS = 12


class TooManyApps(Exception):
    """Nobody has so many telephones; a thief with a session must not fill the list."""


class NoSuchApp(Exception):
    """The owner has no app of this id."""


async def begin(tx: Work, owner: Owner, what: str, session_id: str) -> str:
    """Let a session do one thing, after its owner was proved; give the value that its pages carry."""
    return await second_step.begin(tx, _purpose(what, session_id), owner)


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
    """Add an app whose code was typed; that code is used up. Raises Over, TooManyApps."""
    if not await second_steps.use(tx, step.id):
        raise Over
    if len(await code_apps.of_owner(tx, owner.id)) >= MOST_APPS:
        raise TooManyApps
    sealed = second_factor.sealed(tx.vault, step.id, secret)
    await code_apps.add(tx, step.id, owner.id, name, sealed, tx.vault.key_id, last_step=used)
    await owner.note(tx, "app.added", app=name)
    await owner.tell(tx, f"認証アプリ「{name}」を登録しました。", once=f"added:{step.id}")
    return step.id


async def hashed(services: Services, letters: list[str]) -> list[str]:
    """Hash the letters of new codes, outside of any transaction."""
    return [await services.passwords.hash(each) for each in letters]


async def make_codes(tx: Work, owner: Owner, step: SecondStep, hashes: list[str]) -> str:
    """Put new codes in force; the old ones end. Raises Over."""
    if not await second_steps.use(tx, step.id):
        raise Over
    await recovery_codes.replace(tx, owner.id, hashes)
    await owner.note(tx, "codes.made", number=len(hashes))
    await owner.tell(tx, "予備コードを新しく登録しました。", once=f"codes:{step.id}")
    return step.id


async def rename(tx: Work, owner: Owner, app_id: str, name: str) -> str:
    """Give an app another name. Raises NoSuchApp."""
    if not await code_apps.rename(tx, app_id, owner.id, name):
        raise NoSuchApp
    await owner.note(tx, "app.renamed", app=name)
    return app_id


async def remove(tx: Work, owner: Owner, app_id: str) -> str:
    """Remove an app; with the last one the 予備コード go, which would open nothing. Raises NoSuchApp."""
    apps = {each.id: each for each in await code_apps.of_owner(tx, owner.id)}
    if app_id not in apps:
        raise NoSuchApp
    name = apps[app_id].name
    if not await code_apps.remove(tx, app_id, owner.id):
        raise NoSuchApp
    if len(apps) == 1:
        await recovery_codes.remove_all(tx, owner.id)
        # nothing is left that a pending log-in could ask for
        second_steps.end_of_owner(tx, owner.id)
    await owner.note(tx, "app.removed", app=name)
    last = (
        "二段階の確認はなくなり、IDとパスワードだけでログインできます。" if len(apps) == 1 else ""
    )
    await owner.tell(tx, f"認証アプリ「{name}」を削除しました。{last}", once=f"removed:{app_id}")
    return app_id
