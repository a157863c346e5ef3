"""Which of several versions of a thing holds, where several servers change it. Pure: it knows neither files nor servers.

A version has a name of its own, which says of what it is, when it was made and how far it is. No two have the same one: nothing is ever
written over, nobody waits for anybody, and whoever sees the same versions comes to the same answer. That a thing was deleted is
a version, too.

    mlp-3f9a1c20b7.run.1764237600000-5d41402a.71         a run after 70 epochs, finished
    mlp-3f9a1c20b7.label.1764237605000-0cc175b9.0        its name, pin and owner
    mlp-3f9a1c20b7.run.1764241200000-92eb5ffe.gone       it was deleted an hour later
"""

import re
import secrets
from collections.abc import Iterable
from time import time
from typing import NamedTuple

GONE = -1
NAME = re.compile(
    r"(?P<name>[\w-]{1,64})\.(?P<kind>[a-z]{1,16})\.(?P<stamp>\d{13}-[0-9a-f]{8})\.(?P<progress>\d{1,4}|gone)",
    re.ASCII,
)


class Version(NamedTuple):
    """A thing as it was made at one time by one server."""

    name: str
    kind: str
    stamp: str  # when: milliseconds since 1970, and eight random digits that make it the only one
    progress: int = 0  # of a run: its epochs, and one more once it is finished; GONE where the thing was deleted

    @property
    def thing(self) -> str:
        """What it is a version of."""
        return f"{self.name}.{self.kind}"

    @property
    def gone(self) -> bool:
        return self.progress == GONE

    @property
    def when(self) -> float:
        """Unix time."""
        return int(self.stamp[:13]) / 1000

    def __str__(self) -> str:
        return f"{self.thing}.{self.stamp}.{'gone' if self.gone else self.progress}"


def parse(text: str) -> Version | None:
    """The version that is called so; None where none is."""
    found = NAME.fullmatch(text)
    if found is None:
        return None
    progress = GONE if found["progress"] == "gone" else int(found["progress"])
    return Version(found["name"], found["kind"], found["stamp"], progress)


def stamp(when: float | None = None, after: str = "") -> str:
    """A stamp of this moment, or of another, which is later than one that is known: clocks differ, what follows stays behind."""
    earliest = int(after[:13]) + 1 if after else 0
    return f"{max(int((time() if when is None else when) * 1000), earliest):013d}-{secrets.token_hex(4)}"


def winner(versions: Iterable[Version]) -> Version | None:
    """Which version of a thing holds; None of none.

    Whatever is older than its last deletion is gone. Of the rest the one holds that is farthest, and of several the newest: a finished
    run yields to no unfinished one, and the last name that was given is the name.
    """
    every = list(versions)
    end = max((one for one in every if one.gone), key=lambda one: one.stamp, default=None)
    alive = [one for one in every if not one.gone and (end is None or one.stamp > end.stamp)]
    return max(alive, key=lambda one: (one.progress, one.stamp), default=end)
