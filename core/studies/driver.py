"""One search that goes on: it asks Optuna for the next settings, has them trained as runs like any other, and tells what came of them.

It lives on a thread of its own and holds nothing that its journal does not: killed at any moment, another one goes on where it was.
"""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic, sleep

from core.checkpoints import CheckpointError
from core.files.folder import FolderError
from core.runs import RunError, Runs
from core.search import journal
from core.search.journal import JournalError
from core.search.study import Study
from core.search.trials import Found
from core.studies.claim import Taken, claimed
from core.studies.tried import Tried

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_STOP = 20.0  # for a batch of each run, and its file
MOST_AGAIN = 50  # times in a row that the sampler asks for what was there: then there is nothing else


class Asking:
    """A search of which runs are asked for and told. `found` is what it has come to, `notice` why its next run has to wait."""

    def __init__(self, study: Study, runs: Runs, visitor: str = ""):
        self.study, self.runs, self.visitor = study, runs, visitor
        self.found = Found()
        self.notice = ""
        self._stop = Event()
        self._tried: list[Tried] = []
        self._exhausted = False

    def _open(self) -> None:
        """Take the journal up, and what another process was in the middle of."""
        self._optuna = journal.opened(self.study, self.runs.folder)
        self._space = journal.space_of(self.study)
        self._end_with("")
        optuna = journal.library()
        for one in self._optuna.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,)):
            if set(one.params) < set(self._space):  # it was killed while it asked
                self._optuna.tell(one.number, state=optuna.trial.TrialState.FAIL)
                continue
            trial = optuna.trial.Trial(self._optuna, one._trial_id)
            config, told = self.study.config(one.params), len(one.intermediate_values)
            self._tried.append(Tried(self._optuna, trial, config, told=told))

    def _ask(self) -> None:
        """Ask for as many runs as there are workers, so that others have their turns."""
        again = 0
        while len(self._tried) < self.runs.workers and not self._stop.is_set() and not self._exhausted:
            self._publish()
            if len(self.found.trials) >= self.study.runs:
                return
            trial = self._optuna.ask(self._space)
            asked = Tried(self._optuna, trial, self.study.config(trial.params))
            if all(asked.config != before.config for before in self.found.trials):
                self._tried.append(asked)
                self._begin(asked)
                again = 0
            else:
                trial.set_user_attr(journal.AGAIN, True)
                asked.tell("FAIL")
                again += 1
                self._exhausted = again == MOST_AGAIN

    def _begin(self, one: Tried) -> None:
        try:
            one.begin(self.runs, self.visitor)
            self.notice = ""
        except RunError as error:  # the line is full, say: the next look may do better
            self.notice = str(error)

    def _look(self) -> None:
        """Tell Optuna what has come of each run."""
        for one in [*self._tried]:
            if one.run is None and not self._stop.is_set():
                self._begin(one)
            if one.is_over(self.runs, self._stop.is_set()):
                self._tried.remove(one)

    def _publish(self) -> None:
        self.found = Found(journal.of_frozen(self.study, self._optuna.get_trials(deepcopy=False)), self._said)

    def _end_with(self, why: str) -> None:
        self._optuna.set_user_attr(journal.ENDED, why)
        self._said = why


class Driver(Asking):
    """A search that goes on, or has gone on, on a thread of its own. `error` is a sentence where it broke off."""

    def __init__(self, study: Study, runs: Runs, visitor: str = ""):
        super().__init__(study, runs, visitor)
        self.error = ""
        self.live = True
        self._thread = Thread(target=self._work, daemon=True, name=study.key)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to stop, soon: what its runs have learnt is kept, and it can go on."""
        self._stop.set()

    def join(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            with claimed(journal.path_of(self.study, self.runs.folder).with_suffix(".claim")):
                self._drive()
        except (Taken, FolderError, JournalError, RunError, CheckpointError) as error:
            self.error = str(error)
        except Exception as error:
            log.exception("%s broke off", self.study.key)
            self.error = (
                f"The search broke off ({type(error).__name__}): it goes on from here when it is started again."
            )
        finally:
            self.live = False

    def _drive(self) -> None:
        self._open()
        end = monotonic() + 60 * self.study.minutes
        why = ""
        while not why:
            self._look()
            self._ask()
            self._publish()
            why = self._why_it_ends(end) or ("stopped" if self._stop.wait(SECONDS_BETWEEN_LOOKS) else "")
        self._leave()
        self._publish()
        self._end_with(self._why_it_ends(end) or why)
        self._publish()

    def _why_it_ends(self, end: float) -> str:
        if not self._tried and (self._exhausted or len(self.found.trials) >= self.study.runs):
            return "space" if self._exhausted else "runs"
        return "time" if monotonic() > end else ""

    def _leave(self) -> None:
        """Stop what trains for this search, which is taken up again when it goes on; what has come to its end is told."""
        self._stop.set()
        mine = [one.run for one in self._tried if one.own and one.run is not None]
        for run in mine:
            self.runs.stop(run.key)
        end = monotonic() + SECONDS_TO_STOP
        while any(run.live for run in mine) and monotonic() < end:
            sleep(SECONDS_BETWEEN_LOOKS / 4)
        self._look()


def gone_through(study: Study, runs: Runs, watch: Callable[[Driver], None]) -> Driver:
    """Go through a search to its end, on a thread of its own, with somebody who watches. It stops where they are interrupted."""
    driver = Driver(study, runs)
    driver.start()
    try:
        while driver.live:
            watch(driver)
            driver.join(SECONDS_BETWEEN_LOOKS)
    except BaseException:
        driver.stop()
        driver.join(2 * SECONDS_TO_STOP)
        raise
    return driver
