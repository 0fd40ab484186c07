"""The wheel works alone: installed outside the checkout, it runs the demo with all its screens."""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import pytest

from tests.e2e.waiting import PATIENCE, until
from tests.ports import free_port
from tests.support.people import ALICE
from tests.unit.parts import ROOT

pytestmark = pytest.mark.slow


def done(*command: str | Path) -> str:
    """Run a command that must succeed."""
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it into an empty environment, which finds our packages by a .pth."""
    folder = tmp_path_factory.mktemp("wheel")
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    done(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("kei_mypage-*.whl")
    done(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--quiet", wheel)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "packages.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


def test_the_wheel_runs_the_demo(folder: Path) -> None:
    """Portal, style and script, log-in; templates and schema come from the wheel."""
    where = "import web.paths; print(web.paths.TEMPLATES)"
    found = subprocess.run(
        [folder / "venv" / "bin" / "python", "-c", where],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(found.stdout.strip()).is_relative_to(folder)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [folder / "venv" / "bin" / "mypage", "demo", "--port", str(port)],
            cwd=folder, env={"PATH": ""}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        answered = until(lambda: process.poll() is not None or answers(base))
        assert answered, "waited in vain"
        assert process.poll() is None, (folder / "log").read_text("utf-8")
        with httpx.Client(base_url=base, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
            page = visitor.get("/").text
            files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
            assert len(files) >= 2
            assert [file for file in files if not visitor.get(file).is_success] == []
            login = {"user_id": "KNCA6288", "password": ALICE.payment_password}
            assert visitor.post("/useridmg/login", data=login).status_code == 303
            assert "マイページ" in visitor.get("/useridmg/mypage").text
            assert visitor.get("/help/terms").is_success
    finally:
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0


def answers(base: str) -> bool:
    """Tell whether the server answers."""
    try:
        return httpx.get(f"{base}/healthz").is_success
    except httpx.TransportError:
        return False
