"""What holds for every conversion, whatever anybody types."""

import re
from collections.abc import Callable
from inspect import unwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from web.fields.choice import choice
from web.fields.email import email, quoted
from web.fields.field import Refused
from web.fields.kana import kana
from web.fields.names import name
from web.fields.radicals import radicals_as_kanji
from web.fields.text import password
from web.fields.user_id import user_id
from web.fields.width import to_full_width, to_half_width

pytestmark = pytest.mark.slow

NOISE = (
    " \u3000\u00a0\t\r\n\x00\x07\x1f-‐−ー－ｰ〜～・･.,@<>\"'()\\＠．"
    "\u200b\u200d\u202e\ufe00\ufe0e\ufe0f\u20e3\U000e0100\ufeff\ufffd\ud83d\ue000"
    "ﾞﾟ゛゜\u3099\u309aゝヾ㈱①㌔℡㍿Ⅲ♪❤😀🏽🇯🇵⭐々〇"
)
JAPANESE = "あがぱゔゕアガパヴヷヽｱｶﾊｳﾜｦ軽自神\ufa19海\ufa45塚\ufa10﨑髙濵𠮷葛ABCxyz019ＡＢｘｙ０１"
CLEAN = "アー・\u3000Ａ０軽自 aZ09.-@"
ANYTHING = st.characters(exclude_categories=())
TYPED = st.text(st.sampled_from(NOISE + JAPANESE) | ANYTHING, max_size=90)
PLAIN = st.text(st.sampled_from(JAPANESE + " \u3000-－ー・ﾞﾟ\u3099"), max_size=40)
CARRIERS = "docomo.ne.jp|ezweb.ne.jp|au.com|softbank.ne.jp|t.vodafone.ne.jp|i.softbank.jp"
OF_CARRIER = st.from_regex(rf"[a-z0-9_.-]{{1,20}}@({CARRIERS})", fullmatch=True)
ADDRESS = OF_CARRIER | st.text(st.sampled_from("aZ09.-_@ Ａｚ０．－＠,"), max_size=20) | st.emails()

CONVERSIONS: dict[str, Callable[[str], str]] = {
    "kana": kana(),
    "name of 60": name(60),
    "name of 40": name(40),
    "email": email,
    "user ID": user_id,
    "password": password,
    "choice": choice({"personal": "個人の方", "corporate": "法人の方"}),
}

KANJI = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9\U00020000-\U0002fffd\U00030000-\U0003fffd]"
    "[\U000e0100-\U000e01ef\ufe00-\ufe02]?"
)
HALF_WIDTH = re.compile("[ -~\uff61-\uff9f]")
SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f]|\u3000\u3000|^\u3000|\u3000\\Z")
# RFC 5321, Dot-string or Quoted-string, and Domain, and the longest address taken.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
MAILBOX = re.compile(
    rf"(?=.{{1,256}}\Z)(?:{ATOM}(?:\.{ATOM})*|\"{ATOM}(?:\.+{ATOM})*\.*\")"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{1,63}|xn--[a-z0-9-]{0,58}[a-z0-9])\Z"
)

every_conversion = pytest.mark.parametrize("convert", CONVERSIONS.values(), ids=CONVERSIONS)
thoroughly = settings(max_examples=100)


def registered(convert: Callable[[str], str], typed: str) -> str | None:
    """Convert, or give None if the text is refused; anything else than Refused fails the test."""
    try:
        return convert(typed)
    except Refused:
        return None


@every_conversion
@thoroughly
@given(typed=TYPED | PLAIN | ADDRESS)
@example(typed="ｶﾞﾞ゛\u3099")
@example(typed=" \u3000\ud83d")
def test_what_is_registered_is_accepted_and_kept(convert: Callable[[str], str], typed: str) -> None:
    value = registered(convert, typed)
    if value is not None:
        assert convert(value) == value


@pytest.mark.parametrize("what", ["kana", "name of 60", "name of 40", "email", "user ID"])
@settings(max_examples=300)
@given(typed=st.text(st.sampled_from(JAPANESE + CLEAN), max_size=90) | PLAIN | ADDRESS)
@example(typed="ア" * 61)
@example(typed="軽自　太郎")
@example(typed="軽自\n")
@example(typed="u1@a--b.example.jp")
@example(typed=f"u1@{'a' * 64}.jp")
def test_the_short_way_gives_what_the_long_way_gives(what: str, typed: str) -> None:
    convert = CONVERSIONS[what]
    assert unwrap(convert) is not convert
    assert registered(convert, typed) == registered(unwrap(convert), typed)


@every_conversion
@thoroughly
@given(typed=TYPED | ADDRESS)
@example(typed="😀" + "\ufe0f" * 500)
@example(typed="👨" + "\u200d👩" * 500)
@example(typed="a\u200d\u202e")
@example(typed="😀\ud83d")
def test_a_refusal_can_be_shown_on_a_page(convert: Callable[[str], str], typed: str) -> None:
    try:
        convert(typed)
    except Refused as refusal:
        message = str(refusal)
        assert message.encode()
        assert message.endswith("。")
        assert len(message) < 300
        assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2028\u2066-\u2069]", message)
        assert not re.search("不正|無効", message)


@thoroughly
@given(typed=TYPED | PLAIN)
def test_a_kana_has_only_what_the_rule_allows(typed: str) -> None:
    value = registered(kana(), typed)
    if value is not None:
        assert re.fullmatch("[ァ-ヺーヽヾㇰ-ㇿ・\u3000Ａ-Ｚ０-９]{0,60}", value)
        assert not SPACES.search(value)


@thoroughly
@given(typed=st.text(st.sampled_from("あがゔゖゝアガヴヶｱﾜｬABCxyz019ａＺ０ 　・･ー"), max_size=40))
def test_no_kana_letter_digit_or_space_is_refused_in_a_kana(typed: str) -> None:
    assert kana()(typed) is not None


@thoroughly
@given(typed=TYPED | PLAIN)
def test_a_name_has_nothing_half_width_and_no_stray_space(typed: str) -> None:
    value = registered(name(60), typed)
    if value is not None:
        assert not HALF_WIDTH.search(value)
        assert not SPACES.search(value)


@thoroughly
@given(typed=TYPED | PLAIN | st.text(st.characters(categories=["Lo"]), max_size=30))
@example(typed="神\ufa19海\ufa45塚\ufa10葛\U000e0100𠮷\U0002f800 髙﨑")
def test_a_name_keeps_every_kanji_in_its_place(typed: str) -> None:
    value = registered(name(60), typed)
    if value is not None:
        assert KANJI.findall(value) == KANJI.findall(radicals_as_kanji(typed))


@thoroughly
@given(kanji=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=60))
def test_no_kanji_is_refused_in_a_name(kanji: str) -> None:
    assert name(60)(kanji) == kanji


@thoroughly
@given(typed=ADDRESS | TYPED)
def test_an_address_can_be_sent_to(typed: str) -> None:
    value = registered(email, typed)
    if value:
        assert MAILBOX.match(quoted(value))
        assert quoted(value).replace('"', "") == value


@thoroughly
@given(
    local=st.from_regex(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z]{1,9})?", fullmatch=True),
    domain=st.from_regex(r"([a-zA-Z0-9]{1,20}\.){1,3}[a-zA-Z]{2,9}", fullmatch=True),
)
def test_an_address_keeps_its_local_part_in_any_width(local: str, domain: str) -> None:
    expected = f"{local}@{domain.lower()}"
    assert email(f"{local}@{domain}") == expected
    assert email(to_full_width(f"{local}@{domain}")) == expected


@thoroughly
@given(typed=TYPED | PLAIN | ADDRESS)
def test_an_id_is_small_and_has_nothing_full_width(typed: str) -> None:
    value = registered(user_id, typed)
    if value is not None:
        assert len(value.encode()) <= 1024
        assert not re.search("[a-z\u3000\uff01-\uff5e\x00-\x1f]", value)


@thoroughly
@given(typed=TYPED)
def test_a_password_is_never_changed(typed: str) -> None:
    assert registered(password, typed) in {typed, None}


@thoroughly
@given(text=st.text(ANYTHING))
def test_to_half_width_touches_full_width_ascii_alone(text: str) -> None:
    assert len(to_half_width(text)) == len(text)
    for before, after in zip(text, to_half_width(text), strict=True):
        if re.match("[\u3000\uff01-\uff5e]", before):
            assert re.match("[ -~]", after)
        else:
            assert after == before


@thoroughly
@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_ascii_comes_back_from_full_width(text: str) -> None:
    assert re.fullmatch("[\u3000\uff01-\uff5e]*", to_full_width(text))
    assert to_half_width(to_full_width(text)) == text


@thoroughly
@given(text=st.text(ANYTHING | st.sampled_from(NOISE + JAPANESE)))
def test_to_full_width_leaves_nothing_half_width(text: str) -> None:
    once = to_full_width(text)
    assert not HALF_WIDTH.search(once)
    assert to_full_width(once) == once
    assert KANJI.findall(once) == KANJI.findall(text)
