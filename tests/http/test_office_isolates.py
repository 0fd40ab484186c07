"""What people typed stands isolated on the pages of the office: it cannot reorder what is beside it."""

from xml.etree.ElementTree import Element

import httpx
import pytest

from tests.http.test_office_reports import close, report
from tests.support.office import bounce, hand_in, id_of, look, picked
from tests.support.people import ALICE
from tests.support.press import natively, visit
from tests.support.product import Product

pytestmark = pytest.mark.anyio

MARKERS = {
    "name": "しるし名",
    "name_kana": "シルシカナ",
    "representative": "しるし代表",
    "admin_email": "mark-admin@example.jp",
    "notice_email": "mark-notice@example.jp",
}
TYPED = [*MARKERS.values(), "m***@example.jp", "しるし理由", "ｹｲｼﾞ"]


def bare(element: Element, *, isolated: bool = False) -> list[str]:
    """List the texts outside of any bdi; the title of a window has no elements in it."""
    isolated = isolated or element.tag in {"bdi", "title"}
    found = [] if isolated or not element.text else [element.text]
    for child in element:
        if isinstance(child.tag, str):
            found += bare(child, isolated=isolated)
        found += [] if isolated or not child.tail else [child.tail]
    return found


async def test_every_page_of_the_office_isolates_what_people_typed(
    product: Product, admin: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """Names, addresses, reasons: wherever one stands, it stands in a bdi; each of these pages shows some."""
    for column, text in MARKERS.items():
        await product.meddle(f"UPDATE accounts SET {column} = :text", text=text)  # noqa: S608
    product.post.answer = lambda _: "550 no such user"
    paper, account = await hand_in(product, ALICE), await id_of(product, ALICE)
    await bounce(product)
    case = await report(product, alice)
    reason = {"act": "end-sessions", "reason": "しるし理由"}
    await admin.post(f"/office/accounts/{account}/act", data=reason)
    new = {"act": "propose", "admin_email": "new@example.jp", "reason": "しるし理由"}
    await admin.post(f"/office/accounts/{account}/address", data=new)
    pages = {"the desk while the case is open": await visit(admin, "/office/")}
    pages["a case that is closed"] = await close(admin, case, note="しるし理由")
    of_accounts = [
        f"/office/forms/{paper.id}", f"/office/accounts/{account}", f"/office/accounts/{account}/address",
        f"/office/accounts/{account}/retire", case,
    ]  # fmt: skip
    lists = ["/office/forms", "/office/mails", "/office/audit", picked(paper, "arrived")]
    pages |= {address: await look(admin, address) for address in of_accounts}
    pages |= {address: await visit(admin, address) for address in lists}
    pages["the list of a search"] = (
        await natively(admin, "/office/accounts", {"sought": "KNCA"})
    ).page
    seen = {name: {each for each in TYPED if each in page.text} for name, page in pages.items()}
    for name, page in pages.items():
        outside = "\n".join(bare(page.root))
        assert not [each for each in TYPED if each in outside], name
    assert not [name for name, found in seen.items() if not found]
    assert set().union(*seen.values()) == set(TYPED)
