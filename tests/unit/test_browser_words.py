"""A user agent in words: the browsers and systems that offices and phones have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.http.browser import BROWSERS, SYSTEMS, in_words

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS, MAC = "(Windows NT 10.0; Win64; x64)", "(Macintosh; Intel Mac OS X 10_15_7)"
PHONE = "(iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "(Linux; Android 15; SM-S921Q)"
CASES = {
    f"Mozilla/5.0 {WINDOWS} {KIT} Chrome/140.0.0.0 Safari/537.36": "Chrome（Windows）",
    f"Mozilla/5.0 {WINDOWS} {KIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0": "Microsoft Edge（Windows）",
    f"Mozilla/5.0 {WINDOWS} {KIT} Chrome/120.0 Safari/537.36 OPR/106.0": "Opera（Windows）",
    f"Mozilla/5.0 {WINDOWS[:-1]}; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox（Windows）",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko": "Internet Explorer（Windows）",
    f"Mozilla/5.0 {MAC} AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15": "Safari（Mac）",
    f"Mozilla/5.0 {MAC} {KIT} Chrome/140.0.0.0 Safari/537.36": "Chrome（Mac）",
    f"Mozilla/5.0 {PHONE} Version/18.0 Mobile/15E148 Safari/604.1": "Safari（iPhone）",
    f"Mozilla/5.0 {PHONE} CriOS/140.0 Mobile/15E148 Safari/604.1": "Chrome（iPhone）",
    f"Mozilla/5.0 {PHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15": "Firefox（iPhone）",
    f"Mozilla/5.0 {PHONE} EdgiOS/140.0 Version/18.0 Safari/604.1": "Microsoft Edge（iPhone）",
    f"Mozilla/5.0 {PHONE} Safari Line/14.0.0": "LINE（iPhone）",
    "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) Version/16.0 Safari/604.1": "Safari（iPad）",
    f"Mozilla/5.0 {ANDROID} {KIT} Chrome/140.0.0.0 Mobile Safari/537.36": "Chrome（Android）",
    f"Mozilla/5.0 {ANDROID} {KIT} SamsungBrowser/26.0 Chrome/122.0 Safari/537.36": "Samsung Internet（Android）",
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {KIT} Chrome/140.0 Safari/537.36": "Chrome（Chromebook）",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox（Linux）",
    "curl/8.5.0": "不明なブラウザー（機種不明）",
    "": "不明なブラウザー（機種不明）",
}
KNOWN = {
    f"{browser}（{system}）"
    for browser in [*(name for _, name in BROWSERS), "不明なブラウザー"]
    for system in [*(name for _, name in SYSTEMS), "機種不明"]
}


@pytest.mark.parametrize(("user_agent", "said"), CASES.items(), ids=CASES.values())
def test_a_browser_is_named(user_agent: str, said: str) -> None:
    """As people know it, not as it calls itself."""
    assert in_words(user_agent) == said


@given(st.text())
def test_nothing_of_a_user_agent_comes_through(user_agent: str) -> None:
    """A log-in with a forged one cannot write into somebody's mail or page."""
    assert in_words(user_agent) in KNOWN
