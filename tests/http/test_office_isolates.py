"""What people typed stands isolated on the pages of the office: it cannot reorder what is beside it."""

from xml.etree.ElementTree import Element

import httpx
import pytest

from tests.support.office import bounce, hand_in, id_of, picked
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.product import Product

pytestmark = pytest.mark.anyio

MARKERS = {
    "name": "しるし名",
    "name_kana": "シルシカナ",
    "representative": "しるし代表",
    "admin_email": "mark-admin@example.jp",
    "notice_email": "mark-notice@example.jp",
}
TYPED = [*MARKERS.values(), "しるし理由", "ｹｲｼﾞ"]


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
    product: Product, admin: httpx.AsyncClient
) -> None:
    """Names, addresses, reasons: wherever one stands, it stands in a bdi."""
    paper, account = await hand_in(product, ALICE), await id_of(product, ALICE)
    await bounce(product)
    for column, text in MARKERS.items():
        await product.meddle(f"UPDATE accounts SET {column} = :text", text=text)  # noqa: S608
    reason = {"act": "end-sessions", "reason": "しるし理由"}
    await admin.post(f"/office/accounts/{account}/act", data=reason)
    new = {"act": "propose", "admin_email": "new@example.jp", "reason": "しるし理由"}
    await admin.post(f"/office/accounts/{account}/address", data=new)
    pages = [
        "/office/", "/office/forms", "/office/accounts?sought=KNCA6288", "/office/mails",
        "/office/audit", f"/office/forms/{paper.id}", f"/office/accounts/{account}",
        f"/office/accounts/{account}/address", picked(paper, "arrived"),
    ]  # fmt: skip
    seen = set()
    for address in pages:
        page = await visit(admin, address)
        seen |= {each for each in TYPED if each in page.text}
        outside = "\n".join(bare(page.root))
        assert not [each for each in TYPED if each in outside], address
    assert set(TYPED) - seen == set()
