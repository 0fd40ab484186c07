"""A list of leaked passwords with one on it, which nothing else would refuse."""

from pathlib import Path

from web.security import listed

ON_THE_LIST = "kumo-no-ue-no-hashi-314"
FORMS = (ON_THE_LIST, ON_THE_LIST.replace("kumo", "Kumo"), ON_THE_LIST.upper())
SAID = "流出したことがあるか、よく使われているパスワードです。"


def put(folder: Path, *passwords: str) -> Path:
    """Write the filter of a list into a folder."""
    file = folder / "passwords.filter"
    digests = b"".join(listed.digest(each) for each in passwords or (ON_THE_LIST,))
    file.write_bytes(listed.build(digests, now=0))
    return file
