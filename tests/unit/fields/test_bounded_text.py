"""No field, form, search or password check works on more text than its bound, whatever is sent."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from functools import cache
from itertools import product
from pathlib import Path
from types import FunctionType
from typing import Any, get_type_hints
from unicodedata import category

import pytest

import web
from tests.support.headers import LARGEST_COOKIE
from tests.unit import parts
from web.banks.directory import banks
from web.banks.folding import LONGEST as BANK_LONGEST
from web.features.direct_debit.search import SEARCHES, find
from web.features.help import search
from web.features.profile.differences import Difference, between
from web.fields.field import KEPT, Field, for_html
from web.fields.form import FormSpec
from web.http import redisplay
from web.security import guessing
from web.security.vault import Vault
from web.settings import Settings
from web.store.accounts import Profile, ProfileKind

pytestmark = pytest.mark.slow

SIZE = 65_536
CACHED = type(cache(len))  # what functools makes of a function
HURTING = {
    "marks of two classes in turn": "\u0300\u0316",
    "half-width kana and marks": "ｶﾞ",
    "kana and many marks": "か\u3099\u309a",
    "letters that fold to more": "ß\u0130\ufb03",
    "Hangul jamo": "\u1100\u1161\u11a8",
    "a ligature of eighteen letters": "\ufdfa",
    "kanji and variation selectors": "葛\U000e0100",
    "look-alikes": "4@8({[<1!|7",
    "one letter": "a",
    "words of a dictionary": "password monkey ",
    "spaces of many kinds": "\u2003 \u3000",
    "digits": "0",
}


def all_of(kind: type[Any]) -> list[Any]:
    """List the objects of a class that stand in any module of the product."""
    found: dict[int, Any] = {}
    for info in pkgutil.walk_packages(web.__path__, "web."):
        if info.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(info.name)).values():
            for each in _held(value):
                if isinstance(each, kind):
                    found[id(each)] = each
    return list(found.values())


def _held(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, tuple) else (value,)


def makers() -> list[Callable[..., FormSpec]]:
    """List the functions that make a form, of every module of the product."""
    found = [*all_of(FunctionType), *all_of(CACHED)]
    return [each for each in found if "FormSpec" in str(each.__annotations__.get("return"))]


def made(make: Callable[..., FormSpec], settings: Settings) -> Iterator[FormSpec]:
    """Make a form in every way; a parameter of which nobody said what it can be is a fault."""
    hints = {name: hint for name, hint in get_type_hints(make).items() if name != "return"}
    for values in product(*(_values(hint, settings) for hint in hints.values())):
        with suppress(KeyError):  # no form for this pair
            yield make(**dict(zip(hints, values, strict=True)))


def _values(hint: Any, settings: Settings) -> list[Any]:
    if hint is Settings:
        return [settings]
    if hint is bool:
        return [False, True]
    if hint is FormSpec:  # one that another field is added to
        return [FormSpec(())]
    if hint == Iterable[Difference]:
        other = Profile(ProfileKind.CORPORATE, "あ", "ア", "い", "a@example.jp", "b@example.jp")
        return [between(Profile(ProfileKind.INDIVIDUAL, "", "", "", "", ""), other)]
    assert issubclass(hint, Enum), f"what can a {hint} be?"
    return [*hint]


def specs(settings: Settings) -> list[FormSpec]:
    """List every form: those of the modules, and those that functions make."""
    return [*all_of(FormSpec), *(each for make in makers() for each in made(make, settings))]


def fields(settings: Settings) -> list[Field]:
    """List every field."""
    held = [each for spec in specs(settings) for each in spec.fields]
    return list({id(each): each for each in (*all_of(Field), *held)}.values())


def test_the_walk_finds_forms_that_functions_make(settings: Settings) -> None:
    """Those of passwords, of a conflict, of a 届出書; a parameter that nobody knows stops it."""
    found = {f"{make.__module__}.{make.__name__}" for make in makers()}
    assert {"web.features.issuance.form.passwords", "web.office.password.form.change"} <= found
    assert "web.features.profile.differences.spec" in found

    def unheard_of(_: bytes) -> FormSpec:
        return FormSpec(())

    with pytest.raises(AssertionError, match="what can a"):
        list(made(unheard_of, settings))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings of a test."""
    return parts.settings(tmp_path)


@pytest.mark.parametrize("piece", HURTING.values(), ids=HURTING)
def test_no_field_converts_more_than_its_longest(
    settings: Settings, piece: str, normalised: list[int]
) -> None:
    """What is longer is refused unread, with its length, and only its beginning is kept."""
    text = (piece * SIZE)[:SIZE]
    found = fields(settings)
    assert len(found) > 30
    for field in found:
        converted: list[int] = []

        def spy(typed: str, field: Field = field, seen: list[int] = converted) -> str:
            seen.append(len(typed))
            return field.convert(typed)

        answer = replace(field, convert=spy).check(text)
        said = f"長すぎます。{field.longest}文字以内で入力してください。現在は{SIZE}文字です。"
        assert (converted, answer.error) == ([], said), field.name
        assert len(answer.typed) == max(KEPT, field.longest + 1)
        again = field.check(answer.typed)
        assert again.error, f"{field.name}: what is kept of it would be taken"
        field.check(text[: field.longest])
    assert max(normalised, default=0) <= max(each.longest for each in found)


def test_no_field_takes_more_than_a_few_hundred_characters(settings: Settings) -> None:
    """But for IDs and passwords, and what a passkey answers, which no conversion sees."""
    more = {"user_id": 1_024, "staff_name": 1_024, "credential": 16_384}
    for field in fields(settings):
        most = 1_024 if field.type == "password" else more.get(field.name, 400)
        assert field.longest <= most, field.name


@pytest.mark.parametrize("piece", HURTING.values(), ids=HURTING)
def test_no_form_shows_or_keeps_more_than_its_fields_take(settings: Settings, piece: str) -> None:
    """Judged, shown again or blank: the texts of a form are as short as its fields say."""
    text = (piece * SIZE)[:SIZE]
    for spec in specs(settings):
        given = dict.fromkeys(spec.names, text)
        whole = all(not each.only_for or each.only_for[0] in spec.names for each in spec.fields)
        judged = [spec.parse(given), spec.with_errors(given, {})] if whole else []
        for form in (*judged, spec.blank(given)):
            for field in spec.fields:
                kept = max(len(form[field.name].typed), len(form.values[field.name]))
                assert kept <= max(KEPT, field.longest + 1), field.name
        for field in spec.fields:
            one = {field.name: text} | ({field.beside: text} if field.beside else {})
            answer = spec.check(one)
            assert answer is None or len(answer.typed) <= max(KEPT, field.longest + 1)


@pytest.mark.parametrize("piece", [*HURTING.values(), "漢", "😀", '"', "\x01"])
def test_no_form_that_is_shown_again_is_larger_than_a_cookie(
    settings: Settings, piece: str
) -> None:
    """Browsers drop a cookie of more than 4 KB without a word; then neither text nor message is shown."""
    text, vault = (piece * SIZE)[:SIZE], Vault(settings.secret_key)
    for spec in specs(settings):
        if any(each.only_for and each.only_for[0] not in spec.names for each in spec.fields):
            continue
        form = spec.parse(dict.fromkeys(spec.names, text))
        content = redisplay.content_of(form, {"id": "0" * 32, "once": "0" * 32})
        cookie = vault.seal_text("stash", {"until": 2**32, **content})
        assert len("__Host-stash-password_reset-ask_payment") + len(cookie) <= LARGEST_COOKIE
        shown = spec.with_errors(content["typed"], content["errors"])
        assert shown.messages == form.messages


def test_html_gets_no_character_that_it_must_not_hold() -> None:
    """Neither control characters nor noncharacters nor halves of characters; everything else stays."""
    for code in range(0x110000):
        letter = chr(code)
        barred = (
            category(letter) in {"Cc", "Cs"} or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
        )
        assert for_html(letter) == ("" if barred else letter)


@pytest.mark.parametrize("piece", HURTING.values(), ids=HURTING)
def test_a_search_is_folded_once_and_has_few_words(piece: str, normalised: list[int]) -> None:
    """Words are looked for once each, in the beginning of what was asked."""
    words = search.words_of((f"{piece} " * SIZE)[:SIZE])
    assert len(words) <= search.MOST_WORDS
    assert len(words) == len(set(words))
    assert len(normalised) == 1
    assert max(normalised) <= search.LONGEST


@pytest.mark.parametrize("piece", HURTING.values(), ids=HURTING)
def test_no_search_for_a_bank_or_branch_folds_more_than_the_longest_name(
    piece: str, normalised: list[int]
) -> None:
    """Neither what is looked for nor the bank that stands beside it."""
    banks()  # read before, which folds every name of the list
    text = (piece * SIZE)[:SIZE]
    normalised.clear()
    for field, bank in product(SEARCHES, (text, "0001")):
        assert not find(field, text, bank).texts
    assert max(normalised, default=0) <= BANK_LONGEST


@pytest.mark.parametrize("piece", HURTING.values(), ids=HURTING)
def test_the_judge_of_passwords_reads_little(monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    """Neither the password nor the words it must not be built on make zxcvbn read more."""
    seen: list[tuple[int, list[str]]] = []

    def judged(typed: str, user_inputs: list[str]) -> dict[str, Any]:
        seen.append((len(typed), user_inputs))
        return {"score": 4}

    monkeypatch.setattr(guessing, "zxcvbn", judged)
    text = (f"{piece}{piece}{piece} " * SIZE)[:SIZE]
    guessing.weakness(text, [text, *(f"{text[:50]}{each}" for each in range(500))])
    ((length, known),) = seen
    # whole repetitions of it
    assert guessing.LONGEST_JUDGED / 2 < length <= guessing.LONGEST_JUDGED
    assert len(known) <= guessing.MOST_WORDS
    assert max(map(len, known)) <= 3 * guessing.LONGEST_WORD  # lower case may be longer


def test_a_search_looks_for_few_words_and_for_each_once() -> None:
    """Every word more is looked for in every text of the help."""
    assert len(search.words_of("a b c d e f g h i j k l")) == search.MOST_WORDS
    assert search.words_of("a b a B") == ["a", "b"]
