"""Adding accounts: one by one for an operator, or once for each mailed URL."""

from collections.abc import Mapping

from web.database import Tx
from web.features.issuance import requests
from web.features.issuance.form import NewAccount
from web.fields.form import Form
from web.mail import messages
from web.security import new_password, tokens
from web.services import Services, Work
from web.settings import Settings
from web.steps import profile_form, receipts
from web.steps.drafts import Draft, DraftStore, NothingToConfirm
from web.steps.profile_form import PROFILE
from web.store import accounts, credentials, issuances
from web.store.accounts import Profile
from web.store.credentials import CredentialKind
from web.store.first_passwords import FirstPassword
from web.store.issuances import Issuance
from web.store.receipts import Receipt

NAME = "issuance"
DRAFTS = DraftStore(NAME, PROFILE.fields)  # their owner, the issuance, has the only flow id


class Spent(Exception):
    """The mailed URL is too old, or has issued its IDs already."""


class NotAccepted(Exception):
    """Passwords that may not be set; `errors` says why, by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


async def add(
    tx: Work,
    new: NewAccount,
    hashes: Mapping[CredentialKind, str],
    *,
    first: FirstPassword = FirstPassword.NO,
) -> str:
    """Add an account with its two passwords; give its id.

    Raises Violated when one of the IDs is taken.
    """
    account_id = await _insert(tx, new, hashes, first)
    await tx.audit("account.created", account_id=account_id)
    return account_id


async def _insert(
    tx: Tx, new: NewAccount, hashes: Mapping[CredentialKind, str], first: FirstPassword
) -> str:
    account_id = tokens.new_id()
    await accounts.add(tx, account_id, new.payment_user_id, new.bulk_user_id, new.profile)
    for kind, password_hash in hashes.items():
        await credentials.add(tx, account_id, kind, password_hash, first)
    return account_id


async def find(services: Services, key: str) -> Issuance | None:
    """Find the issuance of a mailed key."""
    spelled = tokens.read_link_key(key)
    if spelled is None:
        return None
    issuance = await services.read_one(issuances.find_by_key, tokens.digest(spelled))
    return issuance if issuance and requests.email_of(services.vault, issuance) else None


def judge(services: Services, issuance: Issuance, given: Mapping[str, str]) -> Form:
    """Judge the 利用者情報; the address that the mail has proven is not asked again (WCAG 3.3.7)."""
    email = requests.email_of(services.vault, issuance)
    proven = {"admin_email": email, "admin_email_again": email}
    return PROFILE.parse({**given, **proven})


async def fill_in(tx: Work, issuance_id: str, form: Form) -> Draft:
    """Keep the 利用者情報 and a number for it.

    Passwords chosen before stay as long as the words they were judged by do. Raises Spent.
    """
    issuance = await _live(tx, issuance_id)
    before = await DRAFTS.latest(tx, issuance, issuance.id)
    chosen = (
        {name: before.values[name] for name in _CHOSEN if name in before.values} if before else {}
    )
    if form.ok:
        await _reserve(tx, issuance)
        if chosen.get(_JUDGED_BY) != _judged_by(profile_form.profile(form.values)):
            chosen = {}
    return await _keep(tx, issuance, {**form.values, **chosen}, checked=form.ok)


async def _keep(
    tx: Work, issuance: Issuance, values: Mapping[str, str], *, checked: bool = True
) -> Draft:
    return await DRAFTS.keep(tx, issuance, issuance.id, values, checked=checked)


def filled_in(draft: Draft | None) -> Profile | None:
    """Give the 利用者情報 of a draft; None while there is something to mend in it."""
    return profile_form.profile(draft.values) if draft and draft.checked else None


def has_passwords(draft: Draft) -> bool:
    """Tell whether both passwords were chosen for what is filled in."""
    return _JUDGED_BY in draft.values


async def find_ready(tx: Work, issuance: Issuance, draft_id: str) -> Draft:
    """Find the draft that 依頼の確認 shows. Raises NothingToConfirm, TooOld."""
    return _ready(await DRAFTS.find(tx, issuance, draft_id))


def _ready(draft: Draft) -> Draft:
    if not has_passwords(draft):
        raise NothingToConfirm
    return draft


# What a draft keeps of the passwords: their hashes, and the words they were judged by.
_HASHES = {f"{kind}_hash": kind for kind in CredentialKind}
_JUDGED_BY = "judged_by"
_CHOSEN = (*_HASHES, _JUDGED_BY)


def _words(profile: Profile) -> list[str]:
    return new_password.words("", "", profile)


def _judged_by(profile: Profile) -> str:
    return "\n".join(_words(profile))


async def _live(tx: Tx, issuance_id: str) -> Issuance:
    issuance = await issuances.find(tx, issuance_id)
    if issuance is None or not issuance.live(tx.now):
        raise Spent
    return issuance


async def _reserve(tx: Work, issuance: Issuance) -> str:
    """Keep a number free, once, so that the passwords can be filed under the right ID."""
    number = issuance.number
    if number is None or await accounts.taken(tx, *pair(tx.settings, number)):
        number = await next_free(tx)
        await issuances.reserve(tx, issuance.id, number)
    return number


async def next_free(tx: Work) -> str:
    """Find a number that nobody has and that is kept for nobody, inside a write."""
    digits, prefix = tx.settings.id_min_digits, tx.settings.payment_id_prefix
    known = (await accounts.highest(tx, prefix), await issuances.highest(tx))
    number = following(max(known, key=lambda digits: (len(digits), digits)), digits)
    while await accounts.taken(tx, *pair(tx.settings, number)):
        number = following(number, digits)
    return number


def following(number: str, min_digits: int) -> str:
    """Count on: the width stays until it is full, then it grows (9999, 10000)."""
    if not (number.isascii() and number.isdigit()):
        number = "0"  # no account yet, or of another kind of ID
    return str(int(number) + 1).zfill(max(len(number), min_digits))


def pair(settings: Settings, number: str) -> tuple[str, str]:
    """Make 納付利用者ID and 一括利用者ID, which share a number."""
    return f"{settings.payment_id_prefix}{number}", f"{settings.bulk_id_prefix}{number}"


async def weakness(services: Services, profile: Profile, typed: str) -> str:
    """Say why a password may not be the first one of a new account; '' when it may."""
    words = _words(profile)
    return await new_password.weakness(services.passwords, typed, words=words, used=[])


async def choose_passwords(
    services: Services, issuance: Issuance, draft: Draft, profile: Profile, form: Form
) -> Draft:
    """Keep both passwords, as hashes only, beside the 利用者情報. Raises NotAccepted, Spent."""
    typed = {kind: form[f"{kind}_password"].value for kind in CredentialKind}
    why_not = {f"{k}_password": await weakness(services, profile, typed[k]) for k in CredentialKind}
    if any(why_not.values()):
        raise NotAccepted({name: error for name, error in why_not.items() if error})
    hashes = {name: await services.passwords.hash(typed[kind]) for name, kind in _HASHES.items()}
    values = {**draft.values, **hashes, _JUDGED_BY: _judged_by(profile)}
    return await services.write(_keep_ready, issuance.id, values)


async def _keep_ready(tx: Work, issuance_id: str, values: Mapping[str, str]) -> Draft:
    return await _keep(tx, await _live(tx, issuance_id), values)


async def done(tx: Tx, issuance_id: str) -> Receipt | None:
    """Find the receipt of what an issuance has issued."""
    return await receipts.find_by_key(tx, issuance_id, NAME)


async def issue(tx: Work, issuance_id: str, draft_id: str) -> Receipt:
    """Issue the two IDs that 依頼の確認 showed, once.

    Raises Spent (a repeated press finds the receipt by done()), NothingToConfirm, TooOld; then
    nothing is issued and the draft stays.
    """
    issuance = await _live(tx, issuance_id)
    draft = _ready(await DRAFTS.claim(tx, issuance, draft_id))
    number = await _reserve(tx, issuance)
    new = NewAccount(*pair(tx.settings, number), profile_form.profile(draft.values))
    hashes = {kind: draft.values[name] for name, kind in _HASHES.items()}
    account_id = await _insert(tx, new, hashes, FirstPassword.NO)
    if not await issuances.use(tx, issuance.id, account_id):
        raise Spent
    receipt = await receipts.issue(tx, issuance.id, account_id, NAME)
    await tx.audit("issuance.issued", account_id, number=receipt.number)
    message = messages.issued(tx.settings, new.profile.admin_email, new.payment_user_id,
                              new.bulk_user_id, receipt.number, at=tx.now)  # fmt: skip
    await tx.mail(message, f"issued:{issuance.id}", account_id=account_id)
    return receipt
