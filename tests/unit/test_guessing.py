"""Which passwords are too easy to guess, and that the reader is told why."""

import pytest

from tests.support.people import ALICE
from tests.support.product import Product
from web.security.guessing import weakness

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


@pytest.mark.parametrize("typed", ["a", "a" * 72, "a" * 73, "a" * 1024])
def test_every_length_is_judged(typed: str) -> None:
    """zxcvbn refuses more than 72 characters; it is shown the first 72."""
    assert weakness(typed, OWN).startswith(REFUSED)


def test_what_stands_behind_the_72nd_character_does_not_make_it_weaker() -> None:
    """A good beginning stays good."""
    assert weakness("kuroi-neko-no-yume-88" + "a" * 107, OWN) == ""


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
    """product.md, Field rules: zxcvbn is fed with the ID, the address and the names."""
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
