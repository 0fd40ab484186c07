"""The people of the journeys and the words that a deployment may set for itself.

The defaults are those of `mypage demo`. An INI file of the same keys stands in for another
deployment; a journey that changes a password writes the new one back into it.
"""

from configparser import ConfigParser
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

Section = TypeVar("Section", "Persona", "Officer", "Service")


@dataclass
class Persona:
    """One 利用者 with one pair of IDs."""

    payment_id: str
    bulk_id: str
    name: str
    kana: str
    email: str
    password: str
    representative: str = ""


@dataclass
class Officer:
    """One 担当者."""

    name: str
    password: str


@dataclass(frozen=True)
class Service:
    """What mails and pages say about the service itself."""

    mail_from: str = "notice@k-oss.keikenkyo.or.jp"
    contact_phone: str = "050-3364-0800"
    portal_url: str = "https://www.k-oss.keikenkyo.or.jp/"
    copyright: str = (
        "Copyright© 2019, Light Motor Vehicle Inspection Organization. All rights reserved."
    )


def demo_company() -> Persona:
    return Persona(
        payment_id="KNCA6288",
        bulk_id="KICA6288",
        name="軽自行政書士事務所",
        kana="ケイジギョウセイショシジムショ",
        representative="軽自　太郎",
        email="k-oss@example.jp",
        password="midori-no-kaze-6288",
    )


def demo_individual() -> Persona:
    return Persona(
        payment_id="KNCA6289",
        bulk_id="KICA6289",
        name="軽自　花子",
        kana="ケイジ　ハナコ",
        email="hanako@example.jp",
        password="haru-no-umi-6289",
    )


def demo_expired() -> Persona:
    return Persona(
        payment_id="KNCA6290",
        bulk_id="KICA6290",
        name="有限会社みどり自動車",
        kana="ユウゲンガイシャミドリジドウシャ",
        representative="緑川　一郎",
        email="midori@example.jp",
        password="aki-no-sora-6290",
    )


@dataclass
class Cast:
    """Everybody in the journeys; `file`, when given, remembers their passwords between runs."""

    file: Path | None = None
    company: Persona = field(default_factory=demo_company)
    individual: Persona = field(default_factory=demo_individual)
    expired: Persona = field(default_factory=demo_expired)
    clerk: Officer = field(default_factory=lambda: Officer("madoguchi", "hiru-no-ame-wo-matsu"))
    admin: Officer = field(default_factory=lambda: Officer("kanri", "yoru-no-tsuki-wo-yomu"))
    service: Service = field(default_factory=Service)

    @classmethod
    def load(cls, file: Path | None) -> "Cast":
        """The demo's people, each key replaced by what the file says."""
        cast = cls(file=file)
        if file is None or not file.exists():
            return cast
        given = ConfigParser(interpolation=None)
        given.read(file, encoding="utf-8")
        cast.company = _merged(cast.company, given, "company")
        cast.individual = _merged(cast.individual, given, "individual")
        cast.expired = _merged(cast.expired, given, "expired")
        cast.clerk = _merged(cast.clerk, given, "clerk")
        cast.admin = _merged(cast.admin, given, "admin")
        cast.service = _merged(cast.service, given, "service")
        return cast

    def password_changed(self, persona: Persona | Officer, password: str) -> None:
        """From now on this is what the persona logs in with."""
        persona.password = password
        self.save()

    def save(self) -> None:
        """Write everything to the file, if there is one."""
        if self.file is None:
            return
        known = ConfigParser(interpolation=None)
        for name in ("company", "individual", "expired", "clerk", "admin", "service"):
            known[name] = asdict(getattr(self, name))
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("w", encoding="utf-8") as out:
            known.write(out)


def _merged(section: Section, given: ConfigParser, name: str) -> Section:
    if not given.has_section(name):
        return section
    known = {one.name for one in fields(section)}
    unknown = set(given[name]) - known
    if unknown:
        raise ValueError(f"[{name}] has unknown keys: {', '.join(sorted(unknown))}")
    return replace(section, **dict(given[name]))


def new_password() -> str:
    """A password nobody had before, so that no history refuses it."""
    return f"yoake-no-{token_hex(6)}-hoshi"
