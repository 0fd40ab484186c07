"""The people of the demo, with their passwords; QA and the tests know them too."""

from dataclasses import dataclass

from web import clock
from web.features.issuance.form import NewAccount
from web.store.accounts import Profile
from web.store.staff import Role


@dataclass(frozen=True, slots=True)
class Persona:
    """An account of the demo."""

    account: NewAccount
    payment_password: str
    bulk_password: str
    password_age: int  # seconds
    about: str


COMPANY = Persona(
    NewAccount(
        "KNCA6288",
        "KICA6288",
        Profile(
            "corporate",
            "軽自行政書士事務所",
            "ケイジギョウセイショシジムショ",
            "軽自　太郎",
            "k-oss@example.jp",
            "",
        ),
    ),
    "midori-no-kaze-6288",
    "shiroi-kumo-6288",
    0,
    "会社（行政書士事務所）",
)
INDIVIDUAL = Persona(
    NewAccount(
        "KNCA6289",
        "KICA6289",
        Profile("individual", "軽自　花子", "ケイジ　ハナコ", "", "hanako@example.jp", ""),
    ),
    "haru-no-umi-6289",
    "natsu-no-yama-6289",
    0,
    "個人",
)
EXPIRED = Persona(
    NewAccount(
        "KNCA6290",
        "KICA6290",
        Profile(
            "corporate",
            "有限会社みどり自動車",
            "ユウゲンガイシャミドリジドウシャ",
            "緑川　一郎",
            "midori@example.jp",
            "mikan@example.jp",
        ),
    ),
    "aki-no-sora-6290",
    "fuyu-no-hoshi-6290",
    75 * clock.DAY,
    "パスワードの有効期限が切れた会社",
)
WITH_CODES = Persona(
    NewAccount(
        "KNCA6291",
        "KICA6291",
        Profile(
            "corporate",
            "株式会社あおぞら整備",
            "カブシキガイシャアオゾラセイビ",
            "青空　次郎",
            "aozora@example.jp",
            "",
        ),
    ),
    "hareta-sora-no-6291",
    "ookina-niji-no-6291",
    0,
    "二段階の確認を使う会社（確認コードは受信箱に表示）",
)
PERSONAS = (COMPANY, INDIVIDUAL, EXPIRED, WITH_CODES)


@dataclass(frozen=True, slots=True)
class Officer:
    """A 担当者 of the demo."""

    name: str
    role: Role
    password: str


READER = Officer("etsuran", Role.READER, "asa-no-kiri-wo-miru")
CLERK = Officer("madoguchi", Role.CLERK, "hiru-no-ame-wo-matsu")
ADMIN = Officer("kanri", Role.ADMIN, "yoru-no-tsuki-wo-yomu")
OFFICERS = (READER, CLERK, ADMIN)
