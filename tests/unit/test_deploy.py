"""deploy/: what it names is there."""

import json
import re

from prometheus_client import generate_latest

from tests.unit.parts import ROOT
from web import metrics

DEPLOY = ROOT / "deploy"
ALERTS = (DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
DASHBOARD = (DEPLOY / "grafana" / "dashboard.json").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
NAME = re.compile(r"\b((?:mypage|process)_[a-z_]+)")


def known() -> set[str]:
    """List the names that /metrics gives, labelled or not."""
    said = generate_latest(metrics.REGISTRY).decode()
    families = re.findall(r"^# TYPE (\S+) (\S+)$", said, re.MULTILINE)
    return {
        name + ending
        for name, kind in families
        for ending in (("_bucket", "_count", "_sum") if kind == "histogram" else ("",))
    }


def test_every_number_of_dashboard_and_alerts_exists() -> None:
    """An alert on a name that is no more would never ring."""
    expressions = re.findall(r"expr: (.*)", ALERTS)
    panels = json.loads(DASHBOARD)["panels"]
    expressions += [target["expr"] for panel in panels for target in panel["targets"]]
    named = {name for expression in expressions for name in NAME.findall(expression)}
    assert len(named) > 10
    assert named - known() == set()


def test_every_number_of_ours_is_watched() -> None:
    """What nobody looks at need not be counted."""
    ours = {name for name in known() if name.startswith("mypage_")}
    watched = set(NAME.findall(ALERTS + DASHBOARD))
    assert {name for name in ours if not name.endswith(("_count", "_sum"))} - watched == set()


def test_every_alert_is_explained() -> None:
    """docs/operations.md says what it means and what to do."""
    alerts = re.findall(r"- alert: (\w+)", ALERTS)
    assert len(alerts) > 5
    assert [alert for alert in alerts if f"| `{alert}` |" not in OPERATIONS] == []
