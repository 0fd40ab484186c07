"""The people of the tests. Alice is complete, Bob is a person, Charlie must see nothing of Alice's."""

from web.demo.personas import COMPANY, INDIVIDUAL, Persona
from web.features.issuance.form import NewAccount
from web.store.accounts import Profile

ALICE = COMPANY
BOB = INDIVIDUAL
CHARLIE = Persona(
    NewAccount(
        "KNCA7001",
        "KICA7001",
        Profile(
            "corporate",
            "茶理自動車",
            "チャーリージドウシャ",
            "茶理　次郎",
            "charlie@example.jp",
            "",
        ),
    ),
    "kawa-no-nagare-7001",
    "mori-no-kaori-7001",
    0,
    "stranger to Alice",
)
PEOPLE = (ALICE, BOB, CHARLIE)
