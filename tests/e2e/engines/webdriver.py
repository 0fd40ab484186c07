"""WebKit's own driver: started on a screen of its own, spoken to by plain HTTP."""

import json
import os
import shutil
import signal
import subprocess
from contextlib import closing
from copy import copy
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from typing import Any

from tests.e2e.waiting import PATIENCE, until
from tests.ports import free_port

DRIVER = "WebKitWebDriver"
LIBRARIES, BROWSERS = Path("/usr/lib"), "*/webkit2gtk-4.*/MiniBrowser"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how WebDriver marks a reference to an element
WIDTH, HEIGHT = 1280, 900
SCRIPT_MS = 5000


class WebDriverError(Exception):
    """What the driver answered instead of a value."""


def found() -> str | None:
    """The browser that the driver drives, if all of it is there."""
    programs = all(map(shutil.which, (DRIVER, "Xvfb")))
    return next(iter(map(str, sorted(LIBRARIES.glob(BROWSERS)))), None) if programs else None


class Screen:
    """A display that nobody sees, and the driver on it; what is downloaded there lies in `downloads`."""

    def __init__(self, folder: Path) -> None:
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        (folder / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{self.downloads}"\n')
        reading, writing = os.pipe()
        command = [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            "1600x1400x24",
            "-nolisten",
            "tcp",
        ]
        self._display = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        self._environment = {
            **os.environ,
            "DISPLAY": f":{number}",
            "LANG": "ja_JP.UTF-8",
            "TZ": "Asia/Tokyo",
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "XDG_CONFIG_HOME": str(folder),
        }
        self._start()

    def _start(self) -> None:
        self.port = free_port()
        self._driver = subprocess.Popen(
            [DRIVER, f"--port={self.port}"],
            env=self._environment,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert until(self._answers), "the driver gave no answer"

    def begin(self, capabilities: dict[str, Any]) -> Any:
        """Open a browser; on a busy machine the driver may wait for one that never comes, and is started anew."""
        try:
            return send(self.port, "POST", "/session", capabilities)
        except TimeoutError:
            os.killpg(self._driver.pid, signal.SIGKILL)
            self._driver.wait(timeout=PATIENCE)
            self._start()
            return send(self.port, "POST", "/session", capabilities)

    def _answers(self) -> bool | None:
        try:
            send(self.port, "GET", "/status")
        except OSError:
            return None
        return True

    def stop(self) -> None:
        """End both."""
        for process in (self._driver, self._display):
            process.terminate()
            process.wait(timeout=PATIENCE)


def send(port: int, method: str, path: str, body: Any = None) -> Any:
    """Ask the driver something. Raises WebDriverError."""
    content = json.dumps(body if body is not None else {}) if method == "POST" else None
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
    value = answer["value"]
    if isinstance(value, dict) and "error" in value:
        raise WebDriverError(f"{value['error']}: {value.get('message', '')}")
    return value


class Session:
    """One window of a fresh browser; `front` names the window that the driver speaks to."""

    def __init__(self, screen: Screen, *, javascript: bool) -> None:
        self.downloads = screen.downloads
        arguments = ["--automation", *([] if javascript else ["--enable-javascript=FALSE"])]
        options = {"binary": found(), "args": arguments}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        capabilities = {"capabilities": {"alwaysMatch": wanted}}
        answer = screen.begin(capabilities)
        self._port = screen.port
        self.version: str = answer["capabilities"]["browserVersion"]
        self._path = f"/session/{answer['sessionId']}"
        self._window = str(send(self._port, "GET", f"{self._path}/window"))
        self._front = [self._window]
        self.post("/timeouts", script=SCRIPT_MS)  # a page that goes away never answers
        self.resize(WIDTH, HEIGHT)

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        return self._ask("POST", path, body)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        if self._front != [self._window]:
            send(self._port, "POST", f"{self._path}/window", {"handle": self._window})
            self._front[:] = [self._window]
        return send(self._port, method, self._path + path, body)

    def another_window(self) -> "Session":
        """Open one, with the same cookies."""
        made = copy(self)
        made._window = str(self.post("/window/new", type="tab")["handle"])
        return made

    def close_window(self) -> None:
        self.delete("/window")
        self._front.clear()

    def end(self) -> None:
        """Close the browser."""
        send(self._port, "DELETE", self._path)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page, wait for what it promises."""
        settled = f"Promise.resolve((function () {{ {script} }}).apply(null, [...arguments].slice(0, -1)))"
        both = ".then((value) => done({value}), (error) => done({error: String(error.stack || error)}))"
        body = f"const done = arguments[arguments.length - 1]; try {{ {settled}{both}; }} catch (error) {{ done({{error: String(error)}}); }}"
        answer = self.post("/execute/async", script=body, args=list(arguments))
        if "error" in answer:
            raise WebDriverError(answer["error"])
        return answer.get("value")

    def resize(self, width: int, height: int) -> None:
        """Make the page so wide, as far as the window can be so narrow."""
        self.post("/window/rect", width=width, height=height)
        inner = self.run("return [innerWidth, innerHeight]")
        wider, higher = 2 * width - inner[0], 2 * height - inner[1]
        self.post("/window/rect", width=wider, height=higher)

    def keys(self, *pressed: str) -> None:
        """Press keys one after the other; several letters in one are held together."""
        actions = list(chain.from_iterable(map(_strokes, pressed)))
        self.post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])


def _strokes(pressed: str) -> list[dict[str, str]]:
    downs = [{"type": "keyDown", "value": key} for key in pressed]
    ups = [{"type": "keyUp", "value": key} for key in reversed(pressed)]
    return [*downs, *ups]
