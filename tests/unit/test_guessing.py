"""Which passwords are too easy to guess, and that the reader is told why."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn import matching

from tests.support.people import ALICE
from tests.support.product import Product
from web.security.guessing import LONGEST_JUDGED, weakness

pytestmark = pytest.mark.slow

REFUSED = "推測されやすいパスワードです。"
MEND = "ほかの言葉を足すなどして、推測されにくいものにしてください。"
WORD = "よく使われる言葉や、ID・お名前・メールアドレスに近い言葉が含まれています。"
REPEAT = "同じ文字や言葉の繰り返しが含まれています。"
SEQUENCE = "abc や 123 のような並びが含まれています。"
DATE = "日付が含まれています。"
YEAR = "年(2024 など)が含まれています。"
OWN = (
    "KNCA6288",
    "KICA6288",
    "軽自行政書士事務所",
    "ケイジギョウセイショシジムショ",
    "軽自　太郎",
    "k-oss@keikenkyo.or.jp",
)
COMMON = {
    "password1234": WORD,
    "Password123!": WORD,
    "P@ssw0rd1234": WORD,
    "passwordpassword": REPEAT,
    "123456789012": WORD,
    "987654321098": SEQUENCE,
    "111111111111": REPEAT,
    "aaaaaaaaaaaa": REPEAT,
    "aaaaaaaaaaab": REPEAT,
    "abcdefghijkl": SEQUENCE,
    "あいうえおかきくけこさし": SEQUENCE,
    "ああああああああああああ": REPEAT,
    "パスワードパスワードパ": REPEAT,
    "qwertyuiop12": WORD,
    "asdfghjklqwe": WORD,
    "1qaz2wsx3edc": WORD,
    "qazwsxedcrfv": WORD,
    "iloveyou1234": WORD,
    "letmein12345": WORD,
    "welcome12345": WORD,
    "administrator": WORD,
    "admin1234567": WORD,
    "dragon123456": WORD,
    "doraemon1234": WORD,
    "sunshine2024": WORD,
    "footballfootball": REPEAT,
    "suzukisuzuki": REPEAT,
    "tokyotokyo12": REPEAT,
    "abc123abc123": REPEAT,
    "20240101password": DATE,
    "201909201557": YEAR,
    "keijidosha12": WORD,
    "mypagemypage": REPEAT,
    "keioss202409": WORD,
}
ABOUT_ONESELF = (
    "knca62886288",
    "KNCA6288KNCA6288",
    "KICA6288kica",
    "knca6288password",
    "軽自行政書士事務所2024",
    "軽自行政書士事務所-6288",
    "ケイジギョウセイショシジムショ",
    "軽自　太郎軽自　太郎軽自",
    "k-oss@keikenkyo.or.jp",
    "k-osskeikenkyo",
    "keikenkyo2024",
)
GOOD = (
    ALICE.payment_password,
    ALICE.bulk_password,
    "kuroi-neko-no-yume-88",
    "correct horse battery staple",
    "qhwzkvbtmxrfjpd",
    "vjqoxkzmwplrtya",
    "tsukinohikariga",
    "みどりのかぜがふくあさ",
    "朝ごはんに納豆を二つ食べた",
    "春の海ひねもすのたり",
    "8fJ2-kPq9-zLm4",
    "umi to yama to kawa ",
    "neko🐈to🐟wotaberu",
    "🐈🐟🚗🌸🏔🎏🍙🎐🚲🐢🦀🍡",
)


@pytest.mark.parametrize(("typed", "reason"), COMMON.items(), ids=COMMON)
def test_a_common_password_is_refused_with_its_reason(typed: str, reason: str) -> None:
    """The words say what is wrong with this one, and how to mend it."""
    assert weakness(typed, OWN) == REFUSED + reason + MEND


@pytest.mark.parametrize("typed", ABOUT_ONESELF)
def test_a_password_about_oneself_is_refused(typed: str) -> None:
    """ID, names and address are the first that others try."""
    said = weakness(typed, OWN)
    assert said in {REFUSED + WORD + MEND, REFUSED + REPEAT + MEND}


@pytest.mark.parametrize("typed", GOOD)
def test_a_good_password_passes(typed: str) -> None:
    """Passphrases, Japanese, fifteen lower-case letters, emoji: no rule of composition."""
    assert weakness(typed, OWN) == ""


def test_what_is_one_persons_name_is_another_persons_password() -> None:
    """The own words are those of the account and of nobody else."""
    assert weakness("ケイジギョウセイショシジムショ", OWN)
    assert weakness("ケイジギョウセイショシジムショ", ("KNCA6289", "軽自　花子")) == ""


@pytest.mark.parametrize("length", [1, LONGEST_JUDGED, LONGEST_JUDGED + 1, 1024])
def test_every_length_is_judged(length: int) -> None:
    """zxcvbn refuses more than 72 characters; it is shown the first ones."""
    typed = "a" * length
    assert weakness(typed, OWN).startswith(REFUSED)


LONG_ADDRESS = "taro.yamada-no-denshi-meeru@tantou.gyouseishoshi-jimusho.example-keiji.co.jp"
REPEATED = (
    "keijidoshaoss",
    "passwordqwerty",
    "0900001111",
    "nipponsunshine",
    "hondaabc123",
    "20240101123456",
    "x7fk2qvz9wm4@k3n8.jp",
    LONG_ADDRESS[:40],
    LONG_ADDRESS,
)


@pytest.mark.parametrize("once", REPEATED)
def test_no_repetition_is_long_enough(once: str) -> None:
    """Its end, where zxcvbn is shown no more, is no random piece; nor is that of an own word."""
    words = (*OWN, once, LONG_ADDRESS)
    for times in range(1, 2 * LONGEST_JUDGED // len(once) + 2):
        assert weakness(once * times, words).startswith(REFUSED)
        if len(once) * times > LONGEST_JUDGED:
            assert weakness(once * times + once[:5], words).startswith(REFUSED)


def test_what_is_not_judged_any_more_does_not_make_it_weaker() -> None:
    """A good beginning stays good."""
    assert weakness("kuroi-neko-no-yume-88" + "a" * 107, OWN) == ""


LOOK_ALIKES = "4@8({[<369!|170$5+%2"
# Parts of a password looked up in the dictionaries, which is where the time goes; and which are the
# same on every machine. Once forwards, once backwards, once for each reading of look-alikes, and again
# for what is repeated.
MOST_LOOKED_UP = 14 * LONGEST_JUDGED**2 // 2
COSTLY = {
    "every look-alike there is": LOOK_ALIKES * 4,
    "ambiguous ones only": "1|7!" * 18,
    "repeated runs of them": (LOOK_ALIKES + LOOK_ALIKES) * 2,
    "digits": "31415926535897932384626433832795028841971693993751058209749445923078164062",
    "dates": "1/1/2001-2.2.02" * 5,
    "two letters": "ab" * 36,
    "a walk over the keyboard": "qwertyuiop[]asdfghjkl;'zxcvbnm,./" * 2,
}


def looked_up(typed: str) -> int:
    """Count the parts of a password that are looked up while it is judged."""
    parts: list[int] = []
    look = matching.dictionary_match

    def noted(part: str, *args: Any, **kwargs: Any) -> Any:
        parts.append(len(part) * (len(part) + 1) // 2)
        return look(part, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "dictionary_match", noted)
        weakness(typed, OWN)
    return sum(parts)


@pytest.mark.parametrize("name", COSTLY)
def test_no_password_keeps_the_processor_busy(name: str) -> None:
    """Anybody may ask for a verdict: zxcvbn alone takes two seconds over the first of these."""
    assert looked_up(COSTLY[name]) < MOST_LOOKED_UP


@settings(max_examples=30)
@given(st.text(st.sampled_from(LOOK_ALIKES + "ab"), min_size=40, max_size=LONGEST_JUDGED))
def test_no_mixture_of_look_alikes_keeps_it_busy(typed: str) -> None:
    """However they are arranged."""
    assert looked_up(typed) < MOST_LOOKED_UP


@pytest.mark.parametrize(
    "typed", ["p4$$w0rd1234", "P@55w0rd!2!!", "1l0v3y0u1l0v3y0u", "5unsh!ne2024"]
)
def test_look_alikes_hide_no_common_word(typed: str) -> None:
    """The usual spellings are read all the same."""
    assert weakness(typed, OWN).startswith(REFUSED)


@pytest.fixture
def _hasty_threads() -> Iterator[None]:
    """Let threads take turns so often that they would meet in every table they share."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_hasty_threads")
def test_nobody_is_judged_by_another_persons_words() -> None:
    """zxcvbn keeps the words of its latest caller where every thread reads them."""
    names = ("軽自行政書士事務所のたなか", "茶理自動車株式会社のさとう")
    pairs = [(one, (other,)) for one in names for other in names] * 10
    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(lambda pair: bool(weakness(*pair)), pairs))
    assert verdicts == [typed in words for typed, words in pairs]


OWN_WORDS = {
    "納付利用者ID": "KNCA6288KNCA6288",
    "一括利用者ID": "kica62886288",
    "会社・団体名": "軽自行政書士事務所-6288",
    "フリガナ": "ケイジギョウセイショシジムショ",
    "代表者名": "軽自　太郎19900101",
    "利用者管理用メールアドレス": "k-oss@example.jp",
}


@pytest.mark.anyio
@pytest.mark.parametrize("word", OWN_WORDS)
async def test_a_password_change_knows_the_persons_own_words(product: Product, word: str) -> None:
    """The judge is fed with the ID, the address and the names."""
    typed = {
        "user_id": ALICE.account.payment_user_id,
        "current_password": ALICE.payment_password,
        "new_password": OWN_WORDS[word],
        "new_password_again": OWN_WORDS[word],
    }
    async with product.browser(**{"HX-Request": "true"}) as browser:
        answer = await browser.post("/useridmg/password/change", data=typed)
    assert answer.status_code == 422
    assert REFUSED in answer.text
