"""A Chromium for the browser tests: one on the PATH, else Playwright's own, else the system's package.

python -m tests.browser.chromium installs one where there is none, and a Firefox for its one test, if that can be had.
"""

import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str | None:
    """The path of a Chromium on this machine, or None."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or playwrights_own()


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try Playwright's download, then the system's package. Stops with one sentence where neither works."""
    attempts = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if shutil.which("apt-get"):
        sudo = ["sudo", "-n"] if shutil.which("sudo") else []
        attempts += [[*sudo, "apt-get", "update"], [*sudo, "apt-get", "install", "-y", "chromium"]]
    for command in attempts:
        print("Looking for a Chromium:", " ".join(command), flush=True)
        try:
            subprocess.run(command, timeout=600, capture_output=True)
        except subprocess.TimeoutExpired:
            continue
        if executable():
            return
    sys.exit("No Chromium could be installed. Install one as “chromium” on the PATH, and run make test again.")


if __name__ == "__main__":
    from tests.browser import firefox

    executable() or install()
    print("Browser tests use", executable())
    firefox.install()
