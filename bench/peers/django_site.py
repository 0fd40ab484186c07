"""Django + django-allauth on equal terms: session rows, the same Argon2id, WAL, a page with eight fields.

Run by its own environment: `python django_site.py prepare` makes the database, `python -m gunicorn
django_site:application` serves. BENCH_DATABASE names the file, BENCH_PASSWORD everybody's password.
"""

import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="k" * 50,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    PASSWORD_HASHERS=[f"{__name__}.Hasher"],
    ACCOUNT_LOGIN_METHODS={"username"},
    ACCOUNT_EMAIL_VERIFICATION="none",
    ACCOUNT_RATE_LIMITS=False,
    LOGIN_REDIRECT_URL="/profile",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["BENCH_DATABASE"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL",
            },
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402 needs the settings


class Hasher(Argon2PasswordHasher):
    """The parameters of the product."""

    time_cost, memory_cost, parallelism = 2, 19456, 1


django.setup()

from django import forms  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import include, path  # noqa: E402

PAGE = engines["django"].from_string(
    """<!DOCTYPE html><html lang="ja"><title>profile</title><main><h1>profile</h1>
<dl>{% for name, value in rows %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<form method="post" action="/accounts/logout/">{% csrf_token %}<button>logout</button></form>
<p>{{ filler }}</p></main></html>"""
)
FORM = engines["django"].from_string(
    """<!DOCTYPE html><html lang="ja"><title>edit</title><main><h1>edit</h1>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>save</button></form>
<p>{{ filler }}</p></main></html>"""
)
FIELDS = (
    "id",
    "username",
    "email",
    "first_name",
    "last_name",
    "is_active",
    "date_joined",
    "last_login",
)
FILLER = "x" * int(os.environ.get("BENCH_BYTES", "0"))


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show eight fields of the user."""
    rows = [(name, getattr(request.user, name)) for name in FIELDS]
    return HttpResponse(PAGE.render({"rows": rows, "filler": FILLER}, request))


class ProfileForm(forms.ModelForm):
    """Three fields of the user."""

    class Meta:
        model = get_user_model()
        fields = ("first_name", "last_name", "email")


@login_required
def edit(request: HttpRequest) -> HttpResponse:
    """Change three fields of the user."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        return redirect("/profile")
    return HttpResponse(FORM.render({"form": form, "filler": FILLER}, request))


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("profile", profile),
    path("profile/edit", edit),
]
application = get_wsgi_application()


def prepare(users: int) -> None:
    """Make the tables and the users."""
    call_command("migrate", verbosity=0)
    password = make_password(os.environ["BENCH_PASSWORD"])
    user = get_user_model()
    names = (f"KNCA{each:04}" for each in range(1, users + 1))
    user.objects.bulk_create(
        [user(username=name, email=f"{name}@example.jp", password=password) for name in names]
    )


if __name__ == "__main__":
    prepare(int(sys.argv[2]))
