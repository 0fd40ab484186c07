"""The details of the audit trail, as the office reads them: in words, never as the codes that are stored."""

from inspect import getclosurevars

import pytest
from starlette.routing import Route

from web.office import events
from web.office.accounts.form import NEEDED
from web.office.events import details
from web.routes import ROUTES
from web.store.staff import Role


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('{"kind": "payment"}', [("種類", "納付利用者")]),
        ('{"device": "new"}', [("端末", "初めての端末")]),
        ('{"name": "kanri", "role": "admin"}', [("担当者ID", "kanri"), ("権限", "管理者")]),
        ('{"form": "profile"}', [("画面", "利用者情報変更")]),
        (
            '{"of": "login.done", "links": 0}',
            [("対象の操作", "ログインしました"), ("使用できないようにしたURL", "0")],
        ),
        ('{"items": "", "number": "20261128-1"}', [("番号・件数", "20261128-1")]),
    ],
)
def test_codes_are_put_into_words(written: str, shown: list[tuple[str, str]]) -> None:
    """What is empty is left out."""
    assert details(written) == shown


def test_a_code_of_a_newer_release_is_shown_as_it_is() -> None:
    """After going back a release the trail is still shown."""
    assert details('{"role": "auditor", "moon": 1}') == [("権限", "auditor"), ("moon", "1")]


def test_every_act_that_a_role_may_be_refused_has_words() -> None:
    """操作の記録 names what was refused; a new act of a 担当者 gets its words here."""
    acts = {
        each.name
        for each in ROUTES
        if isinstance(each, Route) and "POST" in (each.methods or ()) and _asks_for_a_role(each)
    }
    assert {"office/act", "office/unlock"} <= acts
    assert acts <= set(events.REFUSED)
    assert set(NEEDED) <= set(events.REFUSED)


def _asks_for_a_role(row: Route) -> bool:
    role = getclosurevars(row.endpoint).nonlocals.get("role")
    return isinstance(role, Role) and not Role.READER.may(role)
