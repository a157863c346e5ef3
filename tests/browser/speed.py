"""How long a person waits, in a real browser, beside a Streamlit page of three lines in the same run: `make bench-ui`.

A time is from the press, or from the start of the server, until browser and server have said their last word to each other and it is
drawn. The two take turns, so that a slow phase of the machine hits both; a table has medians and the ratio of them.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from core.description import machine
from tests.browser.chromium import executable
from tests.browser.conftest import FLAGS, PAGES, Dashboard, Visitor

HELLO = "tests/load/hello.py"
SILENCE = 0.5  # seconds after which nothing more is to come
START, VISIT, OVER_WARM = (
    1.5,
    1.5,
    1.0,
)  # targets: times the page of three lines, and seconds that a first visit may take longer
STEPS = 20  # of a stroke
# Twelve runs, which two workers train for minutes; and what a click may take meanwhile, in seconds.
SEARCH, MEANWHILE = "/search?setting=learning_rate&values=0.003,0.01,0.03,0.1&seeds=3&train_size=50000&epochs=70", 0.3


class Row(NamedTuple):
    """What was waited for, our times and those of the page of three lines, in seconds, and what we want."""

    what: str
    ours: list[float]
    theirs: list[float]
    target: str = ""

    def __str__(self) -> str:
        ours, theirs = statistics.median(self.ours), statistics.median(self.theirs)
        return f"{self.what:34}{ours:9.2f} s{theirs:11.2f} s{ours / theirs:10.2f}   {self.target}"


@contextmanager
def served(script: str = "app.py") -> Iterator[Dashboard]:
    """A server that nobody has asked anything yet."""
    with tempfile.TemporaryDirectory() as folder:
        server = Dashboard(Path(folder), script)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def window(browser: Browser, server: Dashboard) -> Iterator[Visitor]:
    """A browser window that has been nowhere."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(60_000)
    try:
        yield Visitor(context, server)
    finally:
        context.close()


def waited(visitor: Visitor, do: Callable[[], object]) -> float:
    """For how many seconds somebody waits who does something."""
    start = time.monotonic()
    do()
    visitor.quiet(SILENCE)
    return time.monotonic() - start - SILENCE


def visit(browser: Browser, server: Dashboard, path: str) -> float:
    with window(browser, server) as visitor:
        return waited(visitor, lambda: visitor.open(path))


def start(browser: Browser, script: str) -> float:
    """From nothing to a page that can be used."""
    begun = time.monotonic()
    with served(script) as server:
        listening = time.monotonic() - begun
        return listening + visit(browser, server, "/")


def first_visit(browser: Browser, script: str, path: str) -> float:
    """Of a page on a server that listens, and has drawn none."""
    with served(script) as server:
        return visit(browser, server, path)


def slider(browser: Browser, server: Dashboard, path: str, key: str) -> float:
    """A step of a slider by the keyboard, on a page that is there."""
    with window(browser, server) as visitor:
        visitor.open(path)
        visitor.quiet()
        handle = visitor.key(key).locator("input[type=range]")
        handle.focus()
        return waited(visitor, lambda: handle.press("ArrowRight"))


def search(browser: Browser, server: Dashboard) -> None:
    """Somebody begins a search, and leaves. What is not over by then ends with the server."""
    with window(browser, server) as visitor:
        visitor.open(SEARCH)
        visitor.press("search_start")
        visitor.key("search_stop").wait_for()


def stroke(browser: Browser, server: Dashboard) -> float:
    """A one is drawn: from lifting the pen to the answers."""
    with window(browser, server) as visitor:
        page = visitor.open("/sketch")
        visitor.quiet()
        _draw(page)
        visitor.quiet()  # whoever has drawn once has networks that are loaded
        _draw(page, lift=False)
        return waited(visitor, page.mouse.up)


def _draw(page: Page, lift: bool = True) -> None:
    box = page.locator("canvas").first.bounding_box()
    assert box
    across = box["x"] + box["width"] * (0.4 if lift else 0.6)
    page.mouse.move(across, box["y"] + 0.25 * box["height"])
    page.mouse.down()
    page.mouse.move(across, box["y"] + 0.75 * box["height"], steps=STEPS)
    if lift:
        page.mouse.up()


def rows(browser: Browser, rounds: int) -> Iterator[Row]:
    """The table, line by line."""
    turns = range(rounds)
    starts = [(start(browser, "app.py"), start(browser, HELLO)) for _ in turns]
    yield Row("run to a home page", *_columns(starts), f"at most {START} x")
    with served() as ours, served(HELLO) as theirs:

        def moved() -> list[tuple[float, float]]:
            ends = (ours, "/train?train_size=2000", "epochs"), (theirs, "/", "number")
            return [(slider(browser, *ends[0]), slider(browser, *ends[1])) for _ in turns]

        for path in (*PAGES, "/"):  # a first time that does not count
            visit(browser, ours, path)
        visit(browser, theirs, "/")
        warm = {}
        for path in PAGES:
            pairs = _columns([(visit(browser, ours, path), visit(browser, theirs, "/")) for _ in turns])
            warm[path] = statistics.median(pairs[0])
            yield Row(f"visit {path}", *pairs, f"at most {VISIT} x")
        yield Row("a slider on Train", *_columns(moved()))
        drawn = [(stroke(browser, ours), slider(browser, theirs, "/", "number")) for _ in turns]
        yield Row("a stroke to its answers", *_columns(drawn))
        search(browser, ours)
        yield Row("a slider while twelve runs train", *_columns(moved()), f"at most {MEANWHILE} s")
    for path in PAGES:
        pairs = _columns([(first_visit(browser, "app.py", path), first_visit(browser, HELLO, "/")) for _ in turns])
        over = statistics.median(pairs[0]) - warm[path]
        yield Row(f"first visit {path}", *pairs, f"{over:.2f} s over warm, at most {OVER_WARM}")


def _columns(pairs: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    ours, theirs = zip(*pairs, strict=True)
    return [*ours], [*theirs]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.speed", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each is waited for; 5 by default")
    rounds = parser.parse_args().rounds
    path = executable()
    assert path, "No Chromium: python -m tests.browser.chromium installs one."
    print(f"{machine()}; medians of {rounds} rounds, a new window each\n")
    print(f"{'':34}{'ours':>11}{'three lines':>13}{'ratio':>10}   target", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for row in rows(browser, rounds):
            print(row, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
