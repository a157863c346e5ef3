"""What more data buys: the same settings on training sets of several sizes, and what came of each.

A sweep is data, like a run: networks, sizes, how many seeds, and the settings that all its runs share. It knows no pages and
starts nothing.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from core.analysis.evaluation import wilson_interval
from core.analysis.verdict import LEARNT, Verdict, state_words, verdict
from core.config import NAMES, NETWORKS, Config, MLPConfig, Range, SettingsError, changed_settings, from_query, limits
from core.data import VAL_SIZE
from core.training import EpochEnd

SHARED = [spec.name for spec in fields(Config) if spec.name not in ("train_size", "seed")]
FEWEST_SIZES, MOST_SIZES = 2, 6
SEEDS = Range(1, 5, int)
SIZE = limits(MLPConfig, "train_size")
Place = tuple[str, int]  # a panel: network and size


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Networks times sizes times seeds, with `shared` for everything that they have in common.

    Of `shared`, the size, the seed and what only an MLP has do not count. Raises SettingsError for what cannot be compared.
    """

    networks: tuple[str, ...] = ("mlp",)
    sizes: tuple[int, ...] = (2_000, 50_000)
    seeds: int = 1
    shared: Config = field(default_factory=MLPConfig)

    def __post_init__(self) -> None:
        if not self.networks or any(network not in NETWORKS for network in self.networks):
            raise SettingsError("Choose the MLP, the CNN or both.")
        if not FEWEST_SIZES <= len(set(self.sizes)) == len(self.sizes) <= MOST_SIZES:
            raise SettingsError(f"Choose {FEWEST_SIZES} to {MOST_SIZES} different training-set sizes.")
        try:
            object.__setattr__(self, "sizes", tuple(sorted(SIZE.checked(size) for size in self.sizes)))
            object.__setattr__(self, "seeds", SEEDS.checked(self.seeds))
        except SettingsError as error:
            raise SettingsError(f"Each size and the number of seeds {error}.") from None

    def config(self, network: str, size: int, seed: int) -> Config:
        """The settings of one of its runs."""
        shared = {name: getattr(self.shared, name) for name in SHARED}
        return NETWORKS[network](train_size=size, seed=seed, **shared)

    def panels(self) -> dict[tuple[str, int], list[Config]]:
        """The runs of each network and size, one for each seed, in the order in which they are shown."""
        return {
            (network, size): [self.config(network, size, seed) for seed in range(self.seeds)]
            for network in self.networks
            for size in self.sizes
        }

    def configs(self) -> list[Config]:
        """All its runs, the quickest first: every size of a seed before the next seed."""
        runs = [config for panel in self.panels().values() for config in panel]
        return sorted(runs, key=lambda config: (config.seed, config.train_size))


# The report's comparisons: Figures 3 and 4 are of the MLP, Figures 7 and 8 of the CNN.
FIGURES = {"MLP: Figures 3 and 4": Sweep(networks=("mlp",)), "CNN: Figures 7 and 8": Sweep(networks=("cnn",))}


def to_link(sweep: Sweep) -> dict[str, str]:
    """A sweep as the parameters of a link; what is at its default is left out, but never the networks."""
    shared = {name: str(value) for name, value in changed_settings(sweep.shared).items() if name in SHARED}
    link = {"networks": ",".join(sweep.networks), "sizes": ",".join(map(str, sweep.sizes)), "seeds": str(sweep.seeds)}
    return link | shared


def from_link(query: Mapping[str, str]) -> tuple[Sweep, list[str]]:
    """The sweep that a link asks for, and one sentence for each value that had to be replaced."""
    default = Sweep()
    shared, sentences = from_query({name: query[name] for name in SHARED if name in query})
    networks = tuple(dict.fromkeys(word for word in query.get("networks", "").split(",") if word in NETWORKS))
    if "networks" in query and not networks:
        sentences.append(f"There is no network called “{query['networks'][:40]}”: showing the MLP.")
    sizes = default.sizes
    if "sizes" in query:
        try:
            sizes = tuple(dict.fromkeys(SIZE.nearest(word) for word in query["sizes"].split(",")[:20]))
            Sweep(sizes=sizes)
        except SettingsError:
            sizes = default.sizes
            sentences.append(
                f"The sizes must be {FEWEST_SIZES} to {MOST_SIZES} different numbers from {SIZE.low:,} to {SIZE.high:,}, "
                f"not “{query['sizes'][:40]}”: using 2,000 and 50,000."
            )
    seeds = default.seeds
    try:
        seeds = SEEDS.nearest(query.get("seeds", "1"))
    except SettingsError as error:
        sentences.append(f"The number of seeds {error}: using 1.")
    return Sweep(networks=networks or default.networks, sizes=sizes, seeds=seeds, shared=shared), sentences


class Spread(NamedTuple):
    """The same number over several seeds."""

    mean: float
    low: float
    high: float


def spread(values: list[float]) -> Spread:
    return Spread(float(np.mean(values)), min(values), max(values))


class Attempt(NamedTuple):
    """One run of a sweep, as far as it has come: a Run's history, status and error. "missing" is one that is not there yet."""

    history: list[EpochEnd]
    status: str = "done"
    error: str = ""


class Interval(NamedTuple):
    """A number with its interval, in points."""

    value: float
    low: float
    high: float


class Outcome(NamedTuple):
    """What one network made of one size, after the same epoch of each of its seeds.

    While any seed is done, only those that are done count: an epoch of the middle is never mixed with the end.
    """

    network: str
    size: int
    epochs: int  # that its runs were asked for
    histories: tuple[list[EpochEnd], ...]  # of the seeds that count, all of them as long

    @property
    def epoch(self) -> int:
        return len(self.histories[0])

    @property
    def finished(self) -> bool:
        return self.epoch == self.epochs

    @property
    def seeds(self) -> int:
        return len(self.histories)

    @property
    def training(self) -> Spread:
        """Accuracy on its own images, from 0 to 1."""
        return spread([history[-1].train_accuracy for history in self.histories])

    @property
    def validation(self) -> Spread:
        """Accuracy on the validation images, from 0 to 1."""
        return spread([history[-1].val_accuracy for history in self.histories])

    @property
    def gap(self) -> Spread:
        """Training minus validation accuracy, in points."""
        return spread([(history[-1].train_accuracy - history[-1].val_accuracy) * 100 for history in self.histories])

    @property
    def seconds(self) -> Spread:
        return spread([sum(epoch.seconds for epoch in history) for history in self.histories])

    @property
    def verdicts(self) -> list[Verdict | None]:
        """What is said of each seed that came to no result."""
        return [verdict(history, self.epochs) for history in self.histories]

    @property
    def chance(self) -> int:
        """How many of its seeds answer like chance."""
        return sum(said is not None and said.chance for said in self.verdicts)

    @property
    def learnt(self) -> bool:
        """Whether a gap says anything: every seed reads more than chance, and most of its own images."""
        return self.chance == 0 and self.training.mean >= LEARNT

    def interval(self, name: str, level: float = 0.05) -> Interval:
        """The validation accuracy or the gap, with the interval that so many images leave to it; `level` is missed by chance.

        That of the gap follows from those of its two accuracies (R. G. Newcombe, "Interval estimation for the difference
        between independent proportions", 1998, method 10). Seeds share their images, so more of them make it no narrower.
        """
        v, v_low, v_high = _accuracy(self.validation.mean, VAL_SIZE, level)
        if name == "validation":
            return Interval(v, v_low, v_high)
        t, t_low, t_high = _accuracy(self.training.mean, self.size, level)
        return Interval(t - v, t - v - math.hypot(t - t_low, v_high - v), t - v + math.hypot(t_high - t, v - v_low))


def _accuracy(accuracy: float, n: int, level: float) -> Interval:
    z = NormalDist().inv_cdf(1 - level / 2)
    return Interval(accuracy * 100, *(end * 100 for end in wilson_interval(round(accuracy * n), n, z)))


def outcome(network: str, size: int, epochs: int, attempts: Sequence[Attempt]) -> Outcome | None:
    """What the seeds that are done came to; while none is, all that have begun after the last epoch that each has reached.

    None while no epoch is over. A run that failed has come to nothing.
    """
    done = [attempt.history for attempt in attempts if attempt.status == "done"]
    begun = done or [attempt.history for attempt in attempts if attempt.history and attempt.status != "failed"]
    if not begun:
        return None
    epoch = min(map(len, begun))
    return Outcome(network, size, epochs, tuple(history[:epoch] for history in begun))


def outcomes(panels: Mapping[Place, Sequence[Attempt]], epochs: int) -> list[Outcome]:
    """The outcome of each network and size that has one."""
    found = [outcome(*place, epochs, attempts) for place, attempts in panels.items()]
    return [one for one in found if one is not None]


def by_epoch(histories: list[list[EpochEnd]], name: str) -> list[tuple[int, int, Spread]]:
    """A field of the epochs over the seeds, as far as any seed has come: (epoch, how many seeds, spread)."""
    values: dict[int, list[float]] = {}
    for history in histories:
        for event in history:
            values.setdefault(event.epoch, []).append(getattr(event, name))
    return [(epoch, len(values[epoch]), spread(values[epoch])) for epoch in sorted(values)]


def states(attempts: Sequence[Attempt], epochs: int) -> list[str]:
    """What the runs of a panel that are not done are at, e.g. "2 waiting", "stopped after epoch 3 of 60".

    With one run there is no number.
    """
    words = Counter(_state(attempt, epochs) for attempt in attempts if attempt.status != "done")
    return [f"{n} {word}" if len(attempts) > 1 else word for word, n in words.items()]


def _state(attempt: Attempt, epochs: int) -> str:
    if attempt.status == "missing":
        return "not trained yet"
    if attempt.status == "stopped":
        return f"stopped after epoch {len(attempt.history)} of {epochs}"
    return state_words(attempt.status, attempt.history, epochs, attempt.error)


def rows(outcomes: Sequence[Outcome]) -> list[dict]:
    """The same numbers as a table: accuracies in percent, the gap in points, the time in seconds.

    The ends of the gap over the seeds are there if anything has more than one.
    """
    several = any(outcome.seeds > 1 for outcome in outcomes)
    return [
        {
            "Network": NAMES[outcome.network],
            "Images": outcome.size,
            "Seeds": outcome.seeds,
            "After epoch": outcome.epoch,
            "Training %": round(outcome.training.mean * 100, 2),
            "Validation %": round(outcome.validation.mean * 100, 2),
            "Gap, points": round(outcome.gap.mean, 2),
        }
        | ({"Gap from": round(outcome.gap.low, 2), "Gap to": round(outcome.gap.high, 2)} if several else {})
        | {"Seconds": round(outcome.seconds.mean, 2)}
        for outcome in outcomes
    ]
