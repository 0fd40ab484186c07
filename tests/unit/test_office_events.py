"""The details of the audit trail, as the office reads them: in words, never as the codes that are stored."""

import pytest

from web.office.events import details


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
