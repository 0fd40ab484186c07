"""Which browser on which system, in words that people know; from the user agent, so only a hint."""

# The first word found decides: most browsers also carry the names of those they descend from.
BROWSERS = (
    (("Edg/", "EdgA/", "EdgiOS/", "Edge/"), "Microsoft Edge"),
    (("OPR/", "Opera"), "Opera"),
    (("SamsungBrowser/",), "Samsung Internet"),
    (("Line/",), "LINE"),
    (("Firefox/", "FxiOS/"), "Firefox"),
    (("Chrome/", "CriOS/"), "Chrome"),
    (("Trident/", "MSIE "), "Internet Explorer"),
    (("Safari/",), "Safari"),
)
SYSTEMS = (
    (("iPhone",), "iPhone"),
    (("iPad",), "iPad"),
    (("Android",), "Android"),
    (("Windows",), "Windows"),
    (("CrOS",), "Chromebook"),
    (("Macintosh", "Mac OS X"), "Mac"),
    (("Linux", "X11"), "Linux"),
)


def in_words(user_agent: str) -> str:
    """Name browser and system; nothing of the user agent itself comes through."""
    browser = _first(BROWSERS, user_agent, "不明なブラウザー")
    system = _first(SYSTEMS, user_agent, "機種不明")
    return f"{browser}（{system}）"


def _first(rules: tuple[tuple[tuple[str, ...], str], ...], user_agent: str, otherwise: str) -> str:
    for marks, name in rules:
        if any(mark in user_agent for mark in marks):
            return name
    return otherwise
