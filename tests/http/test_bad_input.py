"""Every field of every form, filled in wrong: a message at the field, nothing typed lost."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.dump import dump
from tests.support.forms import FORMS
from tests.support.page import Page
from tests.support.press import Press
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MISSING = "(the field is not sent)"
UNSEEN = re.compile("[\x00-\x1f\ufffd]")  # a parser of HTML reads U+0000 as U+FFFD
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
LONG = "A" * 1100
# What a field of any kind refuses.
ANYWHERE = {
    "empty": "",
    "missing": MISSING,
    "too long": LONG,
    "control": "\x07",
    "line break": "軽自\r\n太郎",
    "NUL": "軽自\x00太郎",
}
FIELDS = {
    "L1": ("user_id", "password"),
    "C1": ("user_id", "current_password", "new_password", "new_password_again"),
    "R1": ("user_id", "admin_email"),
    "U1 company": (
        "kind",
        "corporate_kana",
        "corporate_name",
        "representative",
        "admin_email",
        "admin_email_again",
        "notice_email",
        "notice_email_again",
    ),
    "U1 person": ("individual_kana", "individual_name"),
    "U2": ("current_password",),
    "B4": ("new_password", "new_password_again"),
    "R4": ("new_password", "new_password_again"),
    "conflict": ("representative", "name"),
    "I2": ("email", "email_again"),
    "I4 company": (
        "kind",
        "corporate_kana",
        "corporate_name",
        "representative",
        "notice_email",
        "notice_email_again",
    ),
    "I4 person": ("individual_kana", "individual_name"),
    "I5": ("payment_password", "payment_password_again", "bulk_password", "bulk_password_again"),
}
WITHOUT_LOGIN = {"L1", "R1", "C1", "I2"}
# Drafts keep what was typed; a wrong password is counted and noted; all else must stay as it was.
NOTES = ("drafts", "failures", "audit", "audit_marks")


def cases(form: str) -> Iterator[tuple[str, str, str]]:
    """Give every field of a form with everything that is wrong in it, by name."""
    for field in FIELDS[form]:
        for case, typed in _cases(form, field):
            yield field, case, typed


def _cases(form: str, field: str) -> Iterator[tuple[str, str]]:
    if field == "kind" or form == "conflict":
        yield from (("empty", ""), ("missing", MISSING), ("unknown", "robot"), ("emoji", "😀"))
        yield from (("too long", LONG), ("NUL", "typed\x00"), ("line break", "typed\r\n"))
        return
    if "email" in field:
        yield from (("too long a domain", f"a@{'b' * 300}.jp"), ("wrong script", "軽自@例.jp"))
    if field.endswith("_kana"):
        yield from (("wrong script", "軽自動車"), ("unknown sign", "ケイジ@"))
    if (form, field) != ("R1", "user_id"):  # an ID is folded and looked up, never judged
        yield "emoji", "😀"
    yield from ANYWHERE.items()


def seen(text: str) -> str:
    """Give what a person sees of a text in a one-line field: no control characters."""
    return UNSEEN.sub("", text)


def check(form: str, field: str, sent: dict[str, str], page: Page, case: str) -> None:
    """Raise AssertionError unless the page helps: status, message at the field, all values."""
    assert page.status in ({409, 422} if form == "conflict" else {422}), case
    places = [field, f"{field}_again"] + ["user_id"] * ("password" in field)
    messages = [page.error(name) for name in places if page.error(name)]
    assert messages, f"{case}: no message at {field}: {page.summary}"
    assert JAPANESE.search(messages[0]), case
    assert messages[0] in page.summary, case
    for name, typed in sent.items():
        if "password" in name:
            assert page.value(name) == "", f"{case}: {name}"
        elif not (name == field and (field == "kind" or form == "conflict")):
            shown, whole = seen(page.value(name)), seen(typed)
            cut = form in WITHOUT_LOGIN and len(typed) > 250 and len(shown) >= 250
            assert shown == (whole[: len(shown)] if cut else whole), f"{case}: {name}"


@pytest.mark.parametrize("form", FIELDS)
async def test_a_wrong_answer_gets_a_message_at_its_field_and_everything_is_kept(
    product: Product, visitor: httpx.AsyncClient, press: Press, form: str
) -> None:
    """422 with Japanese words, the other values in place, passwords empty, nothing written.

    The linter reads every answer: no control character gets into HTML (HTML Standard 13.2.3.5).
    """
    filled = await FORMS[form](product, visitor)
    await product.settle()
    before = dump(product, *NOTES)
    for field, case, typed in cases(form):
        sent = {**filled.fields, field: typed}
        if typed == MISSING:
            del sent[field]
        page = (await press(visitor, filled.action, sent)).page
        check(form, field, sent, page, f"{field}: {case}")
        if case == "NUL":
            await product.meddle("DELETE FROM failures")
    assert dump(product, *NOTES) == before
