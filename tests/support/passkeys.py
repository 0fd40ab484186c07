"""People who have a passkey, and the pages on which they use it."""

import httpx

from tests.support.authenticator import Authenticator, wanted
from tests.support.codes import FACTORS, shown
from tests.support.page import Page
from tests.support.press import Press, natively, visit

LOGIN = "/useridmg/login"


async def start(
    browser: httpx.AsyncClient, proof: dict[str, str], press: Press = natively, at: str = FACTORS
) -> Page:
    """Prove who one is, and see the form of a new passkey."""
    page = await visit(browser, (await visit(browser, at)).link("パスキーを登録"))
    assert page.h1 == "ご本人の確認"
    return (await press(browser, page.action("確認"), proof)).page


async def register(
    browser: httpx.AsyncClient,
    password: str,
    press: Press = natively,
    name: str = "花子のスマートフォン",
    device: Authenticator | None = None,
    at: str = FACTORS,
) -> Authenticator:
    """Register the first passkey of somebody who is logged in."""
    device = device or Authenticator()
    page = await start(browser, {"current_password": password}, press, at)
    assert page.h1 == "パスキーの登録", page.text
    typed = {"name": name, "credential": device.make(wanted(page))}
    done = (await press(browser, posts_to(page), typed)).page
    assert done.notice == "パスキーを登録しました。次のログインから使えます。", done.text
    return device


def posts_to(page: Page) -> str:
    """Give the address of the form that a passkey's answer goes into."""
    for form in page.root.iter("form"):
        if any(each.get("data-passkey") for each in form.iter("div")):
            return str(form.get("action"))
    raise AssertionError("no form asks for a passkey")


async def log_in(
    browser: httpx.AsyncClient, device: Authenticator, press: Press = natively, **typed: str
) -> Page:
    """Log in by a passkey alone."""
    page = await visit(browser, LOGIN)
    answer = {**typed, "credential": device.use(wanted(page))}
    return (await press(browser, posts_to(page), answer)).page


__all__ = ["LOGIN", "log_in", "posts_to", "register", "shown", "start"]
