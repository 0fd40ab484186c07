"""A lost 利用者管理用メールアドレス: whoever takes it over takes over the account, so two decide."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.journeys import GOOD, change_profile, payment_link, twice
from tests.support.office import at_work, enter, id_of, look
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import Pressed, natively, visit
from tests.support.product import Product
from web import background
from web.clock import DAY
from web.demo.personas import ADMIN, Officer
from web.store.staff import Role

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW, OLD = "atarashii@example.jp", "k-oss@example.jp"
REASON = "運転免許証の写しと、登録されている電話への折り返し。"
OTHER = Officer("kanri-sono-ni", Role.ADMIN, "ashita-no-asa-mata-kuru")


async def path_of(product: Product) -> str:
    """Give the address of the page for Alice."""
    return f"/office/accounts/{await id_of(product, ALICE)}/address"


async def propose(
    browser: httpx.AsyncClient, path: str, address: str = NEW, reason: str = REASON
) -> Pressed:
    """Press 登録."""
    data = {"act": "propose", "admin_email": address, "reason": reason}
    return await natively(browser, path, data)


async def approve(browser: httpx.AsyncClient, path: str) -> httpx.Response:
    """Press 承認 for what the page shows, whether it offers the button or not."""
    change = (await look(browser, path)).value("change")
    return await browser.post(path, data={"act": "approve", "change": change})


def address(product: Product) -> str:
    """Give what is registered."""
    sql = "SELECT admin_email FROM accounts WHERE payment_user_id = 'KNCA6288'"
    return str(product.rows(sql)[0]["admin_email"])


async def test_the_registered_address_is_no_proposal(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """Nothing waits for approval; another case of it may be meant."""
    path = await path_of(product)
    page = (await propose(clerk, path, address="k-oss@EXAMPLE.jp")).page
    assert page.error("admin_email") == "変更された項目がありません。"
    assert not product.rows("SELECT 1 FROM address_changes")
    assert (
        "別の管理者が承認すると"
        in (await propose(clerk, path, address="K-oss@example.jp")).page.notice
    )


async def test_one_proposes_and_another_approves(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """Then the address is new, both addresses are told, log-ins end, and the trail names both."""
    path = await path_of(product)
    page = (await propose(clerk, path)).page
    assert "別の管理者が承認すると、変更されます。" in page.notice
    assert address(product) == OLD
    assert (await visit(admin, "/office/")).link("KNCA6288") == path
    page = await look(admin, path)
    assert (page.rows()["新しいアドレス"], page.rows()["ご本人の確認方法"]) == (NEW, REASON)
    answer = await approve(admin, path)
    assert "office-address-approve" in answer.headers["Location"]
    assert address(product) == NEW
    assert (await visit(alice, "/useridmg/mypage")).h1 == "マイページログイン"
    await product.settle()
    assert {mail.to for mail in product.post.mails} == {NEW, OLD}
    found = product.rows("SELECT event, detail FROM audit WHERE event LIKE 'address.%'")
    assert [row["event"] for row in found] == ["address.proposed", "address.changed"]
    assert ["madoguchi" in found[0]["detail"], "kanri" in found[1]["detail"]] == [True, True]


async def test_nobody_approves_what_they_proposed(
    product: Product, admin: httpx.AsyncClient
) -> None:
    """Not even an admin; the button is not there, and pressing it by hand is a 403."""
    path = await path_of(product)
    await propose(admin, path)
    assert "登録した担当者は、承認できません。" in (await look(admin, path)).text
    answer = await approve(admin, path)
    assert (answer.status_code, Page(answer).h1) == (403, "別の担当者の承認が必要です")
    (row,) = product.rows("SELECT event, detail FROM audit ORDER BY seq DESC LIMIT 1")
    assert (row["event"], "approve" in row["detail"]) == ("office.refused", True)
    assert address(product) == OLD


async def test_a_clerk_approves_nothing(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """The second pair of eyes is an admin's."""
    path = await path_of(product)
    await propose(admin, path)
    assert (await approve(clerk, path)).status_code == 403
    assert address(product) == OLD


async def test_two_admins_approve_once(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """The second is told; the mails go out once."""
    path = await path_of(product)
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    async with at_work(product, OTHER) as other:
        answers = [
            await browser.post(path, data={"act": "approve", "change": change})
            for browser in (admin, other)
        ]
    assert [answer.status_code for answer in answers] == [303, 409]
    await product.settle()
    assert len(product.post.mails) == 2


async def test_what_was_approved_is_what_was_seen(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """Taken back and proposed anew with another address meanwhile: a 409, nothing changes."""
    path = await path_of(product)
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    await clerk.post(path, data={"act": "take-back", "change": change})
    await propose(clerk, path, "waruimono@example.com")
    answer = await admin.post(path, data={"act": "approve", "change": change})
    assert (answer.status_code, address(product)) == (409, OLD)
    assert (await look(admin, path)).rows()["新しいアドレス"] == "waruimono@example.com"


async def test_what_was_taken_back_is_what_was_seen(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """Replaced by another proposal meanwhile: 取りやめ is a 409, and the new one goes on waiting."""
    path = await path_of(product)
    await propose(clerk, path)
    seen = {"act": "take-back", "change": (await look(admin, path)).value("change")}
    assert (await clerk.post(path, data=seen)).status_code == 303
    await propose(clerk, path, "futatsume@example.jp")
    assert (await admin.post(path, data=seen)).status_code == 409
    assert (await look(admin, path)).rows()["新しいアドレス"] == "futatsume@example.jp"


async def test_a_second_proposal_waits_for_the_first(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """One at a time for an account."""
    path = await path_of(product)
    await propose(clerk, path)
    second = {"act": "propose", "admin_email": "futatsume@example.jp", "reason": REASON}
    assert (await clerk.post(path, data=second)).status_code == 409
    assert (await look(clerk, path)).rows()["新しいアドレス"] == NEW


async def test_mistakes_are_named_and_kept(product: Product, clerk: httpx.AsyncClient) -> None:
    """No address, no reason."""
    path = await path_of(product)
    page = (await propose(clerk, path, "oss.example.jp", "")).page
    assert (page.status, page.value("admin_email")) == (422, "oss.example.jp")
    assert page.error("admin_email")
    assert page.error("reason") == "ご本人の確認方法を入力してください。"


async def test_the_new_address_lies_sealed_until_it_is_approved(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """Nobody reads it out of the file."""
    await propose(clerk, await path_of(product))
    assert NEW not in "\n".join(product.content())


async def test_a_proposal_whose_key_is_gone_can_be_taken_back(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """Nobody can read it, so nobody approves it; the page says what to do, and that works."""
    path = await path_of(product)
    await propose(clerk, path)
    await product.meddle("UPDATE address_changes SET sealed = :sealed", sealed=bytes(60))
    page = await look(admin, path)
    assert page.status == 200
    assert "この登録は読み取れません。取りやめて、再度登録してください。" in page.text
    assert 'value="approve"' not in page.response.text
    assert ((await approve(admin, path)).status_code, address(product)) == (409, OLD)
    data = {"act": "take-back", "change": page.value("change")}
    assert (await admin.post(path, data=data)).status_code == 303
    assert (await propose(clerk, path)).page.notice


async def test_a_reader_and_a_stranger_get_nowhere(
    product: Product, reader: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """403 for who may only look, 404 for nobody's account, 400 for an act of one's own."""
    path = await path_of(product)
    assert (await reader.get(path)).status_code == 403
    assert (await reader.post(path, data={"act": "propose"})).status_code == 403
    assert (await admin.get("/office/accounts/0/address")).status_code == 404
    assert (await admin.post(path, data={"act": "steal"})).status_code == 400


CHANGED = (
    "利用者が登録内容やパスワードを変更したか、端末をログアウトしたため、承認できなくなりました。"
)


def told(answer: httpx.Response) -> tuple[int, str]:
    """Give what refuses an approval."""
    return answer.status_code, Page(answer).h1


async def test_what_the_owner_changes_meanwhile_voids_the_proposal(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """Any change of 利用者情報; 承認 of the page that was open is a 409 that says why."""
    path = await path_of(product)
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    await change_profile(alice, representative="星野　海")
    await product.settle()
    before = product.content()
    answer = await admin.post(path, data={"act": "approve", "change": change})
    assert told(answer) == (409, "この変更は、承認できなくなりました")
    assert CHANGED in Page(answer).text
    assert product.content() == before


async def test_the_desk_learns_that_a_proposal_was_voided(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """On the first screen, on the account's page, in the trail; a new one may be proposed."""
    path = await path_of(product)
    await propose(clerk, path)
    await change_profile(alice, representative="星野　海")
    desk = await visit(admin, "/office/")
    assert "承認を待っているメールアドレスの変更" not in desk.text
    assert (desk.link("KNCA6288"), CHANGED in desk.text) == (path, True)
    page = await look(admin, path)
    assert CHANGED in page.text
    [row] = product.rows("SELECT detail FROM audit WHERE event = 'address.voided'")
    assert row["detail"] == '{"why": "changed"}'
    assert (await propose(clerk, path)).page.notice
    assert CHANGED not in (await look(admin, path)).text


async def test_a_reset_by_the_owner_voids_the_proposal(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Whoever opens a mailed URL still has the address that is said to be lost."""
    path = await path_of(product)
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    form = await visit(visitor, await payment_link(product, visitor, ALICE))
    await visitor.post(form.action("パスワード初期化"), data=twice(GOOD))
    answer = await admin.post(path, data={"act": "approve", "change": change})
    assert told(answer) == (409, "この変更は、承認できなくなりました")
    assert "利用者がパスワードを初期化したため" in Page(answer).text
    assert address(product) == OLD


@pytest.mark.parametrize("tidied", [False, True])
async def test_a_proposal_ends_after_seven_days(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient, frozen: FrozenClock, *, tidied: bool
) -> None:  # fmt: skip
    """Not a second later is it approved, whether the upkeep has come by or not."""
    path = await path_of(product)
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    frozen.advance(7 * DAY)
    if tidied:
        await background.upkeep(product.services)
        [row] = product.rows("SELECT detail FROM audit WHERE event = 'address.voided'")
        assert row["detail"] == '{"why": "expired"}'
    await enter(admin, ADMIN)
    assert "承認を待っている" not in (await visit(admin, "/office/")).text
    page = await look(admin, path)
    assert "期限までに承認されなかったため、承認できなくなりました。" in page.text
    answer = await admin.post(path, data={"act": "approve", "change": change})
    assert told(answer) == (409, "この変更は、承認できなくなりました")
    assert address(product) == OLD
    assert (await propose(admin, path)).page.notice


async def test_a_profile_that_is_newer_than_the_proposal_is_not_overwritten(
    product: Product, clerk: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    """Also where nothing voided the proposal: its version no longer fits."""
    path = await path_of(product)
    await propose(clerk, path)
    await product.meddle("UPDATE accounts SET profile_version = profile_version + 1")
    assert (await approve(admin, path)).status_code == 409
    assert address(product) == OLD
