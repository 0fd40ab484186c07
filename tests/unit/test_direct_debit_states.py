"""The one table of transitions, and the seal of what a 届出書 says."""

from itertools import product
from pathlib import Path

import pytest

from tests.support.files import file_of
from tests.support.people import ALICE
from tests.support.product import CHEAP
from tests.unit import parts
from tests.unit.parts import SECRET
from web import clock
from web.background import _take_back_old_forms
from web.direct_debit import acts, states
from web.direct_debit.acts import Wish
from web.direct_debit.details import Details, opened
from web.direct_debit.states import Act, Actor, NotAllowed
from web.features.issuance import flow
from web.fields.digits import masked
from web.security.vault import NotSealedHere, Vault
from web.services import Services
from web.store import direct_debit_forms
from web.store.credentials import CredentialKind
from web.store.direct_debit_forms import Action, Kind, Mandate, State

pytestmark = pytest.mark.anyio

MADE, RECEIVED, AT_BANK = State.MADE, State.RECEIVED, State.AT_BANK
ALLOWED = {
    (Act.RECEIVE, Actor.OFFICE, MADE): RECEIVED,
    (Act.SEND, Actor.OFFICE, RECEIVED): AT_BANK,
    (Act.APPROVE, Actor.OFFICE, AT_BANK): State.APPROVED,
    (Act.RETURN, Actor.OFFICE, RECEIVED): State.RETURNED,
    (Act.RETURN, Actor.OFFICE, AT_BANK): State.RETURNED,
    (Act.WITHDRAW, Actor.USER, MADE): State.WITHDRAWN,
    (Act.EXPIRE, Actor.CLOCK, MADE): State.WITHDRAWN,
}
DETAILS = Details("0005", "三菱ＵＦＪ", "001", "本店", "ordinary", "7654321", "ｹｲｼﾞ", "軽自")


@pytest.mark.parametrize(("act", "who", "state"), list(product(Act, Actor, State)))
def test_the_table_holds_these_transitions_and_no_other(act: Act, who: Actor, state: State) -> None:
    """Every act by everybody from every state."""
    if end := ALLOWED.get((act, who, state)):
        assert states.transition(act, who, state).end is end
    else:
        with pytest.raises(NotAllowed):
            states.transition(act, who, state)


def test_details_open_in_their_own_row_only() -> None:
    """A sealed number copied into another person's row does not open."""
    vault = Vault((SECRET,))
    sealed = DETAILS.seal(vault, "a")
    assert opened(vault, "a", sealed) == DETAILS
    with pytest.raises(NotSealedHere):
        opened(vault, "b", sealed)


def test_a_masked_number_shows_three_digits() -> None:
    """The rest is hidden, whatever its length."""
    assert masked(DETAILS.last_digits) == "＊＊＊＊321"


async def with_a_form(folder: Path) -> Mandate:
    """Make a form in a fresh database."""
    services = Services.of(parts.settings(folder), CHEAP)
    async with parts.opened(file_of(services.settings)):
        await services.open(command=True)
        write = services.write
        hashes = dict.fromkeys(CredentialKind, "$argon2id$")
        account = await write(flow.add, ALICE.account, hashes)
        wish = Wish(Kind.LOCAL, Action.NEW, DETAILS)
        (form,) = await write(acts.make, account, [wish], "r")
        await services.database.close()
    services.passwords.close()
    assert isinstance(form, Mandate)
    return form


async def kept(folder: Path, form_id: str) -> Mandate:
    """Let the upkeep run once; give the form as it is then."""
    services = Services.of(parts.settings(folder), CHEAP)
    await services.open(command=True)
    await _take_back_old_forms(services)
    async with services.database.read() as reads:
        form = await direct_debit_forms.find(reads, form_id)
    await services.database.close()
    services.passwords.close()
    assert form
    return form


async def test_the_upkeep_takes_back_what_never_arrived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On day 90, not before."""
    form = await with_a_form(tmp_path)
    for days, state in ((89, State.MADE), (90, State.WITHDRAWN)):
        monkeypatch.setattr(clock, "now", lambda at=form.made_at + days * clock.DAY: at)
        assert (await kept(tmp_path, form.id)).state is state
