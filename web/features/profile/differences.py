"""Two editors: what is registered meanwhile and what was typed here, side by side, to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from web.fields.choice import choice
from web.fields.field import Field
from web.fields.form import Form, FormSpec
from web.steps.profile_form import KIND, asked, title
from web.store.accounts import Profile, ProfileKind

REGISTERED, TYPED = "registered", "typed"
_CHOICES = {REGISTERED: "登録されている内容", TYPED: "この画面で入力した内容"}
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
    labels = {each: title(field) for each, field in asked(typed.kind).items()}
    found = []
    if registered.kind != typed.kind:
        found.append(_difference("kind", f"{KIND.label}と名称", _WITH_KIND, registered, typed))
        labels = {each: label for each, label in labels.items() if each not in _WITH_KIND}
    found += [
        _difference(each, label, (each,), registered, typed)
        for each, label in labels.items()
        if getattr(registered, each) != getattr(typed, each)
    ]
    return found


def _difference(
    name: str, label: str, attributes: tuple[str, ...], registered: Profile, typed: Profile
) -> Difference:
    return Difference(
        Field(name, label, choice(_CHOICES)),
        attributes,
        _shown(registered, attributes),
        _shown(typed, attributes),
    )


def _shown(profile: Profile, attributes: tuple[str, ...]) -> str:
    shown = replace(profile, kind=ProfileKind(profile.kind).label)
    values = [getattr(shown, each) for each in attributes]
    return "、".join(value for value in values if value) or "未登録"


def spec(found: Iterable[Difference]) -> FormSpec:
    """Give the form of the choices; in a blank one nobody's edit wins by default."""
    return FormSpec(tuple(each.field for each in found))


def merge(registered: Profile, typed: Profile, found: Iterable[Difference], form: Form) -> Profile:
    """Make the profile that was chosen."""
    taken = {
        attribute: getattr(typed, attribute)
        for each in found
        if form[each.field.name].value == TYPED
        for attribute in each.attributes
    }
    return replace(registered, **taken)
