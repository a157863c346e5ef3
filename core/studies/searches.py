"""The searches over all settings of a server: who may start and stop them, and what each has come to."""

import atexit
from contextlib import suppress
from threading import RLock
from typing import NamedTuple

from core.host import visitors
from core.host.hosting import Hosting
from core.runs import RunError, Runs, rules
from core.runs.rules import Asker
from core.search import journal
from core.search.journal import JournalError
from core.search.study import Study
from core.search.trials import Found
from core.studies.driver import SECONDS_TO_STOP, Driver

PER_VISITOR = 2  # that go on at once
IN_ALL = 50
KEPT = 64  # drivers that are over, whose errors are still said


class State(NamedTuple):
    """A search as somebody sees it who looks at it now."""

    found: Found
    live: bool = False
    begun: bool = False  # whether there is a journal of it here
    error: str = ""  # why it broke off, or cannot be read, in a sentence
    notice: str = ""  # of a live one: why its next run has to wait, in a sentence


class Searches:
    """The searches of the runs of a folder. They go on for as long as the process does."""

    def __init__(self, runs: Runs):
        self.runs = runs
        self._drivers: dict[str, Driver] = {}
        self._changing = RLock()
        atexit.register(self.close)  # before the runs are stopped: none of them was stopped by hand then

    def start(self, study: Study, visitor: str = "") -> None:
        """Begin a search, or go on with it. One that goes on is left alone.

        Raises RunError, one sentence, where the host allows no more.
        """
        hosting: Hosting = self.runs.hosting
        rules.require_kept(hosting)
        with self._changing:
            live = [one for one in self._drivers.values() if one.live]
            if any(one.study == study for one in live):
                return
            own = sum(one.visitor == visitor for one in live)
            if visitor and own >= PER_VISITOR:
                raise RunError(
                    f"{own} of your searches go on already, which is all that one visitor can have: stop one, or wait."
                )
            if len(live) >= IN_ALL:
                raise RunError(
                    f"{len(live)} searches go on already, which is all that this Digit Lab takes: try again later."
                )
            for key in [key for key, one in self._drivers.items() if not one.live][:-KEPT]:
                del self._drivers[key]
            driver = self._drivers[study.key] = Driver(study, self.runs, visitor)
            with suppress(JournalError):  # which the driver says again
                driver.found = journal.read(study, self.runs.folder) or Found()
            driver.start()

    def stop(self, study: Study, asker: Asker) -> None:
        """Ask a search to stop. Raises RunError, one sentence, where it is not for who asks to stop it."""
        driver = self._drivers.get(study.key)
        if driver is not None and driver.live:
            rules.require_change(visitors.owner(driver.visitor) if driver.visitor else "", asker, self.runs.hosting)
            driver.stop()

    def may_stop(self, study: Study, asker: Asker) -> bool:
        driver = self._drivers.get(study.key)
        owner = visitors.owner(driver.visitor) if driver is not None and driver.visitor else ""
        return rules.may_change(owner, asker, self.runs.hosting)

    def state(self, study: Study) -> State:
        """What a search has come to, wherever it was trained: by this process, or by one before it."""
        driver = self._drivers.get(study.key)
        if driver is not None and driver.live:
            return State(driver.found, live=True, begun=True, notice=driver.notice)
        error = driver.error if driver is not None else ""
        try:
            found = journal.read(study, self.runs.folder)
        except JournalError as damage:
            return State(Found(), error=str(damage))
        return State(found or Found(), begun=found is not None, error=error)

    def close(self) -> None:
        """Stop everything; it can go on later."""
        atexit.unregister(self.close)
        live = [one for one in self._drivers.values() if one.live]
        for driver in live:
            driver.stop()
        for driver in live:
            driver.join(2 * SECONDS_TO_STOP)
