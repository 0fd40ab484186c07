"""deploy/: what it names is there."""

import json
import re

import yaml
from prometheus_client import generate_latest

from tests.unit.parts import ROOT
from tools import sbom
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


def test_the_bill_of_materials_is_the_lock_file_and_what_is_vendored() -> None:
    """Every pin with its hashes, both vendored files with the hash their README states."""
    components = {each["name"]: each for each in sbom.bill()["components"]}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([a-z0-9._-]+)(?:\[\w+\])?==([^\s;\\]+)", lock, re.MULTILINE))
    assert {name: each["version"] for name, each in components.items() if name in pins} == pins
    stated = (ROOT / "static" / "vendor" / "README.md").read_text(encoding="utf-8")
    for name in ("htmx.org", "@digital-go-jp/design-tokens"):
        assert components[name]["hashes"][0]["content"] in stated
    assert all(each["properties"] for name, each in components.items() if name in pins)


def test_the_unit_and_the_container_do_what_the_manual_says() -> None:
    """No root, a read-only system, the signal that drains, health by /healthz, modes 0700 and 0077."""
    unit = (DEPLOY / "systemd" / "mypage.service").read_text(encoding="utf-8")
    for line in ("User=mypage", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0077",
                 "KillSignal=SIGTERM", "StateDirectoryMode=0700"):  # fmt: skip
        assert line in unit.splitlines()
    stop = re.search(r"TimeoutStopSec=(\d+)", unit)
    assert stop is not None
    assert int(stop[1]) > 10
    container = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last = container.rpartition("FROM ")[2]
    # by number: a cluster can see that it is not root
    user = re.search(r"^USER (\d+):\1$", last, re.MULTILINE)
    assert user is not None
    assert f"useradd --uid {user[1]} --gid {user[1]}" in last
    assert "/healthz" in last
    assert user.start() < last.index('CMD ["mypage", "serve"]')
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", container, re.MULTILINE)
    sources = [name for line in copied for name in line.split()]
    assert [name for name in sources if not (ROOT / name).exists()] == []
    allowed = (ROOT / ".containerignore").read_text(encoding="utf-8")
    assert [name for name in sources if f"!{name}\n" not in allowed] == []


def test_the_proxies_keep_keys_out_of_their_logs() -> None:
    """The mailed key is in a query string once; and /metrics is nobody's business outside."""
    nginx = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    caddy = (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    (format_line,) = re.findall(r"^log_format .*$", nginx, re.MULTILINE)
    assert not re.search(r"\$(?:request|request_uri|args|query_string|http_referer)\b", format_line)
    assert 'regexp \\?.* ""' in caddy
    assert "location = /metrics { return 404; }" in nginx
    assert "respond @metrics 404" in caddy
    kubernetes = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
    (ingress,) = [each for each in kubernetes if each["kind"] == "Ingress"]
    prefix, asked = "nginx.ingress.kubernetes.io", ingress["metadata"]["annotations"]
    assert asked[f"{prefix}/enable-access-log"] == "false"
    assert f"proxy_buffer_size {asked[f'{prefix}/proxy-buffer-size']};" in nginx


def test_compose_and_kubernetes_run_what_the_manual_says() -> None:
    """Two nodes whose role defines nothing, asked for /healthz; every file, secret and volume named is there."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    nodes = [each for each in compose["services"].values() if each.get("image") == "mypage"]
    owners = [
        each for each in nodes if "mypage_owner@" in each["environment"]["MYPAGE_DATABASE_URL"]
    ]
    assert [each["command"] for each in owners] == [["mypage", "init-db"]]
    assert len(nodes) == len(owners) + 2
    for service in compose["services"].values():
        mounted = [each.partition(":")[0] for each in service.get("volumes", [])]
        ours = [each for each in mounted if each.startswith("./")]
        assert [each for each in ours if not (DEPLOY / each).exists()] == []
        secrets = [
            each if isinstance(each, str) else each["source"] for each in service.get("secrets", [])
        ]
        assert set(secrets) <= set(compose["secrets"])
    kinds = {
        each["kind"]: each
        for each in yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
    }
    pods, budget = kinds["Deployment"]["spec"], kinds["PodDisruptionBudget"]["spec"]
    assert 0 < budget["minAvailable"] < pods["replicas"]
    assert budget["selector"] == pods["selector"]
    (node,) = pods["template"]["spec"]["containers"]
    probes = [
        node[f"{what}Probe"]["httpGet"]["path"] for what in ("startup", "readiness", "liveness")
    ]
    assert probes == ["/healthz"] * 3
    assert pods["template"]["spec"]["terminationGracePeriodSeconds"] > 5 + 10
    assert "mypage@" in kinds["ConfigMap"]["data"]["MYPAGE_DATABASE_URL"]


def test_what_every_node_reads_from_one_database_is_not_added_up() -> None:
    """Three nodes would tell of three times the mails."""
    panels = json.loads(DASHBOARD)["panels"]
    expressions = re.findall(r"expr: (.*)", ALERTS)
    expressions += [target["expr"] for panel in panels for target in panel["targets"]]
    shared = ("mypage_sessions", "mypage_second_factors", "mypage_outbox_", "mypage_nodes")
    told = [each for each in expressions if any(name in each for name in shared)]
    assert len(told) > 6
    assert [each for each in told if "max(" not in each] == []


def test_nginx_counts_addresses_as_the_product_does() -> None:
    """All of a /64 are one, and an IPv4 address is itself; else one subscriber had fifty connections without number."""
    conf = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    whole, short = re.findall(r'"~(\^[^"]+)" \$(?:whole|short);', conf)
    for of in ("limit_conn_zone", "limit_req_zone"):
        assert f"{of} $mypage_network " in conf

    def key(address: str) -> str:
        found = re.match(whole.replace("?<", "?P<"), address) or re.match(
            short.replace("?<", "?P<"), address
        )
        return found[1] if found else address

    one = ("2001:db8:0:5::1", "2001:db8:0:5:ffff::", "2001:db8:0:5:1:2:3:4")
    assert {key(each) for each in one} == {"2001:db8:0:5:"}
    for same in (
        ("2001:db8::1", "2001:db8::2:3:4:5"),
        ("::1", "::2:3:4:5"),
        ("2001::1", "2001::2:0:0:5"),
    ):
        assert key(same[0]) == key(same[1])
    apart = (
        "192.0.2.1",
        "192.0.2.2",
        "2001:db8:0:5::1",
        "2001:db8:0:6::1",
        "2001:db8::1",
        "2001:db9::1",
        "::1",
    )
    assert len({key(each) for each in apart}) == len(apart)
