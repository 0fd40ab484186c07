"""Where passwords are compared with hashes: a place that nobody counts is a place to guess."""

import ast
from pathlib import Path

import web

COMPARING = {"verify", "verify_secret", "verify_password", "matches_any"}
# How often each place compares, and why it may: another comparison beside one that is counted fails too.
ALLOWED = {
    "web/steps/check_password.py": (
        1,
        "every log-in and every password asked for again: tries and throttle",
    ),
    "web/security/new_password.py": (
        1,
        "a new password against the former ones: what is none of them is set, so a link is good for one try",
    ),
    "web/security/passwords.py": (1, "the comparison itself"),
    "web/steps/second_factor.py": (1, "a 予備コード: counted as wrong before it is compared"),
    "web/demo/run.py": (
        2,
        "the demo tells its operator at start which of its own passwords still hold",
    ),
}


def comparing(source: str) -> list[int]:
    """List the lines that use a comparison of passwords: called, passed on, or brought in by name."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (
            isinstance(node, ast.Attribute)
            and node.attr in COMPARING
            and "audit_proof"
            not in ast.unparse(node.value)  # audit_proof.verify judges no password
        )
        or (isinstance(node, ast.ImportFrom) and COMPARING & {each.name for each in node.names})
    ]


def test_passwords_are_verified_only_where_tries_are_counted() -> None:
    """Each other place would need its own reason here; those named here exist."""
    root = Path(web.__file__).parent.parent
    found = {
        str(path.relative_to(root)): lines
        for path in sorted(Path(root, "web").rglob("*.py"))
        if (lines := comparing(path.read_text(encoding="utf-8")))
    }
    number = {name: len(lines) for name, lines in found.items()}
    assert number == {name: times for name, (times, _) in ALLOWED.items()}, found


def test_a_comparison_is_found_however_it_is_written() -> None:
    """Called, passed to a thread, or under another name."""
    assert comparing("await services.passwords.verify(a, b)") == [1]
    assert comparing("check = partial(self._passwords.matches_any, used)") == [1]
    assert comparing("argon2.low_level.verify_secret(a, b, c)") == [1]
    assert comparing("hasher = argon2.PasswordHasher()\nhasher.verify(a, b)") == [2]
    assert comparing("from argon2.low_level import verify_secret as same") == [1]
    assert comparing("argon2.verify_password(a, b)") == [1]
