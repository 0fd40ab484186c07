"""What is typed as 利用者情報, and what it makes: 利用者情報変更 and 利用者ID発行 ask the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from web.fields.choice import choice
from web.fields.email import email
from web.fields.field import Answer, Field, same_again
from web.fields.form import Form
from web.fields.kana import kana
from web.fields.names import name
from web.store.accounts import Profile

KINDS = {"individual": "個人の方", "corporate": "法人の方"}

_KANA_HINT = "ひらがなや半角でも入力できます。自動で全角カタカナにします。"
_NAME_HINT = "半角でも入力できます。自動で全角にします。"

KIND = Field("kind", "個人・法人の別", choice(KINDS))
GROUPS = {
    "corporate": (
        Field("corporate_kana", "会社・団体名(フリガナ)(全角)", kana(60), hint=_KANA_HINT),
        Field(
            "corporate_name",
            "会社・団体名(全角)",
            name(60),
            hint=_NAME_HINT,
            autocomplete="organization",
        ),
        Field("representative", "代表者名(全角)", name(40), hint=_NAME_HINT),
    ),
    "individual": (
        Field("individual_kana", "氏名(フリガナ)(全角)", kana(60), hint=_KANA_HINT),
        Field("individual_name", "氏名(全角)", name(60), hint=_NAME_HINT, autocomplete="name"),
    ),
}


def _email(field_name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    return Field(
        field_name, label, email, required=required, hint=hint, type="email", autocomplete="email"
    )


PAIRS = (
    (
        _email(
            "admin_email", "利用者管理用メールアドレス", "このシステムからのお知らせが届きます。"
        ),
        _email("admin_email_again", "利用者管理用メールアドレス(確認用)"),
    ),
    (
        _email(
            "notice_email",
            "申請状況通知用メールアドレス",
            "申請の状況をお知らせするメールを、別のアドレスで受け取るときに入力してください。",
            required=False,
        ),
        _email("notice_email_again", "申請状況通知用メールアドレス(確認用)", required=False),
    ),
)
FIELDS = {
    each.name: each
    for each in (
        KIND,
        *GROUPS["corporate"],
        *GROUPS["individual"],
        *(f for pair in PAIRS for f in pair),
    )
}

# Where each line of 依頼の確認 was typed, for its link 変更.
PLACES = {
    "個人・法人の別": "kind",
    "会社・団体名（フリガナ）": "corporate_kana",
    "会社・団体名": "corporate_name",
    "代表者名": "representative",
    "氏名（フリガナ）": "individual_kana",
    "氏名": "individual_name",
    "利用者管理用メールアドレス": "admin_email",
    "申請状況通知用メールアドレス": "notice_email",
}


def of(profile: Profile) -> Form:
    """Fill the form with what is registered; good values count as checked."""
    group = GROUPS[profile.kind]
    values = dict(
        zip(
            (each.name for each in group),
            (profile.name_kana, profile.name, profile.representative),
            strict=False,
        )
    )
    return parse(
        {
            **complete(values),
            "kind": profile.kind,
            "admin_email": profile.admin_email,
            "admin_email_again": profile.admin_email,
            "notice_email": profile.notice_email,
            "notice_email_again": profile.notice_email,
        }
    )


def complete(parked: Mapping[str, str]) -> dict[str, str]:
    """Make a whole form of parked fields, of which any may be missing."""
    return {**dict.fromkeys(FIELDS, ""), **parked}


def parse(given: Mapping[str, str]) -> Form:
    """Judge the whole form; the group that was not chosen is kept but not judged."""
    kind = KIND.check(given["kind"])
    answers = [kind]
    for group, members in GROUPS.items():
        chosen = kind.value == group
        answers += [
            each.check(given[each.name]) if chosen else each.blank(given[each.name])
            for each in members
        ]
    for first_field, again_field in PAIRS:
        first = first_field.check(given[first_field.name])
        answers += [first, same_again(first, again_field.check(given[again_field.name]))]
    return Form(answers)


def check(given: Mapping[str, str]) -> Answer | None:
    """Judge one field as it is left, or a pair; None for any other set of fields."""
    names = list(given)
    if len(names) == 1 and names[0] in FIELDS:
        return FIELDS[names[0]].check(given[names[0]])
    for first_field, again_field in PAIRS:
        if set(names) == {first_field.name, again_field.name}:
            again = again_field.check(given[again_field.name])
            if not again.typed:
                return again_field.blank()  # nobody is scolded for what comes next
            return same_again(first_field.check(given[first_field.name]), again)
    return None


def kept(form: Form) -> dict[str, str]:
    """Give what a draft keeps: the converted value where there is one, else what was typed."""
    return {name: form[name].value or typed for name, typed in form.typed.items()}


def profile(form: Form) -> Profile:
    """Make the 利用者情報 of a form without errors."""
    kind = form["kind"].value
    name_kana, name, *representative = (form[each.name].value for each in GROUPS[kind])
    return Profile(
        kind=kind,
        name=name,
        name_kana=name_kana,
        representative=representative[0] if representative else "",
        admin_email=form["admin_email"].value,
        notice_email=form["notice_email"].value,
    )


def read(kept: Mapping[str, str]) -> Profile:
    """Make the 利用者情報 of what a draft without errors has kept."""
    return profile(parse(kept))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of 依頼の確認."""

    label: str
    value: str
    was: str
    changed: bool


def new_rows(new: Profile) -> list[Row]:
    """List what will be registered for the first time."""
    labelled = [(KIND.label, KINDS[new.kind]), *_labelled(new)]
    return [Row(label, value, "", changed=False) for label, value in labelled]


def rows(old: Profile, new: Profile) -> list[Row]:
    """List what will be registered, in the manual's order, marking what changes."""
    before = dict(_labelled(old))
    lines = [Row(label, value, before.get(label, ""), before.get(label, "") != value)
             for label, value in _labelled(new)]  # fmt: skip
    if old.kind != new.kind:
        lines.insert(0, Row(KIND.label, KINDS[new.kind], KINDS[old.kind], changed=True))
    return lines


def _labelled(profile: Profile) -> Iterator[tuple[str, str]]:
    noun = "会社・団体名" if profile.kind == "corporate" else "氏名"
    yield f"{noun}（フリガナ）", profile.name_kana
    yield noun, profile.name
    if profile.kind == "corporate":
        yield "代表者名", profile.representative
    yield "利用者管理用メールアドレス", profile.admin_email
    yield "申請状況通知用メールアドレス", profile.notice_email
