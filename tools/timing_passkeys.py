"""What `make timing` needs of passkeys: people who have one, and answers of theirs and of nobody's."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

from fido2 import cbor

from tests.support.authenticator import Authenticator, b64
from tests.support.process import Installation
from web import clock
from web.database.sqlite.database import SQLite
from web.features.login.passkey import PURPOSE
from web.security import challenges, counter_key
from web.security.vault import Vault

OWNERS = """
    INSERT INTO passkeys (id, owner_id, credential_id, public_key, rp_id, name, transports, aaguid,
                          counter, synced, backed_up, created_at)
    SELECT id, id, CAST(payment_user_id AS BLOB), :key, 'localhost', 'a', 'internal', '', 0, 0, 0, 1
      FROM accounts WHERE payment_user_id LIKE :like
"""


class Keys:
    """One device for all who have a passkey, and another one that is nobody's."""

    def __init__(self) -> None:
        self._device, self._other = Authenticator(), Authenticator()
        self._owners: dict[str, str] = {}
        self._origin = ""
        self._vault: Vault | None = None

    def hand_out(self, site: Installation, vault: Vault, like: str) -> None:
        """Give a passkey to the accounts whose ID begins so."""
        self._vault, self._origin = vault, site.base_url
        asyncio.run(_load_counter_key(site, vault))
        with closing(sqlite3.connect(site.database)) as connection, connection:
            key = cbor.encode(self._device.public())
            connection.execute(OWNERS, {"key": key, "like": f"{like}%"})
            sql = "SELECT payment_user_id, id FROM accounts WHERE payment_user_id LIKE ?"
            self._owners = dict(connection.execute(sql, (f"{like}%",)).fetchall())

    def answer(
        self, user_id: Callable[[int], str], *, right: bool = False
    ) -> Callable[[int], dict[str, str]]:
        """Answer for another account each time, by its own key or by one that is not its."""

        def typed(number: int) -> dict[str, str]:
            assert self._vault  # noqa: S101 handed out before
            name, device = user_id(number), self._device if right else self._other
            device.id, device.origin = name.encode(), self._origin
            owner = self._owners.get(name, "")
            device.user = self._vault.count("passkey handle", owner.encode())
            challenge = challenges.new(self._vault, PURPOSE, now=clock.now())
            return {"credential": json.dumps(device.parts({"challenge": b64(challenge)}))}

        return typed


async def _load_counter_key(site: Installation, vault: Vault) -> None:
    database = SQLite(site.database)
    await database.open(command=True)
    try:
        await counter_key.load(database, vault, command=True)
    finally:
        await database.close()
