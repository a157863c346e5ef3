"""What keeps the folders of several servers alike: each brings what it has made to one place (remote.py), and takes what others have.

Each server keeps its own folder, and goes on by itself while that place cannot be reached. Which version of a thing holds where two
differ says versions.py; what this server last knew of each stands in mirror.json, in the folder that it is about. What the things
are - runs, names, sketches - is for others to know (replica.py).
"""

import json
import logging
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock, Thread, current_thread
from time import monotonic, time
from typing import NamedTuple, Protocol

from core.files.archive import words
from core.files.folder import reading, replace
from core.runs.remote import Allowed, Remote
from core.runs.versions import GONE, Version, parse, stamp, winner

log = logging.getLogger(__name__)

FILE = "mirror.json"  # in the folder
MAX_BYTES = 64 * 2**20  # of it
SECONDS_BETWEEN = 5.0  # looks at the other side, while nobody asks
SECONDS_OF_A_LOOK = 2.0  # for which what was seen is new enough for a page
SECONDS_TO_ASK = 1.0  # for which a page waits for a look
SECONDS_TO_END = 3.0  # for the last look
SECONDS_OF_THE_GONE = 90 * 86_400.0  # for which it is remembered that something was deleted


class Later(Exception):
    """A thing that cannot be exchanged at this moment: somebody is at it."""


class Here(NamedTuple):
    """A thing of this folder."""

    state: str  # what tells it from what it was before; empty where it was deleted
    progress: int = 0
    when: float | None = None  # it was changed; Unix time, None where nobody knows


class Kind(Protocol):
    """A kind of things that are exchanged, each under a name of its own."""

    kind: str
    names: re.Pattern[str]
    most: int  # bytes of one

    def here(self) -> Mapping[str, Here | None]:
        """All that there is in the folder, by name; None for what somebody is at. What is left out was lost, not deleted."""

    def wants(self, name: str, size: int) -> bool:
        """Whether there is a place for it here."""

    def pack(self, name: str) -> bytes:
        """Its bytes, for others. Raises OSError where it is gone again."""

    def take(self, version: Version, data: bytes) -> str:
        """Put another server's version here. Returns what `Here.state` is then. Raises ValueError, one sentence, for what is none."""

    def drop(self, name: str) -> None:
        """Delete what was deleted elsewhere. It and `take` raise Later where somebody is at it."""


class Known(NamedTuple):
    """What this server last knew of a thing."""

    version: Version
    state: str


class Record:
    """What this server last knew of each thing, by name and kind, kept in a file of the folder that it is about."""

    def __init__(self, path: Path, url: str):
        self.path, self.url = path, url
        self.known: dict[str, Known] = {}
        self._kept = b""
        with (
            suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError),
            reading(path, MAX_BYTES) as file,
        ):
            found = json.loads(file.read())
            if found["url"] == url:  # else it is about another mirror
                every = [(parse(name), str(state)) for name, state in found["known"].items()]
                self.known = {one.thing: Known(one, state) for one, state in every if one}

    def note(self, version: Version, state: str) -> None:
        """From now on this is what is known of a thing."""
        self.known[version.thing] = Known(version, state)

    def next(self, name: str, kind: str, progress: int, when: float | None = None) -> Version:
        """A version of a thing that follows the one that is known, made now or at some Unix time."""
        known = self.known.get(f"{name}.{kind}")
        return Version(name, kind, stamp(when, known.version.stamp if known else ""), progress)

    def begin(self) -> bool:
        """Whether it is the first of this folder: somebody may have emptied it, which deletes nothing elsewhere."""
        if first := not self.path.exists():
            self.known.clear()
        return first

    def keep(self) -> None:
        """Write it, where it has changed. Raises FolderError where that cannot be done."""
        known = {str(version): state for version, state in self.known.values()}
        text = json.dumps({"url": self.url, "known": known}, indent=0).encode()
        if text != self._kept or not self.path.exists():
            replace(self.path, text)
            self._kept = text


class Exchange:
    """One look at both sides, and whatever follows from it. Raises whatever the other side's file system raises."""

    def __init__(self, url: str, folder: Path, kinds: Collection[Kind], lock: RLock):
        """While `lock` is held nobody else changes the folder."""
        self.kinds = {kind.kind: kind for kind in kinds}
        self.remote = Remote(url, {kind.kind: Allowed(kind.names, kind.most) for kind in kinds})
        self._record, self._lock = Record(folder / FILE, url), lock

    def exchange(self) -> None:
        """Bring what is new here, and take what is new there."""
        with self._lock:
            self._look_around()
        there = self.remote.listed()
        with self._lock:
            things = self._record.known.keys() | there.keys()
        try:
            for kind in self.kinds:  # runs first: what is said of them goes where they are
                for thing in sorted(thing for thing in things if thing.endswith(f".{kind}")):
                    with suppress(Later):
                        self._settle(thing, there[thing])
        finally:
            with self._lock:
                self._record.keep()

    def delete(self, names: Collection[str]) -> None:
        """Note that the things of these names were deleted here."""
        with self._lock:
            for kind in self.kinds.values():
                for name in filter(kind.names.fullmatch, names):
                    self._record.note(self._record.next(name, kind.kind, GONE), "")
            self._record.keep()

    def _look_around(self) -> None:
        """See what has changed in the folder since the last look."""
        first, known = self._record.begin(), self._record.known
        for kind in self.kinds.values():
            here = kind.here()
            for thing, (version, state) in list(known.items()):
                if version.kind == kind.kind and state and version.name not in here:
                    del known[thing]  # it was lost, and is taken again
            for name, found in here.items():
                before = known.get(f"{name}.{kind.kind}")
                if found is not None and found.state != (before.state if before else ""):
                    # What was given before there was a mirror yields to what others have.
                    when = 0.0 if first and found.when is None else found.when
                    progress = found.progress if found.state else GONE
                    self._record.note(self._record.next(name, kind.kind, progress, when), found.state)
        self._record.keep()

    def _settle(self, thing: str, there: Mapping[Version, int]) -> None:
        """Have both sides hold the version of a thing that holds."""
        known = self._record.known.get(thing)
        best = winner([*there, *([known.version] if known else [])])
        if best is None:
            return
        if (known is None or best != known.version) and not self._take(known, best, there[best]):
            return
        forgotten = best.gone and time() - best.when > SECONDS_OF_THE_GONE
        if forgotten:
            with self._lock:
                self._record.known.pop(thing, None)
        elif best not in there and not self._bring(best):
            return
        for other in there:
            if other != best or forgotten:
                self.remote.remove(other)

    def _bring(self, version: Version) -> bool:
        """Have the other side hold a version of this one. Returns whether it does."""
        try:
            data = b"" if version.gone else self.kinds[version.kind].pack(version.name)
        except OSError:
            return False  # gone again, which the next look sees
        self.remote.write(version, data)
        return True

    def _take(self, known: Known | None, version: Version, size: int) -> bool:
        """Have this side hold a version of the other one. Returns whether it does."""
        kind, data = self.kinds[version.kind], b""
        if not version.gone:
            data = self.remote.read(version) if kind.wants(version.name, size) else b""
            if not data:
                return False
        with self._lock:
            if self._record.known.get(version.thing) != known:
                return False  # it was deleted here meanwhile
            state = ""
            try:
                if version.gone:
                    kind.drop(version.name)
                else:
                    state = kind.take(version, data)
            except ValueError as error:
                self.remote.refuse(version, size, words(error))
                return False
            self._record.note(version, state)
        return True


class Mirror(Exchange):
    """An exchange again and again, on a thread of its own. It outlives every error."""

    def __init__(self, url: str, folder: Path, kinds: Collection[Kind], lock: RLock):
        super().__init__(url, folder, kinds, lock)
        self.trouble = ""  # why the other side cannot be used, in a sentence or two
        self._looked = -SECONDS_OF_A_LOOK
        self._resting = self._closing = False
        self._woken, self._seen = Event(), Event()
        self._thread = Thread(target=self._run, daemon=True, name="mirror")
        self._thread.start()

    def wake(self) -> None:
        """Have an exchange happen soon."""
        self._woken.set()

    def ask(self) -> None:
        """Have an exchange happen now, and wait for it for a moment, unless there was one just now or there can be none."""
        recent = monotonic() - self._looked < SECONDS_OF_A_LOOK
        if self._resting and not recent and not self.trouble and current_thread() is not self._thread:
            self._seen.clear()
            self.wake()
            self._seen.wait(SECONDS_TO_ASK)

    def close(self) -> None:
        """Let it come to its end, after one more exchange."""
        self._closing = True
        self.wake()
        self._thread.join(SECONDS_TO_END)

    def _run(self) -> None:
        last = False
        while not last:
            last = self._closing
            self._try()
            self._looked = monotonic()
            self._resting = True
            self._seen.set()
            if not last:
                self._woken.wait(SECONDS_BETWEEN)
            self._woken.clear()
            self._resting = False

    def _try(self) -> None:
        try:
            self.exchange()
        except Exception as error:  # each file system has kinds of its own
            said = f"The mirror cannot be used right now ({type(error).__name__}: {words(error)})."
            if not self.trouble:
                log.warning("%s Everything else goes on, and what is kept meanwhile is brought there later.", said)
            self.trouble = said
        else:
            if self.trouble:
                log.warning("The mirror can be used again.")
            self.trouble = ""
