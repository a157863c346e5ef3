"""A run: one training, as its visitors see it. A record that knows neither files nor workers."""

from dataclasses import dataclass, field
from time import time

from core.checkpoints import Summary
from core.config import PRESETS, Config
from core.history import EpochEnd, Progress

COMMITTED = frozenset(config.key for config in PRESETS.values())

SECONDS_OF_A_LOOK = 10.0  # after which somebody who has not asked for news again is gone


class RunError(RuntimeError):
    """What was asked of a run cannot be done. The message says why."""


class Gone(RunError):
    """A saved state that is there no longer. The message is one sentence for whoever was about to look at it."""


@dataclass
class Run:
    """One training, as its visitors see it."""

    config: Config
    visitor: str = ""  # who asked first
    status: str = "queued"  # then training, then done, stopped or failed
    events: list[Progress | EpochEnd] = field(default_factory=list)  # only ever appended to
    error: str = ""  # of a failed run: what happened and what to do
    # Of a live run: what happened to its worker, and what is being done. Of a stopped one: why, where nobody asked for it.
    notice: str = ""
    summary: Summary | None = None  # of the newest saved state
    state: bytes = b""  # of a live run, and of one that could not be kept: that state, a checkpoint's bytes
    unsaved: str = ""  # why the newest state is in no file, in one sentence
    states: int = 0  # how many of these there have been
    recorded: bool = False  # whether it is over elsewhere, and no more of it is here than what it came to
    check: bool = False  # whether it is trained to check an upload of its settings, and is itself never kept
    asked: float = field(default_factory=time)  # Unix time
    written: float = 0.0  # when the newest state went to its file
    watchers: dict[str, float] = field(default_factory=dict)  # when each visitor last looked, Unix time
    first_word: tuple[float, int] | None = None  # of the worker that has it: when it came, and how many steps were done

    @property
    def key(self) -> str:
        return self.config.key

    @property
    def state_id(self) -> str:
        """What names its newest saved state, and so whatever is computed from it; empty where there is none."""
        return self.summary.state_id if self.summary else ""

    @property
    def saved(self) -> Summary:
        """What its newest saved state says of itself. Raises Gone where there is none."""
        if self.summary is None:
            raise Gone(f"Of the run {self.key} there is no saved state.")
        return self.summary

    @property
    def live(self) -> bool:
        """Whether more is to come."""
        return self.status in ("queued", "training")

    @property
    def origin(self) -> str:
        """How an upload came here, one of description.ORIGINS; empty for a run that this server has trained itself."""
        return (self.summary and self.summary.about.get("origin")) or ""

    @property
    def committed(self) -> bool:
        """Whether it is one of those that come with the project."""
        return self.key in COMMITTED and not self.origin

    def watch(self, tab: str) -> None:
        """Take note that somebody looks at it in a tab, so that nobody else's leaving stops it."""
        self.watchers[tab] = time()

    def others(self, tab: str) -> int:
        """In how many other tabs it is being looked at."""
        return len(self.looked_at() - {tab})

    def looked_at(self) -> set[str]:
        """The tabs in which it is being looked at."""
        return {tab for tab, seen in list(self.watchers.items()) if time() - seen < SECONDS_OF_A_LOOK}

    @property
    def history(self) -> list[EpochEnd]:
        """The epochs so far. A worker that takes over from a lost one tells some of them again, in the same words."""
        return list({event.epoch: event for event in self.events[:] if isinstance(event, EpochEnd)}.values())

    @property
    def progress(self) -> Progress | None:
        """Where the run is now: the newest word of it."""
        return next((event for event in reversed(self.events[:]) if isinstance(event, Progress)), None)

    @property
    def steps_done(self) -> int:
        """Of all epochs together."""
        steps, progress, epochs = self.config.steps_per_epoch, self.progress, len(self.history)
        inside = (progress.epoch - 1) * steps + progress.step if progress else 0
        return max(epochs * steps, inside)

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1: all of it at its end, early or not."""
        return 1.0 if self.status == "done" else self.steps_done / self.config.steps

    @property
    def images_per_second(self) -> float | None:
        """How fast a live run learns, evaluation included, since its worker's first word; None before there is a second."""
        if self.first_word is None:
            return None
        since, steps = self.first_word
        done, seconds = self.steps_done - steps, time() - since
        return done * self.config.batch_size / seconds if done > 0 and seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long a live run will take at its present pace, unless early stopping ends it before."""
        config, pace = self.config, self.images_per_second
        return pace and (config.steps - self.steps_done) * config.batch_size / pace
