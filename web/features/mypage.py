"""M1 マイページ."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.direct_debit.acts import arrives_by
from web.direct_debit.status import DebitStatus, status_of
from web.http.access import account, session
from web.http.client import services_of
from web.http.render import render, url
from web.security import factor_policy
from web.settings import Settings
from web.store.direct_debit_forms import Kind, State
from web.store.sessions import FAILED_FOR, Session

ANNOUNCED = 14 * clock.DAY


@dataclass(frozen=True, slots=True)
class Task:
    """Something that the person has to do, and the button that leads there."""

    what: str
    how: str
    button: str
    address: str
    post: bool = False


async def show(request: Request) -> Response:
    """Show what has to be done, what is registered and what can be done."""
    current, now = session(request), clock.now()
    ends_at = password_ends_at(services_of(request).settings, current.password_changed_at)
    debits = tuple(
        status_of(
            kind,
            current.debit_ids.get(kind, ""),
            current.debit_forms,
            _arrives_by(current.to_post.get(kind)),
        )
        for kind in Kind
    )
    return render(
        request,
        "mypage/show",
        account=account(request),
        as_of=clock.mypage_style_with_seconds(now),
        last_login=_words(current.previous_login_at),
        password_ends=_words(ends_at),
        debits=debits,
        tasks=[
            *_about_password(request, ends_at, now),
            *_about_second_factor(request, current, now),
            *_about_address(request, current),
            *(task for debit in debits for task in _about_debit(request, current, debit)),
            *_about_payments(request, current.failed_payments, now),
        ],
    )


def _about_password(request: Request, ends_at: int | None, now: int) -> list[Task]:
    if ends_at is None or ends_at - now > ANNOUNCED:
        return []
    if now >= ends_at:  # who has come by a passkey did not need it
        what = "納付利用者パスワードの有効期限が切れています。"
        how = (
            "パスキーでは、このままログインできます。"
            "納付利用者IDとパスワードでログインするときは、新しいパスワードに変更してください。"
        )
        return [Task(what, how, "パスワードを変更", url(request, "password_change/change"))]
    what = f"納付利用者パスワードの有効期限まで、あと{(ends_at - now) // clock.DAY}日です。"
    how = "有効期限までに、新しいパスワードに変更してください。"
    return [Task(what, how, "パスワードを変更", url(request, "password_change/change"))]


def _about_second_factor(request: Request, current: Session, now: int) -> list[Task]:
    settings = services_of(request).settings
    concerned = current.account.kind in factor_policy.announced(settings, now)
    if current.second or not concerned:
        return []
    day = clock.day_at(settings.second_factor_from or now)
    what = f"{day}から、ログインに二段階の確認が必要になります。"
    how = "それまでに、認証アプリかパスキーを登録してください。登録が済むまで、ほかの画面を使えなくなります。"
    return [Task(what, how, "ログインの方法を確認", url(request, "factors/show"))]


def _about_address(request: Request, current: Session) -> list[Task]:
    if current.account.address_confirmed:
        return []
    what = "利用者管理用メールアドレスがまだ確認されていません。"
    how = (
        "届いたメールの「メールアドレス確認用URL」を開き、「確認する」を押してください。"
        "確認されるまで、このアドレスに送信するメールの数が限られます。"
    )
    return [Task(what, how, "確認用のメールを再送", url(request, "email/resend"), post=True)]


def _about_debit(request: Request, current: Session, debit: DebitStatus) -> list[Task]:
    if not current.debit_forms:
        return []
    tasks, address = [], url(request, "direct_debit/show", kind=debit.kind)
    day = _arrives_by(current.to_post.get(debit.kind))
    if day:
        what = f"{debit.product}の届出書を、{day}までに届くように郵送してください。"
        how = (
            "それまでに届かない場合は、取下げとなります。郵送済みのときは、届くまでお待ちください。"
        )
        tasks.append(Task(what, how, f"{debit.product}の届出書を確認", address))
    states = {each.state for each in current.debit_forms if each.kind == debit.kind}
    if State.RETURNED in states and not debit.under_way:
        what = f"{debit.product}の届出書が、不備のため返却されています。"
        how = "不備の内容をご確認のうえ、届出書を再度作成してください。"
        tasks.append(Task(what, how, f"{debit.product}の不備の内容を確認", address))
    return tasks


def _arrives_by(made_at: int | None) -> str:
    return clock.day_style(arrives_by(made_at)) if made_at is not None else ""


def _about_payments(request: Request, failed: int, now: int) -> list[Task]:
    if not failed:
        return []
    what = f"納付不能となったまとめ納付が{failed}件あります。"
    how = f"{FAILED_FOR // clock.DAY}日以内に作成されたものです。内容をご確認ください。"
    days = {
        "period": "days",
        "since": clock.in_tokyo(now - FAILED_FOR).date().isoformat(),
        "until": clock.in_tokyo(now).date().isoformat(),
    }
    return [
        Task(what, how, "まとめ納付を確認", url(request, "summary_file/choose", **days, show="1"))
    ]


def _words(at: int | None) -> str:
    return clock.mypage_style(at) if at is not None else ""


def password_ends_at(settings: Settings, changed_at: int) -> int | None:
    """Give the end of the 納付利用者パスワード's life; None when it has none (manual, chapter 2)."""
    days = settings.password_life_days
    return changed_at + days * clock.DAY if days else None
