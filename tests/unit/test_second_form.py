"""What is typed where a second factor is asked for: people copy it from paper, telephones and mails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.fields.field import Field
from web.office.factor_key import KEY
from web.steps import current_password, second_form
from web.steps.factor_names import NAME
from web.steps.second_form import ALPHABET, BY_CODE, CODE, MAILED, PASSKEY, RECOVERY

WIDE = str.maketrans({chr(0x21 + n): chr(0xFF01 + n) for n in range(94)})
LETTERS = st.text(ALPHABET, min_size=12, max_size=12)
BETWEEN = st.lists(
    st.sampled_from(["", " ", "-", "‐", "–", "—", "−", "ー", "　", "\t"]), min_size=25
)
PAPER = "予備コードは、2桁の番号と12文字です。紙に書かれているとおりに入力してください。例：03-K7QM-2XDP-9RTB"


def spelled(text: str, between: list[str], *, wide: bool, small: bool) -> str:
    """Write something as somebody copies it."""
    text = text.lower() if small else text
    text = text.translate(WIDE) if wide else text
    return "".join(letter + gap for letter, gap in zip(text, between, strict=False))


@given(number=st.integers(0, 10**6 - 1), between=BETWEEN, wide=st.booleans())
def test_a_code_is_its_digits(number: int, between: list[str], wide: bool) -> None:
    """Whatever stands between them, in any width."""
    code = f"{number:06d}"
    between = [each.replace("\t", " ") for each in between]
    typed = spelled(code, between, wide=wide, small=False)
    assert CODE.check(typed).value == code


@pytest.mark.parametrize(("field", "length"), [(CODE, 6), (MAILED, 8)])
def test_a_code_of_another_length_is_refused_and_counted_out(field: Field, length: int) -> None:
    """One digit less, one more."""
    for more in (-1, 1):
        number = length + more
        error = f"確認コードは{length}桁の数字です。現在は{number}桁です。"
        assert field.check("1" * number).error == error
    assert field.check("1" * length).value == "1" * length
    assert field.check("").error == f"{field.label}を入力してください。"
    assert field.check("1" * (length - 1) + "x").error == (
        "「x」は使えません。確認コードは数字で入力してください。"
    )


@given(st.integers(0, 99), LETTERS, BETWEEN, st.booleans(), st.booleans())
def test_a_recovery_code_is_read_as_people_copy_it(
    number: int, letters: str, between: list[str], wide: bool, small: bool
) -> None:
    """Small or full-width, with hyphens of any kind, or none."""
    typed = spelled(f"{number:02d}{letters}", between, wide=wide, small=small)
    assert RECOVERY.check(typed).value == f"{number:02d}{letters}"
    assert RECOVERY.check(second_form.written(number, letters)).value == f"{number:02d}{letters}"


def test_a_recovery_code_is_written_in_groups() -> None:
    """As the hint shows it."""
    assert second_form.written(3, "K7QM2XDP9RTB") == "03-K7QM-2XDP-9RTB"
    assert second_form.written(3, "K7QM2XDP9RTB") in RECOVERY.hint


def test_letters_that_look_like_digits_are_those_digits() -> None:
    """O is 0; I and L are 1: neither of them is ever printed."""
    assert RECOVERY.check("O1-OIL0-oil0-AAAA").value == "0101100110AAAA"
    assert not set("OILU") & set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    ["03-K7QM-2XDP-9RT", "03-K7QM-2XDP-9RTBB", "A3-K7QM-2XDP-9RTB", "03-K7QM-2XDP-9RTU", "03-K7QM-2XDP-9RT。"],
    ids=["short", "long", "no number", "a letter that is none", "a sign"],
)  # fmt: skip
def test_what_is_no_recovery_code_is_said(typed: str) -> None:
    """With one that shows how it looks."""
    assert RECOVERY.check(typed).error == PAPER


def test_what_is_missing_is_said() -> None:
    """Blanks and hyphens are nothing."""
    for typed in ("", " 　", "---"):
        assert RECOVERY.check(typed).error == "予備コードを入力してください。"
        assert KEY.check(typed).error == "登録キーを入力してください。"


@given(st.text(ALPHABET, min_size=20, max_size=20), BETWEEN, st.booleans(), st.booleans())
def test_a_key_of_the_office_is_read_likewise(
    letters: str, between: list[str], wide: bool, small: bool
) -> None:
    """It is handed over on paper, too."""
    assert KEY.check(spelled(letters, between, wide=wide, small=small)).value == letters


@pytest.mark.parametrize("typed", ["0" * 19, "0" * 21, "0" * 19 + "U"])
def test_what_is_no_key_of_the_office_is_said(typed: str) -> None:
    """Its length, its letters."""
    assert KEY.check(typed).error.startswith("登録キーは、英数字20文字です。")


@pytest.mark.parametrize("field", [CODE, MAILED, RECOVERY, PASSKEY, KEY])
def test_what_proves_something_is_never_shown_again(field: Field) -> None:
    """Nor is it praised by a badge, which would tell who looks on."""
    assert field.secret
    assert not field.check("123456").checked or field.check("123456").error


def test_telephones_offer_what_fits() -> None:
    """The code of an app and of a mail, on a keyboard of digits."""
    for field in (CODE, MAILED):
        assert (field.autocomplete, field.inputmode) == ("one-time-code", "numeric")
    assert "6桁" in CODE.hint
    assert "8桁" in MAILED.hint


def test_beside_the_answer_of_a_passkey_no_code_is_asked() -> None:
    """Whatever stands in its field is left out of account."""
    for typed in ("", "12", "123456"):
        form = second_form.judge(BY_CODE, {"code": typed, "credential": "{}"})
        assert form.ok
        assert form.values == {"code": "", "credential": "{}"}
    for given_ in ({}, {"credential": ""}):
        form = second_form.judge(BY_CODE, given_)
        assert form.messages == {"code": "確認コードを入力してください。"}
    assert second_form.judge(BY_CODE, {"code": "123456"}).values["code"] == "123456"


def test_who_has_no_app_is_asked_for_the_passkey() -> None:
    """Where the message belongs; what was right stays as it was."""
    wrong = second_form.judge(BY_CODE, {"code": ""})
    assert second_form.without_app(wrong).messages == {
        "credential": "「パスキーで確認」を押してください。"
    }
    right = second_form.judge(BY_CODE, {"code": "123456"})
    assert second_form.without_app(right) is right


def test_who_has_a_second_factor_is_asked_for_it_and_who_has_none_for_the_password() -> None:
    """Before an act of somebody who is logged in."""
    assert second_form.asked(second=True) is BY_CODE
    assert second_form.asked(second=False) is current_password.SPEC


def test_a_passkey_s_answer_has_room_for_a_chain_of_certificates() -> None:
    """16,384 characters, and not one more."""
    assert PASSKEY.check("x" * 16_384).value == "x" * 16_384
    assert PASSKEY.check("x" * 16_385).error.startswith("長すぎます。16384文字以内で")
    assert PASSKEY.check("").error == ""


def test_a_name_for_a_device_is_one_that_can_be_shown() -> None:
    """Forty characters, nothing that hides or turns the text around."""
    assert NAME.check(" 花子の電話　").value == "花子の電話"
    assert NAME.check("あ" * 40).value == "あ" * 40
    assert "40文字以内" in NAME.check("あ" * 41).error
    assert NAME.check("花子\u202eの電話").error
    assert NAME.check("").error == "名前を入力してください。"


def test_a_recovery_code_has_letters_that_nobody_mistakes() -> None:
    """Crockford's: no I, L, O and U."""
    assert second_form.ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
