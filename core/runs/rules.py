"""Who may change what, and how much a visitor may ask for. Pure: it knows neither files nor workers.

A visitor is a name (core/host/visitors.py); what somebody owns is kept under `owner` of it.
"""

from collections import deque
from collections.abc import Iterable
from threading import Lock
from time import time
from typing import NamedTuple

from core.config import Config
from core.host.hosting import Hosting
from core.host.visitors import owner
from core.runs.run import Run, RunError
from core.words import counted, reached, seconds_words

HOUR = 3600.0  # seconds
OF_ALL = 20  # times as much as a visitor may bring in an hour all of them together may: a name costs nothing


class Asker(NamedTuple):
    """Somebody who asks for something."""

    name: str = ""  # of the visitor; empty for the server itself
    teacher: bool = False


def may_change(owned_by: str, asker: Asker, hosting: Hosting) -> bool:
    """Whether somebody may stop, rename, pin or delete what has this owner; empty for what nobody owns."""
    if hosting.mode == "showcase":
        return False
    if asker.teacher or not asker.name:
        return True
    return owned_by == owner(asker.name) if owned_by else hosting.mode == "open"


def require_change(owned_by: str, asker: Asker, hosting: Hosting) -> None:
    """Raise RunError, one sentence, unless `may_change`."""
    if not may_change(owned_by, asker, hosting):
        whose = "whoever started it" if owned_by else "nobody here"
        raise RunError(
            "This Digit Lab is a showcase: nothing is changed here."
            if hosting.mode == "showcase"
            else f"This can be changed by {whose}{', or by the teacher' if hosting.teacher_code else ''} alone."
        )


def require_kept(hosting: Hosting) -> None:
    """Raise RunError, one sentence, where nothing is trained or kept."""
    if hosting.mode == "showcase":
        raise RunError("This Digit Lab is a showcase: nothing is trained or uploaded here.")


def require_place(runs: Iterable[Run], visitor: str, hosting: Hosting) -> None:
    """Raise RunError, one sentence, unless one more run of a visitor may wait for its turn."""
    require_kept(hosting)
    live = [run for run in runs if run.live]
    own = sum(run.visitor == visitor for run in live)
    if visitor and own >= hosting.runs_per_visitor:
        raise RunError(
            f"{own} of your runs wait or train already, which is all that one visitor can have: stop one, or wait."
        )
    if len(live) >= hosting.runs_in_all:
        raise RunError(
            f"{len(live):,} runs wait or train already, which is all that this Digit Lab takes: try again later."
        )


def too_long(config: Config, expected: float, left: float, hosting: Hosting) -> str | None:
    """What is said of settings before they are trained, in two sentences, whose run is expected to be stopped before its end.

    `expected` is how long they take from their beginning, in seconds, and `left` the share of it that is still to be done, from
    0 to 1. None where that is short enough.
    """
    longest = hosting.minutes_per_run * 60
    if expected * left <= longest:
        return None
    shorter = _shorter(config, config.epochs * longest / expected)
    return (
        f"This takes longer than the {seconds_words(longest)} that a run may train here in one go: it is stopped then, keeps what it "
        f"has learnt, and can be resumed. {shorter}"
    )


def stopped_words(run: Run, longest: float) -> str:
    """Why a run was stopped that has trained for so many seconds, and what can be done, in two sentences."""
    if run.check:
        return f"To train it again takes longer than the {seconds_words(longest)} that a run may train here."
    history, epochs = run.history, run.config.epochs
    pace = sum(event.seconds for event in history) / len(history) if history else 0.0  # s
    shorter = _shorter(run.config, longest / pace if pace else 0)
    return (
        f"It was stopped {reached(len(history), epochs)}, since no run may train here for longer than {seconds_words(longest)} in "
        f"one go: Resume goes on from there. {shorter}"
    )


def _shorter(config: Config, fit: float) -> str:
    """With which settings a run would be done in one go, of whose epochs so many fit into it."""
    if 1 <= fit < config.epochs:
        return (
            f"About {counted(int(fit), 'epoch')} of these settings can be done in that time; with fewer images, more."
        )
    return "With fewer images, or fewer epochs, it takes less time."


class Uploads:
    """What each visitor has brought within the last hour."""

    def __init__(self) -> None:
        self._brought: deque[tuple[float, str, int]] = deque()  # when, who, bytes; oldest first
        self._counting = Lock()

    def admit(self, visitor: str, size: int, hosting: Hosting, now: float | None = None) -> None:
        """Count a file of so many bytes. Raises RunError, one sentence, and counts nothing, where that is too much."""
        require_kept(hosting)
        now = time() if now is None else now
        most, room = hosting.uploads_per_hour, hosting.upload_megabytes_per_hour * 2**20
        with self._counting:
            while self._brought and self._brought[0][0] < now - HOUR:
                self._brought.popleft()
            own = [bytes_ for _, who, bytes_ in self._brought if who == visitor]
            everybody = sum(bytes_ for *_, bytes_ in self._brought)
            if len(own) >= most or sum(own) + size > room:
                raise RunError(
                    f"A visitor can upload {most} files of {hosting.upload_megabytes_per_hour} MB together in an hour: "
                    "wait a little."
                )
            if len(self._brought) >= OF_ALL * most or everybody + size > OF_ALL * room:
                raise RunError(
                    "So much has been uploaded within an hour that nothing more is taken now: wait a little."
                )
            self._brought.append((now, visitor, size))
