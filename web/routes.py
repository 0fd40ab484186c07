"""Every address: path, endpoint, methods, name, who may enter; nothing else."""

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import BaseRoute

from web.features import health, mypage, portal
from web.features.activity import endpoints as activity
from web.features.direct_debit import confirmation, inquiry, search, towns
from web.features.direct_debit import endpoints as direct_debit
from web.features.email import endpoints as email
from web.features.factors import endpoints as factors
from web.features.factors import stop as factor_stop
from web.features.help import endpoints as help_pages
from web.features.help import well_known
from web.features.issuance import endpoints as issuance
from web.features.issuance import mailed_url
from web.features.login import endpoints as login
from web.features.password_change import endpoints as password_change
from web.features.password_reset import endpoints as password_reset
from web.features.password_reset import second as reset_second
from web.features.profile import endpoints as profile
from web.features.sessions import endpoints as sessions
from web.features.summary_file import endpoints as summary_file
from web.http.access import BOTH, GET, POST, Access, route, time_left
from web.office import audit as office_audit
from web.office import desk
from web.office import mails as office_mails
from web.office import people as office_people
from web.office import reports as office_reports
from web.office.accounts import endpoints as office_accounts
from web.office.accounts import retire as office_retire
from web.office.address import endpoints as office_address
from web.office.factor_reset import endpoints as office_factor_reset
from web.office.factors import endpoints as office_factors
from web.office.forms import endpoints as office_forms
from web.office.login import endpoints as office_login
from web.office.password import endpoints as office_password
from web.store.credentials import CredentialKind
from web.store.direct_debit_forms import Action
from web.store.direct_debit_forms import Kind as DebitKind
from web.store.staff import Role


class KindConvertor(Convertor[CredentialKind]):
    """Reads Pay and Bulk at the end of pwdInit… (manual, chapters 4 and 6)."""

    regex = "Pay|Bulk"

    def convert(self, value: str) -> CredentialKind:
        """Read the address."""
        return next(kind for kind in CredentialKind if kind.path == value)

    def to_string(self, value: CredentialKind) -> str:
        """Write the address."""
        return CredentialKind(value).path


class DebitConvertor(Convertor[DebitKind]):
    """Reads national and local."""

    regex = "national|local"

    def convert(self, value: str) -> DebitKind:
        """Read the address."""
        return DebitKind(value)

    def to_string(self, value: DebitKind) -> str:
        """Write the address."""
        return DebitKind(value).value


class ActionConvertor(Convertor[Action]):
    """Reads new, change and stop."""

    regex = "new|change|stop"

    def convert(self, value: str) -> Action:
        """Read the address."""
        return Action(value)

    def to_string(self, value: Action) -> str:
        """Write the address."""
        return Action(value).value


register_url_convertor("kind", KindConvertor())
register_url_convertor("debit", DebitConvertor())
register_url_convertor("action", ActionConvertor())

ANYONE, SIGNED_IN = Access.ANYONE, Access.SIGNED_IN
SIGNED_IN_CHECK, SIGNED_IN_UNSEEN = Access.SIGNED_IN_CHECK, Access.SIGNED_IN_UNSEEN
DEBIT = "/useridmg/debit/{kind:debit}"
PROCEDURE = f"{DEBIT}/{{action:action}}"
READER, CLERK, ADMIN = Role.READER, Role.CLERK, Role.ADMIN
RESET = "/useridmg/pwdInit{kind:kind}"

# fmt: off
ROUTES: list[BaseRoute] = [
    route("/", portal.top, GET, "portal/top", ANYONE),
    route("/outside", portal.outside, GET, "portal/outside", ANYONE),

    route("/useridmg/login", login.log_in, BOTH, "login/log_in", ANYONE),
    route("/useridmg/login/second", login.second, BOTH, "login/second", ANYONE),
    route("/useridmg/leave", login.leave_mypage, POST, "login/leave", ANYONE),

    route("/useridmg/session", time_left, GET, "login/time_left", SIGNED_IN_UNSEEN),
    route("/useridmg/session/stay", time_left, POST, "login/stay", SIGNED_IN_CHECK),

    route("/useridmg/mypage", mypage.show, GET, "mypage/show", SIGNED_IN),

    route("/useridmg/sessions", sessions.show, BOTH, "sessions/show", SIGNED_IN),

    route("/useridmg/factors", factors.show, GET, "factors/show", SIGNED_IN),
    route("/useridmg/factors/prove", factors.prove, BOTH, "factors/prove", SIGNED_IN),
    route("/useridmg/factors/mailed", factors.mailed, BOTH, "factors/mailed", SIGNED_IN),
    route("/useridmg/factors/app", factors.app, BOTH, "factors/app", SIGNED_IN),
    route("/useridmg/factors/codes", factors.codes, BOTH, "factors/codes", SIGNED_IN),
    route("/useridmg/factors/passkey", factors.passkey, BOTH, "factors/passkey", SIGNED_IN),
    route("/useridmg/factors/edit", factors.edit, BOTH, "factors/edit", SIGNED_IN),
    route("/useridmg/passkey/renew", factors.renew, POST, "factors/renew", ANYONE),

    route("/useridmg/factors/stop/INIT", factor_stop.open_mailed, GET, "factors/open_stop", ANYONE),
    route("/useridmg/factors/stop", factor_stop.stop, BOTH, "factors/stop", ANYONE),
    route("/useridmg/factors/stopped", factor_stop.stopped, GET, "factors/stopped", ANYONE),

    route("/useridmg/profile/edit", profile.edit, BOTH, "profile/edit", SIGNED_IN),
    route("/useridmg/profile/check", profile.check, POST, "profile/check", SIGNED_IN_CHECK),
    route("/useridmg/profile/confirm", profile.confirm, BOTH, "profile/confirm", SIGNED_IN),
    route("/useridmg/profile/conflict", profile.conflict, BOTH, "profile/conflict", SIGNED_IN),
    route("/useridmg/profile/complete", profile.complete, GET, "profile/complete", SIGNED_IN),

    route("/useridmg/debit/banks", search.banks, POST, "direct_debit/banks", SIGNED_IN_CHECK),
    route("/useridmg/debit/branches", search.branches, POST, "direct_debit/branches", SIGNED_IN_CHECK),
    route("/useridmg/debit/town", towns.town, POST, "direct_debit/town", SIGNED_IN_CHECK),
    route("/useridmg/debit/check", direct_debit.check, POST, "direct_debit/check", SIGNED_IN_CHECK),
    route(DEBIT, inquiry.show, GET, "direct_debit/show", SIGNED_IN),
    route(f"{DEBIT}/paper", inquiry.paper, GET, "direct_debit/paper", SIGNED_IN),
    route(f"{DEBIT}/withdraw", inquiry.withdraw, BOTH, "direct_debit/withdraw", SIGNED_IN),
    route(f"{PROCEDURE}/edit", direct_debit.edit, BOTH, "direct_debit/edit", SIGNED_IN),
    route(f"{PROCEDURE}/confirm", confirmation.confirm, BOTH, "direct_debit/confirm", SIGNED_IN),
    route(f"{PROCEDURE}/conflict", confirmation.conflict, BOTH, "direct_debit/conflict", SIGNED_IN),
    route(f"{PROCEDURE}/complete", confirmation.complete, GET, "direct_debit/complete", SIGNED_IN),

    route("/useridmg/activity", activity.show, GET, "activity/show", SIGNED_IN),
    route("/useridmg/activity/disown", activity.disown, BOTH, "activity/disown", SIGNED_IN),
    route("/useridmg/activity/disowned", activity.disowned, GET, "activity/disowned", SIGNED_IN),
    route("/useridmg/activity/data", activity.data, BOTH, "activity/data", SIGNED_IN),
    route(
        "/useridmg/activity/data/page", activity.data_page, GET, "activity/data_page", SIGNED_IN
    ),
    route("/useridmg/summary-file", summary_file.choose, BOTH, "summary_file/choose", SIGNED_IN),

    route("/useridmg/password/change", password_change.change, BOTH, "password_change/change", ANYONE),
    route("/useridmg/password/second", password_change.second, BOTH, "password_change/second", ANYONE),
    route("/useridmg/password/check", password_change.check, POST, "password_change/check", ANYONE),
    route("/useridmg/password/changed", password_change.changed, GET, "password_change/changed", ANYONE),

    route("/useridmg/pwdInitPay/request", password_reset.ask_payment, BOTH, "password_reset/ask_payment", ANYONE),
    route("/useridmg/pwdInitPay/request/check", password_reset.check_request, POST, "password_reset/check_request", ANYONE),
    route("/useridmg/pwdInitBulk/request", password_reset.ask_bulk, BOTH, "password_reset/ask_bulk", SIGNED_IN),
    route(f"{RESET}/requested", password_reset.asked, GET, "password_reset/asked", ANYONE),
    route(f"{RESET}/INIT", password_reset.open_mailed, GET, "password_reset/open", ANYONE),
    route(f"{RESET}/second", reset_second.second, BOTH, "password_reset/second", ANYONE),
    route(f"{RESET}/password", password_reset.choose, BOTH, "password_reset/choose", ANYONE),
    route(f"{RESET}/password/check", password_reset.check_password, POST, "password_reset/check_password", ANYONE),
    route(f"{RESET}/complete", password_reset.complete, GET, "password_reset/complete", ANYONE),

    route("/useridmg/email/resend", email.resend, POST, "email/resend", SIGNED_IN),
    route("/useridmg/email/INIT", email.open_mailed, GET, "email/open", ANYONE),
    route("/useridmg/email/confirm", email.confirm, BOTH, "email/confirm", ANYONE),
    route("/useridmg/email/confirmed", email.confirmed, GET, "email/confirmed", ANYONE),

    route("/useridmg/issue/terms", issuance.terms, BOTH, "issuance/terms", ANYONE),
    route("/useridmg/issue/address", issuance.address, BOTH, "issuance/address", ANYONE),
    route("/useridmg/issue/address/check", issuance.check_address, POST, "issuance/check_address", ANYONE),
    route("/useridmg/issue/requested", issuance.asked, GET, "issuance/asked", ANYONE),
    route("/useridmg/issue/INIT", mailed_url.open_mailed, GET, "issuance/open", ANYONE),
    route("/useridmg/issue/profile", issuance.edit, BOTH, "issuance/edit", ANYONE),
    route("/useridmg/issue/profile/check", issuance.check, POST, "issuance/check", ANYONE),
    route("/useridmg/issue/passwords", issuance.choose_passwords, BOTH, "issuance/passwords", ANYONE),
    route("/useridmg/issue/passwords/check", issuance.check_password, POST, "issuance/check_password", ANYONE),
    route("/useridmg/issue/confirm", issuance.confirm, BOTH, "issuance/confirm", ANYONE),
    route("/useridmg/issue/complete", issuance.complete, GET, "issuance/complete", ANYONE),

    route("/office/login", office_login.log_in, BOTH, "office/login", ANYONE),
    route("/office/login/second", office_login.second, BOTH, "office/second", ANYONE),
    route("/office/leave", office_login.leave_office, POST, "office/leave", ANYONE),
    route("/office/session", time_left, GET, "office/time_left", SIGNED_IN_UNSEEN, READER),
    route("/office/session/stay", time_left, POST, "office/stay", SIGNED_IN_CHECK, READER),
    route("/office/", desk.show, GET, "office/desk", SIGNED_IN, READER),
    route("/office/forms", office_forms.listed, GET, "office/forms", SIGNED_IN, READER),
    route("/office/forms/move", office_forms.move, BOTH, "office/move", SIGNED_IN, CLERK),
    route("/office/forms/{id}", office_forms.show, BOTH, "office/form", SIGNED_IN, READER),
    route("/office/accounts", office_accounts.search, BOTH, "office/accounts", SIGNED_IN, READER),
    route("/office/accounts/{id}", office_accounts.show, BOTH, "office/account", SIGNED_IN, READER),
    route("/office/accounts/{id}/act", office_accounts.act, POST, "office/act", SIGNED_IN, CLERK),
    route("/office/accounts/{id}/retire", office_retire.retire, BOTH, "office/retire", SIGNED_IN, ADMIN),
    route("/office/accounts/{id}/address", office_address.change, BOTH, "office/address", SIGNED_IN, CLERK),
    route("/office/accounts/{id}/factors", office_factor_reset.change, BOTH, "office/factor_reset", SIGNED_IN, CLERK),
    route("/office/reports/{id}", office_reports.show, BOTH, "office/report", SIGNED_IN, READER),
    route("/office/mails", office_mails.show, GET, "office/mails", SIGNED_IN, READER),
    route("/office/mails/{id}/resend", office_mails.resend, POST, "office/resend", SIGNED_IN, CLERK),
    route("/office/audit", office_audit.search, GET, "office/audit", SIGNED_IN, READER),
    route("/office/staff", office_people.show, GET, "office/people", SIGNED_IN, ADMIN),
    route("/office/staff/unlock", office_people.open_lock, POST, "office/unlock", SIGNED_IN, ADMIN),
    route("/office/factors", office_factors.show, GET, "office/factors/show", SIGNED_IN, READER),
    route("/office/factors/prove", office_factors.prove, BOTH, "office/factors/prove", SIGNED_IN, READER),
    route("/office/factors/app", office_factors.app, BOTH, "office/factors/app", SIGNED_IN, READER),
    route("/office/factors/codes", office_factors.codes, BOTH, "office/factors/codes", SIGNED_IN, READER),
    route("/office/factors/passkey", office_factors.passkey, BOTH, "office/factors/passkey", SIGNED_IN, READER),
    route("/office/factors/edit", office_factors.edit, BOTH, "office/factors/edit", SIGNED_IN, READER),
    route("/office/password", office_password.change, BOTH, "office/password", SIGNED_IN, READER),
    route("/office/password/second", office_password.second, BOTH, "office/password_second", SIGNED_IN, READER),

    route("/help/contact", help_pages.contact, GET, "help/contact", ANYONE),
    route("/help/faq", help_pages.faq, GET, "help/faq", ANYONE),
    route("/help/sitemap", help_pages.sitemap, GET, "help/sitemap", ANYONE),
    route("/help/search", help_pages.find, GET, "help/search", ANYONE),
    route("/help/terms", help_pages.terms, GET, "help/terms", ANYONE),
    route("/help/privacy", help_pages.privacy, GET, "help/privacy", ANYONE),
    route("/help/accessibility", help_pages.accessibility, GET, "help/accessibility", ANYONE),

    route("/.well-known/change-password", well_known.change_password, GET, "help/change_password", ANYONE),
    route("/.well-known/passkey-endpoints", well_known.passkeys, GET, "help/passkeys", ANYONE),
    route("/.well-known/security.txt", well_known.security, GET, "help/security", ANYONE),
    route("/robots.txt", well_known.robots, GET, "help/robots", ANYONE),
    route("/favicon.ico", well_known.favicon, GET, "help/favicon", ANYONE),

    route("/healthz", health.live, GET, "health/live", ANYONE),
    route("/metrics", health.metrics, GET, "health/metrics", ANYONE),
    route("/readyz", health.ready, GET, "health/ready", ANYONE),
]
# fmt: on
