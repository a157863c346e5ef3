"""The file of a search over all settings: Optuna's journal, beside the runs, a line of JSON for whatever happened.

Whatever reads it checks it whole, for a file may come from anybody: it is read into memory, replayed there by Optuna, and then every
value is held against what the search may ask for. Optuna is imported when the first journal is opened.
"""

import json
import math
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.files.folder import FolderError, identity, move_aside, reading, reason, replace
from core.kinds import Choice
from core.search.grid import kind_of, scale
from core.search.study import Span, Study
from core.search.trials import Found, Trial

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

FOLDER = "searches"  # beside the runs
MOST_BYTES = 20 * 2**20  # of a journal: 200 runs of 200 epochs make about 10 MB
MOST_TRIALS = 1_000
AGAIN, WHY, ENDED = (
    "again",
    "why",
    "ended",
)  # what we note besides: a run that was there before, why one ended, how a search did
WHYS = ("stopped", "diverged", "failed")
ENDS = ("", "runs", "space", "time", "stopped")


class JournalError(ValueError):
    """A journal that cannot be read. The message is one sentence."""


def path_of(study: Study, folder: Path) -> Path:
    """The journal of a search among the runs of a folder."""
    return folder / FOLDER / f"{study.key}.log"


def library() -> Any:
    """Optuna, which is not to tell a log what it does."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def space_of(study: Study) -> "dict[str, BaseDistribution]":
    """What is searched, in Optuna's words."""
    return {span.setting: _distribution(span) for span in study.space}


def _distribution(span: Span) -> "BaseDistribution":
    distributions = library().distributions
    kind = kind_of(span.setting)
    if isinstance(kind, Choice):
        return distributions.CategoricalDistribution(span.values)
    of = distributions.IntDistribution if kind.kind is int else distributions.FloatDistribution
    return of(*span.values, log=scale(span.setting) == "log")


def read(study: Study, folder: Path) -> Found | None:
    """What a search has come to by its journal; None where it has none here.

    Raises JournalError where the journal is damaged, after it was moved aside, or cannot be read.
    """
    path = path_of(study, folder)
    try:
        seen = path.stat()
        return _read(study, path, identity(seen))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JournalError(
            f"The journal of this search, {path.name}, cannot be read ({reason(error, path)})."
        ) from None
    except JournalError as error:
        became = move_aside(path, seen)
        raise JournalError(
            f"The journal of this search is damaged: {error} {became}. The search begins anew; runs that are trained count at once."
        ) from None


@lru_cache(maxsize=32)
def _read(study: Study, path: Path, seen: tuple[int, ...]) -> Found:
    with reading(path, MOST_BYTES) as file:
        data = file.read(MOST_BYTES + 1)
    return replayed(study, data)


def replayed(study: Study, data: bytes) -> Found:
    """What the bytes of a journal say. Raises JournalError where they are no journal of this search."""
    logs = [*_logs(data)]
    if not logs:
        return Found()
    storage = _storage(logs)
    try:
        (only,) = storage.get_all_studies()
        trials = storage.get_all_trials(only._study_id, deepcopy=False)
    except Exception:  # Optuna trusts its journals: of a forged one it raises whatever comes up
        raise JournalError("what its lines say does not go together.") from None
    if only.study_name != study.key or [way.name for way in only.directions] != ["MAXIMIZE"]:
        raise JournalError("it is that of another search.")
    ended = only.user_attrs.get(ENDED, "")
    if ended not in ENDS or len(trials) > MOST_TRIALS:
        raise JournalError("it says what no search says.")
    return Found(of_frozen(study, trials), ended)


def _logs(data: bytes) -> Iterator[dict[str, Any]]:
    """The lines of a journal. The last one may be half written, if its process was killed: it counts for nothing."""
    whole = data[: data.rfind(b"\n") + 1]
    for line in whole.splitlines():
        try:
            log = json.loads(line)
        except (ValueError, RecursionError):
            raise JournalError("a line of it is no JSON.") from None
        if not isinstance(log, dict) or not isinstance(log.get("op_code"), int):
            raise JournalError("a line of it is none of a journal.")
        yield log


def _storage(logs: list[dict[str, Any]]) -> Any:
    """A storage that has these lines, in memory. Raises JournalError where Optuna cannot replay them."""
    journal = library().storages.journal

    class Lines(journal.BaseJournalBackend):  # type: ignore[name-defined]
        def read_logs(self, log_number_from: int) -> Any:
            return iter(logs[log_number_from:])

        def append_logs(self, logs: list[dict[str, Any]]) -> None:
            raise NotImplementedError("It is only to be read.")

    try:
        return library().storages.JournalStorage(Lines())
    except Exception:
        raise JournalError("what its lines say does not go together.") from None


def of_frozen(study: Study, frozen: "list[FrozenTrial]") -> tuple[Trial, ...]:
    """Optuna's trials as the runs of a search. Those that were there before, and what a killed process had half asked for, are none.

    Raises JournalError for a value that the search would never have asked for, or been told.
    """
    space = space_of(study)
    found: list[Trial] = []
    for one in frozen:
        if AGAIN in one.user_attrs or set(one.params) < set(space):
            continue
        if one.distributions != space:
            raise JournalError("it has settings that are not searched.")
        try:
            config = study.config(one.params)
        except ValueError:
            raise JournalError("it has a setting that may not be.") from None
        accuracies = _accuracies(one, config.epochs)
        found.append(Trial(len(found) + 1, config, _state(one, accuracies), accuracies))
    if len(found) > study.runs or len({trial.config for trial in found}) < len(found):
        raise JournalError("it has more runs than were asked for.")
    return tuple(found)


def _state(one: "FrozenTrial", accuracies: tuple[float, ...]) -> str:
    why = one.user_attrs.get(WHY)
    if why is not None and why not in WHYS:
        raise JournalError("it says what no search says.")
    match one.state.name:
        case "RUNNING":
            return "open"
        case "COMPLETE":
            if not accuracies or one.values != [accuracies[-1]]:
                raise JournalError("a run of it ends with another number than its last.")
            return "done"
        case "PRUNED":
            return "stopped" if why == "stopped" else "pruned"
        case "FAIL":
            return "diverged" if why == "diverged" else "failed"
    raise JournalError("it says what no search says.")


def _accuracies(one: "FrozenTrial", epochs: int) -> tuple[float, ...]:
    values = one.intermediate_values
    if {*values} != {*range(len(values))} or len(values) > epochs:
        raise JournalError("the epochs of a run are not in order.")
    accuracies = tuple(values[epoch] for epoch in range(len(values)))
    if not all(type(value) in (int, float) and math.isfinite(value) and 0 <= value <= 1 for value in accuracies):
        raise JournalError("it has an accuracy that is none.")
    return accuracies


def mend(path: Path) -> None:
    """Cut off the half line that a killed process may have left: the next one would be written behind it. Raises FolderError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise FolderError(f"The journal {path.name} cannot be read ({reason(error, path)}).") from None
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        replace(path, whole)


def opened(study: Study, folder: Path) -> "optuna.Study":
    """The search as Optuna has it, made where there is none, to be asked and told by one process at a time.

    Its sampler has been asked in vain as often as the search has been: what it says next is not what it said first.
    Raises JournalError as `read` does, and FolderError where nothing can be kept.
    """
    read(study, folder)
    path = path_of(study, folder)
    mend(path)
    storages = library().storages
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else writes: a lock that is there was left by a process that was killed, and would be waited for.
        with suppress(FileNotFoundError):
            path.with_name(path.name + ".lock").unlink()
        lock = storages.journal.JournalFileOpenLock(str(path))
        storage = storages.JournalStorage(storages.journal.JournalFileBackend(str(path), lock_obj=lock))
        sampler = sampler_of(study)
        found = library().create_study(
            storage=storage,
            study_name=study.key,
            direction="maximize",
            sampler=sampler,
            pruner=pruner_of(study),
            load_if_exists=True,
        )
    except OSError as error:
        raise FolderError(f"Nothing can be kept in the folder {FOLDER} ({reason(error, path.parent)}).") from None
    in_vain = library().create_study(direction="maximize", sampler=sampler)
    for _ in found.get_trials(deepcopy=False):
        in_vain.ask(space_of(study))
    return found


def sampler_of(study: Study) -> Any:
    """Optuna's own sampler, with the seed of the search."""
    samplers = library().samplers
    of = samplers.RandomSampler if study.sampler == "random" else samplers.TPESampler
    return of(seed=study.seed)


def pruner_of(study: Study) -> Any:
    """Optuna's own pruner. Steps are epochs, from 0."""
    pruners, epochs = library().pruners, study.shared.epochs
    match study.pruner:
        case "median":  # not before a fifth of the epochs: a small rate begins slowly
            return pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=epochs // 5)
        case "hyperband":
            return pruners.HyperbandPruner(min_resource=1, max_resource=epochs, reduction_factor=3)
    return pruners.NopPruner()
