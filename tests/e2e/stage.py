"""What brings a browser to a screen in a state: short ways where the journeys walk the long ones."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Literal

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from .conftest import Site
from .mail_wording import BULK, ISSUE_GUIDE, PAYMENT
from .mailbox import Mailbox
from .personas import Persona

EDIT = "/useridmg/profile/edit"
UNKNOWN_ID = "KNCA0001"
REPEATS = 12


class Stage:
    """A page of a deployment; `links` are mailed links, kept because they may be opened often."""

    def __init__(self, page: Page, site: Site, links: dict[str, str]) -> None:
        self.page = page
        self.site = site
        self.cast = site.cast
        self._links = links

    def open(self, path: str) -> None:
        self.page.goto(path)

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def field(self, label: str) -> Locator:
        return self.page.get_by_role("main").get_by_label(label, exact=True)

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def check(self, label: str, text: str) -> None:
        """Type into a field, leave it and wait for what the server makes of it."""
        with self.page.expect_response(re.compile("/check")):
            self.fill(label, text)
            self.field(label).press("Tab")

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()

    def looked(self) -> None:
        """Let a look at an account be written down; scripts do so by themselves."""
        button = self.page.get_by_role("button", name="この利用者を開く", exact=True)
        if button.count():
            with suppress(PlaywrightError):  # a script was quicker
                button.click(timeout=1000)

    def refused(self, problems: int) -> None:
        """Wait until the summary lists so many problems."""
        summary = self.page.locator("#error-summary")
        expect(summary.get_by_role("listitem")).to_have_count(problems)

    def post(self, path: str, **form: str) -> int:
        """Post without showing anything; the cookies that come back are the page's."""
        answer = self.page.context.request.post(
            path,
            form={**form},
            headers={"Origin": self.site.url},
            max_redirects=0,
        )
        return answer.status

    def log_in(self, persona: Persona) -> None:
        form = {"user_id": persona.payment_id, "password": persona.password}
        assert self.post("/useridmg/login", **form) == 303

    def logged_in(self, persona: Persona, path: str) -> None:
        self.log_in(persona)
        self.open(path)

    def submit_natively(self) -> None:
        """Send the form of the screen as a browser without JavaScript does."""
        with self.page.expect_navigation():
            self.page.evaluate("document.querySelector('form.form').submit()")

    def post_natively(self, path: str, *fields: tuple[str, str]) -> None:
        """Make the browser send a form that no screen has."""
        with self.page.expect_navigation():
            self.page.evaluate(
                """([path, fields]) => {
                  const form = Object.assign(document.createElement("form"), {method: "post", action: path});
                  for (const [name, value] of fields)
                    form.append(Object.assign(document.createElement("input"), {name, value}));
                  document.body.append(form);
                  form.submit();
                }""",
                [path, fields],
            )

    def set_ahead(self, seconds: int) -> None:
        """Let time pass on the server; the demo alone can do that."""
        assert self.post("/demo/clock", seconds=str(seconds)) == 303

    def throttled(self, path: str) -> None:
        """Try wrong passwords until the server refuses to look at another one."""
        wrong = {"user_id": UNKNOWN_ID, "password": "not-the-password"}
        assert 429 in [self.post(path, **wrong) for _ in range(REPEATS)]

    def count_failures_as(self, number: int) -> None:
        """Make the newest failure of an ID the last of so many; trying them takes minutes."""
        with closing(sqlite3.connect(self.data / "demo.sqlite3")) as database, database:
            database.execute(
                """UPDATE failures SET number = ?
                    WHERE rowid = (SELECT max(rowid) FROM failures WHERE scope = 'id')""",
                [number],
            )

    def mailed(self, kind: Literal["bulk", "payment"]) -> str:
        """Give the mailed link of the company, asking for it the first time."""
        if kind not in self._links:
            self._links[kind] = self._ask(kind)
        return self._links[kind]

    def _ask(self, kind: Literal["bulk", "payment"]) -> str:
        company, mailbox = self.cast.company, Mailbox(self.site.inbox)
        if kind == "bulk":
            self.logged_in(company, "/useridmg/pwdInitBulk/request")
        else:
            self.open("/useridmg/pwdInitPay/request")
            self.fill("納付利用者ID", company.payment_id)
            self.fill("利用者管理用メールアドレス", company.email)
        self.press("パスワード初期化依頼")
        wording = BULK if kind == "bulk" else PAYMENT
        self.heading(f"{wording.password_name}初期化 依頼受付")
        return mailbox.expect(to=company.email, subject=wording.guide_subject).link

    def agreed(self) -> None:
        """Go through the first screen of 利用者ID発行."""
        self.open("/useridmg/issue/terms")
        self.field("利用規約に同意する").check()
        self.press("次へ")
        self.heading("利用者ID発行 メールアドレスの入力")

    def asked_for_an_id(self, email: str) -> None:
        """Go on to the third."""
        self.agreed()
        self.fill("メールアドレス", email)
        self.fill("メールアドレス(確認用)", email)
        self.press("発行依頼")
        self.heading("利用者ID発行 依頼受付")

    def issue_link(self) -> str:
        """Give a URL for a 利用者ID発行 that is not used up yet."""
        if "issue" not in self._links:
            email, mailbox = f"shinki-{token_hex(4)}@example.jp", Mailbox(self.site.inbox)
            self.asked_for_an_id(email)
            self._links["issue"] = mailbox.expect(to=email, subject=ISSUE_GUIDE).link
        return self._links["issue"]

    def issue_link_used(self) -> None:
        """Let the next one be a new one."""
        del self._links["issue"]

    @property
    def data(self) -> Path:
        """The folder of the server that the tests started themselves."""
        assert self.site.server
        return self.site.server._log.parent / "data"

    @contextmanager
    def without(self, table: str) -> Iterator[None]:
        """Take a table away, so that the database cannot serve."""
        with sqlite3.connect(self.data / "demo.sqlite3") as database:
            database.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            yield
        finally:
            with sqlite3.connect(self.data / "demo.sqlite3") as database:
                database.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
            database.close()
