"""A mail address, or what exactly is wrong with it.

Carriers gave telephones addresses that RFC 5321 has only in quotes: dots side by side, or before the
@. They are taken as they were issued, at these carriers alone: elsewhere such a dot is a slip.
"""

import re
import unicodedata
from string import ascii_letters, digits

from web.fields.characters import named, refuse_unusable
from web.fields.field import Refused
from web.fields.text import refuse_longer, trim_copied, unless_ready
from web.fields.width import to_half_width

_MAX_ADDRESS = 254
_MAX_LOCAL = 64
_MAX_LABEL = 63
_ALPHANUMERIC = frozenset(ascii_letters + digits)
_IN_ADDRESS = _ALPHANUMERIC | frozenset("!#$%&'*+/=?^_`{|}~-.@")
_IN_DOMAIN = _ALPHANUMERIC | frozenset("-.")
_ENCODED = re.compile(r"=\?.*\?=")
# At most as long as the shortest limit, so that no limit has to be checked.
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_READY = (
    rf"(?!.*{_ENCODED.pattern})(?:{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z]+)?"
)
_LAST_LABEL = re.compile("[a-z]+|xn--[a-z0-9-]+")
# Domains of telephones and their subdomains, of names that are gone too (J-PHONE, Vodafone, TU-KA, IDO, WILLCOM).
_CARRIERS = (
    "docomo.ne.jp", "docomo-camera.ne.jp", "dwmail.jp", "mopera.net", "mopera.ne.jp",
    "ezweb.ne.jp", "au.com", "uqmobile.jp", "ido.ne.jp", "dion.ne.jp",
    "sky.tkk.ne.jp", "sky.tkc.ne.jp", "sky.tu-ka.ne.jp",
    "softbank.ne.jp", "i.softbank.jp", "softbank.jp", "disney.ne.jp", "disneymobile.ne.jp", "vodafone.ne.jp",
    *(f"jp-{area}.ne.jp" for area in "dhtckrnsq"),
    "ymobile.ne.jp", "ymobile1.ne.jp", "y-mobile.ne.jp", "emnet.ne.jp", "emobile.ne.jp", "emobile-s.ne.jp",
    "willcom.com", "wcm.ne.jp", "pdx.ne.jp", "phone.ne.jp",
    "rakuten.jp", "rakumail.jp",
)  # fmt: skip
_CARRIER = re.compile(rf"(?:[a-z0-9-]+\.)*(?:{'|'.join(map(re.escape, _CARRIERS))})")
_DOT_STRING = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_MEANT = {
    **dict.fromkeys("。｡・･", "."),
    **dict.fromkeys("ーｰ\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500", "-"),
    "\u301c": "~",
}
_OTHER_ADDRESS = "このアドレスにはメールを送信できないため、別のアドレスにしてください。"


@unless_ready(_READY, _MAX_LABEL)
def email(typed: str) -> str:
    """Give the address as it is registered: half-width, the domain in lower case."""
    text = trim_copied(typed)
    refuse_unusable(text)
    address = to_half_width(text)
    if not address:
        return ""
    for character in address:
        if character not in _IN_ADDRESS:
            raise Refused(_trouble(character))
    local, domain = _halves(address)
    refuse_longer(address, _MAX_ADDRESS)
    _refuse_local(local, of_carrier=bool(_CARRIER.fullmatch(domain.lower())))
    _refuse_domain(domain.lower())
    return f"{local}@{domain.lower()}"


def quoted(address: str) -> str:
    """Write an address as SMTP and the header To take it: quoted where RFC 5321 wants it."""
    local, _, domain = address.rpartition("@")
    return address if _DOT_STRING.fullmatch(local) else f'"{local}"@{domain}'


def has_encoded_word(address: str) -> bool:
    """Tell whether whoever writes or reads a header decodes a part of the address, line breaks and all (RFC 2047)."""
    return _ENCODED.search(address) is not None


def same_mailbox(one: str, other: str) -> bool:
    """Tell whether two addresses are one: telephones write a capital first, and no server in use minds."""
    return one.lower() == other.lower()


def _trouble(character: str) -> str:
    found = f"{named(character)}が含まれています。"
    if unicodedata.category(character) == "Zs":
        return "空白が含まれています。空白を消してください。"
    if character in ",;、､；":
        return (
            f"{found}メールアドレスは1つだけ入力してください。"
            "「.」の打ち間違いのときは、「.」に直してください。"
        )
    if character in "<>":
        return f"{found}「<」と「>」を消して、メールアドレスだけを入力してください。"
    if character in _MEANT:
        return f"{found}「{_MEANT[character]}」に直してください。"
    if character.isascii():
        return f"{found}「{character}」を消して、メールアドレスだけを入力してください。"
    if unicodedata.east_asian_width(character) in "WF":
        found = f"全角文字{found}"
    return f"{found}半角の英数字と記号で入力してください。"


def _halves(address: str) -> tuple[str, str]:
    local, at, domain = address.partition("@")
    if not at:
        raise Refused("「@」がありません。「名前@example.jp」のように入力してください。")
    if "@" in domain:
        raise Refused("「@」が2つ以上あります。メールアドレスは1つだけ入力してください。")
    if not local:
        raise Refused("「@」の前がありません。「@」の前も入力してください。")
    if not domain:
        raise Refused("「@」の後ろがありません。「@」の後ろも入力してください。")
    return local, domain


def _refuse_local(local: str, *, of_carrier: bool) -> None:
    if len(local) > _MAX_LOCAL:
        raise Refused(f"「@」の前は{_MAX_LOCAL}文字以内です。現在は{len(local)}文字あります。")
    if local.startswith("."):
        raise Refused(f"「.」で始まっています。{_OTHER_ADDRESS}")
    if has_encoded_word(local):
        raise Refused(f"「=?」と「?=」が含まれています。{_OTHER_ADDRESS}")
    if of_carrier:
        return
    if ".." in local:
        raise Refused(f"「@」の前で「.」が続いています。{_OTHER_ADDRESS}")
    if local.endswith("."):
        raise Refused(f"「@」のすぐ前に「.」があります。{_OTHER_ADDRESS}")


def _refuse_domain(domain: str) -> None:
    for character in domain:
        if character not in _IN_DOMAIN:
            raise Refused(
                f"「@」の後ろに「{character}」は使えません。英字、数字、「-」、「.」で入力してください。"
            )
    labels = domain.split(".")
    if len(labels) == 1:
        raise Refused("「@」の後ろに「.」がありません。「example.jp」のように入力してください。")
    if "" in labels:
        raise Refused(
            "「@」の後ろで「.」が続いているか、端にあります。余分な「.」を消してください。"
        )
    for label in labels:
        if len(label) > _MAX_LABEL:
            raise Refused(
                f"「@」の後ろの「.」で区切った部分は、{_MAX_LABEL}文字以内で入力してください。"
            )
        if label.startswith("-") or label.endswith("-"):
            raise Refused(f"「{label}」の端に「-」があります。余分な「-」を消してください。")
    if not _LAST_LABEL.fullmatch(labels[-1]):
        raise Refused(
            "最後が「jp」や「com」のような英字になっていません。「@」の後ろをご確認ください。"
        )
