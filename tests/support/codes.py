"""An app that shows codes, written from RFC 6238 and nothing of the product; people who have one."""

import base64
import hmac
import struct

import httpx

from tests.support.page import Page
from tests.support.press import natively, visit
from tests.support.product import Product
from web.demo.personas import Persona
from web.security import tokens
from web.services import Work
from web.steps import second_factor
from web.store import code_apps, recovery_codes

SECRET = b"twenty bytes, no more"[:20]
FACTORS, SECOND = "/useridmg/factors", "/useridmg/login/second"
PAPER = ["ABCDEFGHJKMN", "PQRSTVWXYZ01"]  # the letters of the first two 予備コード


def code(at: int, secret: bytes = SECRET) -> str:
    """Give the code that is shown at a moment."""
    digest = hmac.digest(secret, struct.pack(">Q", at // 30), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def secret_on(page: Page) -> bytes:
    """Read the key of a new app off its page."""
    key = next(value for name, value in page.rows().items() if name == "キー")
    return base64.b32decode(key.replace(" ", ""))


async def give_app(product: Product, owner_id: str, name: str = "花子のスマートフォン") -> None:
    """Give somebody an app with the secret of the tests."""

    async def add(tx: Work) -> None:
        app_id = tokens.new_id()
        sealed = second_factor.sealed(tx.vault, app_id, SECRET)
        await code_apps.add(tx, app_id, owner_id, name, sealed, tx.vault.key_id, last_step=0)

    await product.services.write(add)


async def give_paper(product: Product, owner_id: str) -> None:
    """Give somebody two 予備コード."""
    hashes = [await product.services.passwords.hash(each) for each in PAPER]
    await product.services.write(recovery_codes.replace, owner_id, hashes)


async def press_log_in(browser: httpx.AsyncClient, person: Persona) -> Page:
    """Type ID and password, and see what comes."""
    given = {"user_id": person.account.payment_user_id, "password": person.payment_password}
    return (await natively(browser, "/useridmg/login", given)).page


async def enter(browser: httpx.AsyncClient, person: Persona, at: int) -> Page:
    """Log somebody in who has the app of the tests."""
    assert (await press_log_in(browser, person)).h1 == "ログインの確認"
    return (await natively(browser, SECOND, {"code": code(at)})).page


async def shown(browser: httpx.AsyncClient) -> Page:
    """Open ログインの方法."""
    return await visit(browser, FACTORS)
