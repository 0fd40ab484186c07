#!/usr/bin/env python3
"""Firefox behind a small proxy: started by Playwright in its stead, it speaks WebDriver BiDi as Playwright expects.

Three things are done here. A command that this Firefox does not know is answered. What `fill()` would set by script is typed key by
key: a browser sends no `change` event for what a script sets, and our live checks wait for that event. And who asks for what is
in the tree of screen readers, which Playwright has no word for, is told how often it is there.
"""

import asyncio
import json
import re
import shutil
import signal
import sys
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

NAMES = ("firefox-esr", "firefox")
LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
UNKNOWN = "emulation.setMediaFeaturesOverride"
BY_SCRIPT = "(text3) => window.__pw_bidiInsertText(text3)"
IN_TREE = "in the tree: "  # and what, instead of a script
ENTER = "\ue006"
Message = dict[str, Any]


def found() -> str | None:
    """The Firefox of this machine."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Link:
    """Playwright on one side, Firefox on the other."""

    def __init__(self, playwright: ServerConnection, firefox: ClientConnection) -> None:
        self._playwright, self._firefox = playwright, firefox
        self._typed: set[int] = set()
        self._sought: set[int] = set()

    async def from_playwright(self) -> None:
        async for text in self._playwright:
            message: Message = json.loads(text)
            values = [each.get("value") for each in message["params"].get("arguments", [])]
            if message["method"] == UNKNOWN:
                await self._answer(message["id"], {})
            elif BY_SCRIPT in values:
                self._typed.add(message["id"])
                await self._firefox.send(json.dumps(keys(message, values[-1])))
            elif sought := [each for each in values if str(each).startswith(IN_TREE)]:
                self._sought.add(message["id"])
                await self._firefox.send(json.dumps(search(message, sought[0])))
            else:
                await self._firefox.send(text)

    async def from_firefox(self) -> None:
        async for text in self._firefox:
            message: Message = json.loads(text)
            done = message["id"] if message["type"] == "success" else None
            if done in self._typed:
                await self._value(message, {"type": "undefined"})
            elif done in self._sought:
                number = {"type": "number", "value": len(message["result"]["nodes"])}
                await self._value(message, number)
            else:
                await self._playwright.send(text)

    async def _value(self, message: Message, value: Message) -> None:
        await self._answer(message["id"], {"type": "success", "realm": "", "result": value})

    async def _answer(self, number: int, result: Message) -> None:
        answer = {"type": "success", "id": number, "result": result}
        await self._playwright.send(json.dumps(answer))


def keys(message: Message, text: str) -> Message:
    """The same text as keys, pressed where the focus is."""
    actions = [
        {"type": kind, "value": ENTER if letter == "\n" else letter}
        for letter in text
        for kind in ("keyDown", "keyUp")
    ]
    source = {"type": "key", "id": "pw_keyboard", "actions": actions}
    params = {"context": message["params"]["target"]["context"], "actions": [source]}
    return {**message, "method": "input.performActions", "params": params}


def search(message: Message, words: str) -> Message:
    """Look for a role and a name in the tree of the page."""
    locator = {"type": "accessibility", "value": json.loads(words.removeprefix(IN_TREE))}
    params = {"context": message["params"]["target"]["context"], "locator": locator}
    return {**message, "method": "browsingContext.locateNodes", "params": params}


async def main(arguments: list[str]) -> int:
    """Start Firefox, say where the proxy listens, and end with it."""
    path = found()
    assert path, "no Firefox"
    pipe = asyncio.subprocess.PIPE
    firefox = await asyncio.create_subprocess_exec(path, *arguments, stderr=pipe)
    loop = asyncio.get_running_loop()
    for end in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(end, firefox.terminate)
    assert firefox.stderr
    address = ""
    while not address and (line := await firefox.stderr.readline()):
        address = match[1].decode() if (match := LISTENING.search(line)) else ""

    async def link(playwright: ServerConnection) -> None:
        async with connect(f"{address}/session", max_size=None, compression=None) as there:
            both = Link(playwright, there)
            ways = [
                asyncio.ensure_future(each()) for each in (both.from_playwright, both.from_firefox)
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()

    async with serve(link, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"WebDriver BiDi listening on ws://127.0.0.1:{port}", file=sys.stderr, flush=True)
        while await firefox.stderr.read(1 << 16):
            pass
        return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
