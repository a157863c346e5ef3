"""python -m tests.load [seconds] [presses] [visits]: many visitors at once on servers of their own, and a table of what came of it.

It exits with 1 where any promise was not kept. On a machine that does something else besides, the times say nothing.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from core.description import machine
from tests.load.scenes import greeted, growth, presses, side_by_side
from tests.server import Server

TIMES_HELLO = 4.0  # that a rerun may take, at its 95th percentile
MEGABYTES_MORE = 10.0
IN_TURN = 0.8  # how alike the order of the presses and that of the finished runs are at least: several train at a time
FORGET = "--server.disconnectedSessionTTL", "1"  # whoever has left is forgotten at once, so that what is left is seen


def main(seconds: float = 120, pressed: int = 100, visits: int = 1_000) -> int:
    kept = True
    print(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as place:
        hello = Server(Path(place) / "hello", "tests/load/hello.py").wait()
        elements = Server(Path(place) / "elements", "tests/load/elements.py").wait()
        server = Server(Path(place) / "lab", "app.py", *FORGET).wait()
        try:
            ours, theirs = asyncio.run(side_by_side(server, hello, seconds, turns=4))
            idle = asyncio.run(greeted(elements, seconds / 2))  # meanwhile the two runs go on
            print(
                f"{'50 sessions, two runs training':38}{'reruns':>8}{'median, s':>11}{'95 %, s':>9}{'most, s':>9}{'raised':>8}"
            )
            for name, found in (("hello", theirs), ("as many elements, and no work", idle), ("dashboard", ours)):
                n, raised = len(found.seconds), found.exceptions
                print(f"  {name:36}{n:8,}{found.at(50):11.3f}{found.at(95):9.3f}{max(found.seconds):9.2f}{raised:8}")
            times = ours.at(95) / theirs.at(95)
            print(f"  {'times hello, at the 95th percentile':36}{times:28.1f}\n")
            kept &= times <= TIMES_HELLO and ours.exceptions == 0
            before, more = asyncio.run(growth(server, visits, visits // 4))
            print(f"{visits:,} visits: the server grew by {more:.1f} MB, from {before:.0f} MB")
            kept &= more < MEGABYTES_MORE
        finally:
            server.close()
            hello.close()
            elements.close()
        print(f"tracebacks in its log: {server.tracebacks()}")
        kept &= server.tracebacks() == 0
        server = Server(Path(place) / "line").wait()
        try:
            found = asyncio.run(presses(server, pressed))
        finally:
            server.close()
        print(
            f"{found.asked} press Train at once: {found.done} done, in {found.seconds:.0f} s, in turn: {found.in_turn:.2f} of 1"
        )
        print(f"tracebacks in its log: {server.tracebacks()}")
        kept &= found.done == found.asked and found.in_turn > IN_TURN and server.tracebacks() == 0
    print("\nEvery promise was kept." if kept else "\nNot every promise was kept.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*(float(word) if i == 0 else int(word) for i, word in enumerate(sys.argv[1:]))))
