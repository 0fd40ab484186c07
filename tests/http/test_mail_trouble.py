"""A mail server that says nothing for long: nobody at a screen notices."""

import threading

import httpx
import pytest
from aiosmtpd.smtp import Envelope

from tests.e2e.waiting import PATIENCE
from tests.support.journeys import ask_payment, change_profile
from tests.support.people import ALICE, BOB
from tests.support.post import PostOffice
from tests.support.product import Product

pytestmark = pytest.mark.anyio


async def test_screens_answer_while_the_mail_server_does_not(
    product: Product, alice: httpx.AsyncClient, post: PostOffice
) -> None:
    """Every page comes although no mail goes; then each mail arrives, once."""
    said = threading.Event()

    def silent(_: Envelope) -> str:
        said.wait(PATIENCE)
        return "250 OK"

    post.answer = silent
    for name in ("星野　海", "月野　空", "星野　海"):
        assert (await change_profile(alice, representative=name)).h1.endswith("登録完了")
    async with product.browser() as stranger:
        for person in (ALICE, BOB):
            assert (await ask_payment(stranger, person)).page.h1.endswith("依頼受付")
    assert post.mails == []
    said.set()
    await product.settle()
    assert len(post.mails) == len({mail.message["Message-ID"] for mail in post.mails}) == 5
