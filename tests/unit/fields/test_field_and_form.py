"""A field's verdict on what was typed, and the badges that follow from it."""

import pytest

from web.fields.choice import choice
from web.fields.email import email
from web.fields.field import Answer, Field, Refused
from web.fields.form import Form
from web.fields.kana import kana

KANA = Field("name_kana", "会社・団体名(フリガナ)(全角)", kana())
ADDRESS = Field("notice_email", "申請状況通知用メールアドレス", email, required=False)
KIND = Field("kind", "個人・法人の別", choice({"personal": "個人の方", "corporate": "法人の方"}))


def test_a_field_nobody_judged_shows_no_badge() -> None:
    answer = KANA.blank("ケイジ")
    assert answer == Answer(KANA, "ケイジ")
    assert not answer.checked
    assert not answer.good
    assert answer.error == answer.value == answer.converted == ""


def test_a_good_value_is_ok() -> None:
    answer = KANA.check("ケイジ")
    assert answer.good
    assert answer.value == "ケイジ"
    assert answer.error == ""
    assert answer.converted == ""


def test_a_converted_value_is_ok_and_shown() -> None:
    answer = KANA.check(" ｹｲｼﾞ ")
    assert answer.good
    assert answer.typed == " ｹｲｼﾞ "
    assert answer.converted == answer.value == "ケイジ"


@pytest.mark.parametrize("typed", ["", " ", "\u3000\u3000"])
def test_a_required_field_must_not_be_empty(typed: str) -> None:
    answer = KANA.check(typed)
    assert answer.checked
    assert not answer.good
    assert answer.error == "会社・団体名(フリガナ)を入力してください。"


@pytest.mark.parametrize("typed", ["", " "])
def test_an_optional_field_may_be_empty_but_is_not_ok(typed: str) -> None:
    answer = ADDRESS.check(typed)
    assert answer.checked
    assert answer.error == ""
    assert not answer.good
    assert answer.converted == ""


def test_a_refused_value_keeps_what_was_typed() -> None:
    answer = KANA.check("軽自")
    assert not answer.good
    assert answer.typed == "軽自"
    assert answer.value == answer.converted == ""
    assert "「軽」などの漢字は使えません" in answer.error


def test_a_good_answer_can_be_refused_by_the_form() -> None:
    answer = KANA.check("ｹｲｼﾞ").refused("別のフリガナを入力してください。")
    assert not answer.good
    assert answer.error == "別のフリガナを入力してください。"
    assert answer.typed == "ｹｲｼﾞ"
    assert answer.value == answer.converted == ""


def test_the_width_note_stays_out_of_sentences() -> None:
    assert KANA.noun == "会社・団体名(フリガナ)"
    assert ADDRESS.noun == ADDRESS.label


def test_a_form_lists_its_errors_in_the_order_of_the_screen() -> None:
    form = Form([KIND.check("corporate"), KANA.check("軽自"), ADDRESS.check("a")])
    assert [answer.field.name for answer in form.errors] == ["name_kana", "notice_email"]
    assert not form.ok
    assert form["kind"].value == "corporate"
    assert form.typed == {"kind": "corporate", "name_kana": "軽自", "notice_email": "a"}


def test_a_form_without_errors_is_ok() -> None:
    form = Form([KIND.check("personal"), KANA.check("けいじ"), ADDRESS.check("")])
    assert form.ok
    assert form.errors == []


def test_a_form_has_no_other_fields() -> None:
    with pytest.raises(KeyError):
        Form([])["kind"]


@pytest.mark.parametrize("typed", ["personal", "corporate"])
def test_a_choice_takes_what_the_screen_offers(typed: str) -> None:
    assert KIND.check(typed).value == typed


@pytest.mark.parametrize("typed", ["", "Personal", " personal", "<script>", "個人の方"])
def test_a_choice_refuses_the_rest_without_repeating_it(typed: str) -> None:
    assert KIND.check(typed).error == "「個人の方」、「法人の方」のどちらかを選んでください。"


def test_a_choice_among_three_speaks_of_several() -> None:
    convert = choice({"new": "新規", "change": "変更", "stop": "中止"})
    with pytest.raises(
        Refused, match=r"^「新規」、「変更」、「中止」のいずれか1つを選んでください。$"
    ):
        convert("x")
