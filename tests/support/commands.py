"""The command line in a process of its own, on an installation that a test has made."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.post import PostOffice
from web.settings import Settings

ROOT = Path(__file__).parents[2]


def run(settings: Settings, post: PostOffice, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `mypage …` as the operator does."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MYPAGE_")},
        "MYPAGE_DATABASE_URL": settings.database_url,
        "MYPAGE_BASE_URL": settings.base_url,
        "MYPAGE_SMTP_URL": post.url,
        "MYPAGE_MAIL_FROM": settings.mail_from,
        "MYPAGE_SECRET_KEY": settings.secret_key[0],
        "MYPAGE_OFFICE_SECOND_FACTOR": "optional",
    }
    command = [sys.executable, "-m", "web", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
