"""Passkeys as screens ask for them: a request that the page carries, an answer in a field of its form.

Nothing is written before an answer is used; then its challenge and its counter are used up in the
transaction of the act. An answer that names nobody's passkey costs what any other one costs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fido2.utils import websafe_encode
from starlette.requests import Request

from web import clock
from web.http.client import services_of
from web.http.render import url
from web.security import challenges, passkey_answers, passkeys
from web.security.challenges import Challenge
from web.security.passkey_answers import NotProved
from web.security.passkeys import New, Site, Used
from web.security.vault import Vault
from web.services import Services, Work
from web.settings import Settings
from web.store import passkeys as rows
from web.store import spent_challenges
from web.store.passkeys import Named, Passkey

RENEW = "factors/renew"


class Why(StrEnum):
    """Why an answer proves nothing."""

    STALE = "stale"  # its challenge: old, used, or of another page
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer, as far as it can be judged outside of the transaction that uses it up."""

    passkey: Passkey | None = None  # the one that it names, proved or not
    used: Used | None = None
    challenge: Challenge | None = None
    why: Why = Why.REFUSED


def site_of(settings: Settings) -> Site:
    """Give for whom passkeys are."""
    return Site(settings.passkey_rp_id, settings.passkey_origins)


def work_here(request: Request) -> bool:
    """Tell whether passkeys work at the address that was typed; on 127.0.0.1 no browser has any."""
    settings = services_of(request).settings
    scheme, host = urlsplit(settings.base_url).scheme, request.headers.get("Host", "").lower()
    return bool(settings.passkey_rp_id) and f"{scheme}://{host}" in settings.passkey_origins


def to_use(request: Request, purpose: str, allowed: Sequence[Named] | None) -> str:
    """Write the request for a passkey; '' where none would do.

    `allowed`: those of somebody who has proved the password; None: of anybody, so that nobody learns whose there are.
    """
    rp_id = services_of(request).settings.passkey_rp_id
    fit = [each for each in allowed or () if each.rp_id == rp_id]
    if not work_here(request) or (allowed is not None and not fit):
        return ""
    return _written(request, purpose, {"rpId": rp_id, "allow": _described(fit)})


def to_make(
    request: Request, purpose: str, owner_id: str, user_id: str, known: Sequence[Passkey]
) -> str:
    """Write the request for a new passkey; '' where none can be made."""
    if not work_here(request):
        return ""
    services = services_of(request)
    handle = websafe_encode(_handle(services.vault, owner_id))
    wanted = {
        "rp": {"id": services.settings.passkey_rp_id, "name": "軽自動車OSS"},
        "user": {"id": handle, "name": user_id},
        "algorithms": passkeys.ALGORITHMS,
        "known": _described(known),
    }
    return _written(request, purpose, wanted)


def _written(request: Request, purpose: str, wanted: dict[str, Any]) -> str:
    vault = services_of(request).vault
    challenge = websafe_encode(challenges.new(vault, purpose, now=clock.now()))
    said = {"challenge": challenge, "seconds": challenges.LIFE, "renew": url(request, RENEW)}
    return json.dumps({**said, **wanted}, ensure_ascii=False)


def _described(known: Sequence[Named | Passkey]) -> list[dict[str, Any]]:
    return [
        {"id": websafe_encode(each.credential_id), "transports": each.transports} for each in known
    ]


def _handle(vault: Vault, owner_id: str) -> bytes:
    """Name an owner to authenticators: 256 bits that say nothing, and that no rotation of the secret changes."""
    return vault.count("passkey handle", owner_id.encode())


async def judge(services: Services, typed: str, purpose: str, *, alone: bool = False) -> Tried:
    """Judge an answer; `alone`: nobody has said yet who it is, so the answer must."""
    try:
        answer = passkey_answers.read_assertion(typed)
    except NotProved:
        return Tried()
    challenge = challenges.read(services.vault, answer.challenge, now=clock.now())
    if challenge is None or not challenge.is_for(purpose):
        return Tried(why=Why.STALE)
    site = site_of(services.settings)
    named = await services.read_one(rows.find, answer.credential_id)
    if named and named.rp_id != site.rp_id:
        named = None
    try:
        used = passkeys.used(
            site, challenge.raw, answer, named.public_key if named else _nobodys_key()
        )
    except NotProved:
        return Tried(named, None, challenge)
    handle = _handle(services.vault, named.owner_id) if named else b""
    if answer.user_handle != handle and (alone or answer.user_handle):
        return Tried(named, None, challenge)
    return Tried(named, used, challenge)


@cache
def _nobodys_key() -> bytes:
    return passkeys.nobodys_key()


async def use(tx: Work, tried: Tried) -> Passkey | Why:
    """Use an answer up: its challenge, and its counter, which must rise."""
    if tried.passkey is None or tried.used is None or tried.challenge is None:
        return tried.why
    spent = tried.challenge
    if not await spent_challenges.spend(tx, spent.digest, expires_at=spent.expires_at):
        return Why.STALE
    counter, backed_up = tried.used.counter, tried.used.backed_up
    if not await rows.use(tx, tried.passkey, counter, backed_up=backed_up):
        return Why.REFUSED
    return tried.passkey


def judge_new(services: Services, typed: str, purpose: str) -> New | Why:
    """Judge a new passkey."""
    try:
        answer = passkey_answers.read_creation(typed)
        challenge = challenges.read(services.vault, answer.challenge, now=clock.now())
        if challenge is None or not challenge.is_for(purpose):
            return Why.STALE
        return passkeys.made(site_of(services.settings), challenge.raw, answer)
    except NotProved:
        return Why.REFUSED


def renewed(services: Services, typed: str) -> str | None:
    """Give another challenge for the same page; None for one that is over."""
    try:
        raw = passkey_answers.bytes_of(typed)
    except NotProved:
        return None
    now = clock.now()
    challenge = challenges.read(services.vault, raw, now=now)
    return (
        websafe_encode(challenges.renewed(services.vault, challenge, now=now))
        if challenge
        else None
    )
