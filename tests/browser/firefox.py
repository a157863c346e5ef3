"""A Firefox for the browser tests, spoken to in WebDriver BiDi, which it understands by itself: https://w3c.github.io/webdriver-bidi

Playwright drives a Firefox of its own alone; this is the one that is on the PATH.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.waiting import wait_until

NAMES = ("firefox", "firefox-esr")
SECONDS_TO_ANSWER = 60
LOOK = 50  # milliseconds between two looks at whether something has come about
SILENT = {  # asks nobody for anything but what a test has it ask for
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "data:,",
}


def executable() -> str | None:
    """The path of a Firefox on this machine, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Try the system's package. Says in one sentence what is left out where that does not work."""
    sudo = ["sudo", "-n"] if shutil.which("sudo") else []
    if not executable() and shutil.which("apt-get"):
        print("Looking for a Firefox", flush=True)
        with suppress(subprocess.TimeoutExpired):
            subprocess.run([*sudo, "apt-get", "install", "-y", "firefox-esr"], timeout=600, capture_output=True)
    print("The test in Firefox uses", executable() or "none: no Firefox could be installed, and it will be skipped")


class Firefox:
    """One window of a Firefox, without anything on a screen."""

    def __init__(self, socket: Any):
        self._socket, self._asked = socket, 0
        self.errors: list[str] = []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self._window = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What it answers to a command. Raises AssertionError for an error; what pages log meanwhile is kept."""
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while True:
            heard = json.loads(self._socket.recv(timeout=SECONDS_TO_ANSWER))
            if heard.get("method") == "log.entryAdded" and heard["params"]["level"] == "error":
                self.errors.append(heard["params"]["text"])
            if heard.get("id") == self._asked:
                assert heard["type"] == "success", heard
                return heard["result"]

    def size(self, width: int, height: int) -> None:
        """Make the window so many pixels large."""
        viewport = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self._window, viewport=viewport)

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self._window, url=address, wait="interactive")

    def value(self, expression: str) -> Any:
        """What a JavaScript expression is in the page: a text, a number, a truth or None."""
        target = {"context": self._window}
        found = self.ask("script.evaluate", expression=f"({expression})", target=target, awaitPromise=True)
        assert found["type"] == "success", found
        return found["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until an expression is true, which the page itself looks at."""
        self.value(f"(async () => {{ while (!({expression})) await new Promise(next => setTimeout(next, {LOOK})) }})()")

    def draw(self, places: list[tuple[float, float]]) -> None:
        """Press the mouse at the first place of the window, move it over the others, and let go."""
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 20} for x, y in places]
        pressed = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": pressed}
        self.ask("input.performActions", context=self._window, actions=[mouse])


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """A Firefox that has been nowhere yet and keeps what it has in a folder."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in SILENT.items()]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
    log = folder / "log"
    options = ["--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0"]
    with open(log, "wb") as file:
        process = subprocess.Popen([executable() or NAMES[0], *options], stdout=file, stderr=file)

    def listens() -> re.Match | None:
        return re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text(errors="replace"))

    try:
        wait_until(lambda: listens() is not None)
        with connect(f"{listens()[1]}/session", max_size=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait(20)
