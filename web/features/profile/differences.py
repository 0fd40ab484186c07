"""Two editors: what is registered meanwhile and what was typed here, side by side, to choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from web.fields.choice import choice
from web.fields.field import Field
from web.fields.form import Form
from web.steps.profile_form import KINDS
from web.store.accounts import Profile

REGISTERED, TYPED = "registered", "typed"
_CHOICES = {REGISTERED: "登録されている内容", TYPED: "この画面で入力した内容"}

_NOUNS = {"corporate": "会社・団体名", "individual": "氏名"}
_LABELS = {
    "name_kana": "{noun}（フリガナ）",
    "name": "{noun}",
    "representative": "代表者名",
    "admin_email": "利用者管理用メールアドレス",
    "notice_email": "申請状況通知用メールアドレス",
}
# A person's name under a company's kind would be neither editor's wish: these go together.
_WITH_KIND = ("kind", "name", "name_kana", "representative")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is registered otherwise than it was typed."""

    field: Field
    attributes: tuple[str, ...]
    registered: str
    typed: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """Give the two values as radio buttons."""
        return [
            (REGISTERED, f"{_CHOICES[REGISTERED]}：{self.registered}"),
            (TYPED, f"{_CHOICES[TYPED]}：{self.typed}"),
        ]


def between(registered: Profile, typed: Profile) -> list[Difference]:
    """List what differs, in the order of the screen."""
    found = []
    attributes, noun = list(_LABELS), _NOUNS[typed.kind]
    if registered.kind != typed.kind:
        found.append(_difference("kind", "個人・法人の別と名称", _WITH_KIND, registered, typed))
        attributes = [each for each in attributes if each not in _WITH_KIND]
    found += [
        _difference(each, _LABELS[each].format(noun=noun), (each,), registered, typed)
        for each in attributes
        if getattr(registered, each) != getattr(typed, each)
    ]
    return found


def _difference(
    name: str, label: str, attributes: tuple[str, ...], registered: Profile, typed: Profile
) -> Difference:
    values = choice(_CHOICES)
    return Difference(
        Field(name, label, values),
        attributes,
        _shown(registered, attributes),
        _shown(typed, attributes),
    )


def _shown(profile: Profile, attributes: tuple[str, ...]) -> str:
    values = [getattr(profile, each) for each in attributes]
    return "、".join(KINDS.get(value, value) for value in values if value) or "未登録"


def blank(found: Iterable[Difference]) -> Form:
    """Give the form with nothing chosen: nobody's edit wins by default."""
    return Form(each.field.blank() for each in found)


def parse(found: Iterable[Difference], given: Mapping[str, str]) -> Form:
    """Judge the choices."""
    return Form(each.field.check(given.get(each.field.name, "")) for each in found)


def merge(registered: Profile, typed: Profile, found: Iterable[Difference], form: Form) -> Profile:
    """Make the profile that was chosen."""
    taken = {
        attribute: getattr(typed, attribute)
        for each in found
        if form[each.field.name].value == TYPED
        for attribute in each.attributes
    }
    return replace(registered, **taken)
