"""From 次へ to 完了 each text is judged once; a request seeks no receipt and reads no draft twice."""

from collections import Counter
from typing import Any

import httpx
import pytest

from tests.support import debits, issuing
from tests.support.journeys import EDIT, commit
from tests.support.press import Press, visit
from tests.support.product import Product
from tests.support.twice import write_once
from web.database import Database
from web.fields.field import Field
from web.store import drafts, receipts

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW_ADDRESS = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count by field how often what was typed is converted."""
    counted: Counter[str] = Counter()
    value = Field.value

    def counting(self: Field, typed: str) -> str:
        counted[self.name] += 1
        return value(self, typed)

    monkeypatch.setattr(Field, "value", counting)
    return counted


@pytest.fixture
def most(monkeypatch: pytest.MonkeyPatch, product: Product) -> Counter[str]:
    """Give the most statements of a kind that any one request made."""
    found, here = Counter[str](), Counter[str]()
    for module, names in ((receipts, ("find",)), (drafts, ("find", "latest"))):
        for name in names:
            _count(monkeypatch, module, name, here)
    # each transaction once, as outside the tests
    monkeypatch.setattr(Database, "write", write_once)
    app = product.app.middleware_stack or product.app.build_middleware_stack()

    async def counting(scope: Any, receive: Any, send: Any) -> None:
        here.clear()
        await app(scope, receive, send)
        for kind, times in here.items():
            found[kind] = max(found[kind], times)

    monkeypatch.setattr(product.app, "middleware_stack", counting)
    return found


def _count(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, here: Counter[str]) -> None:
    called = getattr(module, name)

    async def counting(*args: Any, **more: Any) -> Any:
        here[module.__name__.rpartition(".")[2]] += 1
        return await called(*args, **more)

    monkeypatch.setattr(module, name, counting)


@pytest.mark.parametrize("typed", [{}, NEW_ADDRESS], ids=["without", "with a password"])
async def test_a_change_of_the_profile_is_judged_once(
    alice: httpx.AsyncClient,
    press: Press,
    judged: Counter[str],
    most: Counter[str],
    typed: dict[str, str],
) -> None:
    """依頼の確認 and 確定 work with what 次へ has found good."""
    page = await visit(alice, EDIT)
    judged.clear()
    given = {**page.fields(EDIT), "representative": "星野　海", **typed}
    confirm = (await press(alice, page.action("次へ"), given)).page
    asked = [*judged]
    done = (await commit(alice, confirm, press)).page
    assert done.h1 == "利用者情報変更 登録完了"
    assert {name: judged[name] for name in asked} == dict.fromkeys(asked, 1)
    assert "representative" in asked
    assert max(most.values(), default=0) <= 1


async def test_a_bank_account_is_judged_once(
    alice: httpx.AsyncClient, press: Press, judged: Counter[str], most: Counter[str]
) -> None:
    """確認 and 確定 of a 新規作成 work with what 次へ has found good."""
    page = await visit(alice, debits.edit())
    judged.clear()
    given = {**debits.good(page), **debits.ACCOUNT}
    confirm = (await press(alice, page.action("次へ"), given)).page
    done = (await debits.commit(alice, confirm, press)).page
    assert done.h1.endswith("届出書作成")
    assert {name: times for name, times in judged.items() if times > 1} == {}
    assert judged["holder_kana"] == 1
    assert max(most.values(), default=0) <= 1


async def test_a_new_account_is_judged_once(
    product: Product,
    visitor: httpx.AsyncClient,
    press: Press,
    judged: Counter[str],
    most: Counter[str],
) -> None:
    """希望パスワードの入力, 依頼の確認 and 確定 work with what the first 次へ has found good."""
    page = await visit(visitor, await issuing.mailed(product, visitor))
    judged.clear()
    answers = {**page.fields(issuing.PROFILE), **issuing.COMPANY}
    passwords = (await press(visitor, page.action("次へ"), answers)).page
    confirm = (await issuing.choose(visitor, passwords, press)).page
    done = (await issuing.issue(visitor, confirm, press)).page
    assert done.h1 == "利用者ID発行 発行完了"
    assert {name: times for name, times in judged.items() if times > 1} == {}
    assert judged["corporate_name"] == 1
    assert max(most.values(), default=0) <= 1
