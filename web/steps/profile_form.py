"""What is typed as 利用者情報, and what it makes: 利用者情報変更 and 利用者ID発行 ask the same."""

from collections.abc import Mapping
from dataclasses import replace

from web.fields.choice import choice
from web.fields.email import email
from web.fields.field import Field, same_again
from web.fields.form import FormSpec
from web.fields.kana import kana
from web.fields.names import name
from web.steps.confirm_rows import Row
from web.store.accounts import Profile, ProfileKind

KINDS = [(each.value, each.label) for each in ProfileKind]
_KANA_HINT = "ひらがなや半角でも入力できます。自動的に全角カタカナに変換します。"
_NAME_HINT = "半角でも入力できます。自動的に全角に変換します。"
_CORPORATE = ("kind", ProfileKind.CORPORATE)
_INDIVIDUAL = ("kind", ProfileKind.INDIVIDUAL)

KIND = Field("kind", "個人・法人の別", choice(dict(KINDS)))
_NAMES = {
    ProfileKind.CORPORATE: {
        "name_kana": Field(
            "corporate_kana", "会社・団体名(フリガナ)(全角)", kana(60), hint=_KANA_HINT,
            only_for=_CORPORATE,
        ),
        "name": Field(
            "corporate_name", "会社・団体名(全角)", name(60), hint=_NAME_HINT,
            autocomplete="organization", only_for=_CORPORATE,
        ),
        "representative": Field(
            "representative", "代表者名(全角)", name(40), hint=_NAME_HINT, only_for=_CORPORATE
        ),
    },
    ProfileKind.INDIVIDUAL: {
        "name_kana": Field(
            "individual_kana", "氏名(フリガナ)(全角)", kana(60), hint=_KANA_HINT,
            only_for=_INDIVIDUAL,
        ),
        "name": Field(
            "individual_name", "氏名(全角)", name(60), hint=_NAME_HINT, autocomplete="name",
            only_for=_INDIVIDUAL,
        ),
    },
}  # fmt: skip
_EMAILS = {
    "admin_email": Field(
        "admin_email", "利用者管理用メールアドレス", email, type="email", autocomplete="email",
        hint="このシステムからのお知らせが届きます。",
    ),
    "notice_email": Field(
        "notice_email", "申請状況通知用メールアドレス", email, required=False, type="email",
        autocomplete="email",
        hint="申請の状況をお知らせするメールを、別のアドレスで受け取るときに入力してください。",
    ),
}  # fmt: skip


def again(field: Field) -> Field:
    """Make the (確認用) field of a mail address."""
    return Field(
        f"{field.name}_again", f"{field.label}(確認用)", email, required=field.required,
        type="email", autocomplete="email", beside=field.name, compare=same_again,
    )  # fmt: skip


PROFILE = FormSpec(
    (
        KIND,
        *(field for names in _NAMES.values() for field in names.values()),
        *(field for first in _EMAILS.values() for field in (first, again(first))),
    )
)


def asked(kind: str) -> Mapping[str, Field]:
    """Give the fields of a kind, by the attribute of the Profile that they fill, in order."""
    return {**_NAMES[ProfileKind(kind)], **_EMAILS}


def title(field: Field) -> str:
    """Name a field outside the form, where text is full-width."""
    return field.noun.replace("(", "（").replace(")", "）")


def values(profile: Profile) -> dict[str, str]:
    """Give the values of the form for what is registered."""
    found = {field.name: getattr(profile, each) for each, field in asked(profile.kind).items()}
    repeated = {again(field).name: found[name] for name, field in _EMAILS.items()}
    return {KIND.name: profile.kind, **found, **repeated}


def profile(values: Mapping[str, str]) -> Profile:
    """Make the 利用者情報 of the values of a form without errors."""
    kind = values[KIND.name]
    found = {each: values[field.name] for each, field in asked(kind).items()}
    return Profile(kind=kind, **{"representative": "", **found})


def new_rows(new: Profile) -> list[Row]:
    """List what will be registered for the first time."""
    return [
        Row(KIND.label, ProfileKind(new.kind).label, place=KIND.name),
        *(
            Row(title(field), getattr(new, each), place=field.name)
            for each, field in asked(new.kind).items()
        ),
    ]


def rows(old: Profile, new: Profile) -> list[Row]:
    """List what will be registered, in the manual's order, marking what changes."""
    before = {row.label: row.value for row in new_rows(old)}
    found = []
    for row in new_rows(new):
        was = before.get(row.label, "")
        if row.place != KIND.name or was != row.value:  # a kind that stays is no news
            found.append(Row(row.label, row.value, was, was != row.value, row.place))
    asked_now = {row.label for row in found}
    # Another kind has other items: what is registered under the old ones goes.
    found += [
        replace(row, value="", was=row.value, changed=True, place="", removed=True)
        for row in new_rows(old)
        if row.label not in asked_now and row.place != KIND.name and row.value
    ]
    return found
