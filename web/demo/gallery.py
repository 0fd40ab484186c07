"""/demo/components: every component macro in every state; axe and the screenshots run over it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from web.fields.field import Answer, Field, Refused
from web.fields.form import Form
from web.http.access import GET, Access, route
from web.http.render import render
from web.steps.confirm_rows import Row

WRONG = "「😀」は使えません。絵文字を消してください。"
CHOICES = [("national", "国庫金"), ("local", "地方税")]
ROWS = [
    Row("会社・団体名", "軽自行政書士事務所", "軽自行政書士事務所", place="text_good"),
    Row("代表者名", "軽自　次郎", "軽自　太郎", changed=True, place="text_blank"),
    Row("申請状況通知用メールアドレス", "", "kei@example.jp", changed=True, place="text_email"),
]


def routes() -> list[BaseRoute]:
    """Give the routes of the gallery."""
    return [route("/demo/components", show, GET, "demo/components", Access.ANYONE)]


async def show(request: Request) -> Response:
    """Show all components."""
    answers = {answer.field.name: answer for answer in (*_texts(), *_choices(), *_passwords())}
    return render(
        request,
        "demo/components",
        answers=answers,
        choices=CHOICES,
        rows=ROWS,
        summary=Form([answers["text_error"], answers["choice_error"], answers["password_error"]]),
    )


def _field(name: str, label: str, **more: Any) -> Field:
    def convert(typed: str) -> str:
        if "😀" in typed:
            raise Refused(WRONG)
        return typed.replace("ｹｲｼﾞ", "ケイジ")

    return Field(name, label, convert, required="optional" not in name, **more)


def _texts() -> list[Answer]:
    hint = "ひらがなや半角でも入力できます。"
    return [
        _field("text_blank", "必須、未入力").blank(),
        _field("text_optional", "任意、未入力", hint="入力しなくてもかまいません。").blank(),
        _field("text_good", "入力済み").check("軽自行政書士事務所"),
        _field("text_optional_good", "任意、入力済み").check("軽自"),
        _field("text_converted", "変換あり", hint=hint).check("ｹｲｼﾞ"),
        _field("text_error", "エラー", hint=hint).check("けいじ😀"),
        _field("text_email", "メールアドレス", type="email", autocomplete="email").blank(),
        _field("text_id", "利用者ID", autocomplete="username").blank("KNCA6288"),
    ]


def _choices() -> list[Answer]:
    return [
        _field("choice_blank", "選択、未選択").blank(),
        _field("choice_good", "選択済み", hint="あとから変更できます。").check("local"),
        _field("choice_error", "選択のエラー").blank().refused("どちらかを選んでください。"),
    ]


def _passwords() -> list[Answer]:
    hint = "12文字以上128文字以内。"
    return [
        _field("password_blank", "パスワード").blank(),
        _field("password_new", "新しいパスワード", hint=hint, type="password").blank(),
        _field("password_error", "パスワードのエラー", hint=hint)
        .blank()
        .refused("よく使われるパスワードは使えません。"),
    ]
