"""What more data buys: the same settings on training sets of several sizes, and what came of each.

A sweep is data, like a run: networks, sizes, how many seeds, and the settings that all its runs share. It knows no pages and
starts nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np

from core.config import NAMES, NETWORKS, Config, MLPConfig, Range, SettingsError, changed_settings, from_query, limits
from core.training import EpochEnd

SHARED = [spec.name for spec in fields(Config) if spec.name not in ("train_size", "seed")]
FEWEST_SIZES, MOST_SIZES = 2, 6
SEEDS = Range(1, 5, int)
SIZE = limits(MLPConfig, "train_size")
LITTLE = 0.01  # a gap that nobody would call over-fitting


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


class Outcome(NamedTuple):
    """What one network made of one size, over the seeds that are over. Accuracies from 0 to 1; the gap in points."""

    network: str
    size: int
    seeds: int
    training: Spread
    validation: Spread
    gap: Spread
    seconds: Spread


def outcome(network: str, size: int, histories: list[list[EpochEnd]]) -> Outcome | None:
    """The end of each seed's history; None while there is none. The gap is training minus validation accuracy."""
    ends = [history[-1] for history in histories if history]
    if not ends:
        return None
    return Outcome(
        network,
        size,
        len(ends),
        spread([end.train_accuracy for end in ends]),
        spread([end.val_accuracy for end in ends]),
        spread([(end.train_accuracy - end.val_accuracy) * 100 for end in ends]),
        spread([sum(epoch.seconds for epoch in history) for history in histories if history]),
    )


def by_epoch(histories: list[list[EpochEnd]], name: str) -> list[tuple[int, Spread]]:
    """A field of the epochs over the seeds, as far as any seed has come: (epoch, spread)."""
    values: dict[int, list[float]] = {}
    for history in histories:
        for event in history:
            values.setdefault(event.epoch, []).append(getattr(event, name))
    return [(epoch, spread(values[epoch])) for epoch in sorted(values)]


def reading(outcomes: list[Outcome], failures: Mapping[tuple[str, int], str]) -> list[str]:
    """What happened, a paragraph for each network, in words that follow from the numbers alone."""
    networks = dict.fromkeys([outcome.network for outcome in outcomes] + [network for network, _ in failures])
    return [_paragraph(network, [o for o in outcomes if o.network == network], failures) for network in networks]


def _paragraph(network: str, outcomes: list[Outcome], failures: Mapping[tuple[str, int], str]) -> str:
    name, words = NAMES[network], []
    if outcomes:
        least, most = outcomes[0], outcomes[-1]
        words.append(
            f"With **{least.size:,}** images the {name} gets **{_share(least.training)}** of what it saw right, and "
            f"**{_share(least.validation)}** of what it did not: {_gap(least)}"
        )
        if most.size != least.size:
            words[-1] += (
                f"; with **{most.size:,}** it is {_share(most.training)} and {_share(most.validation)}: {_gap(most)}"
            )
        words[-1] += "."
        words.append(_verdict(name, least, most))
    for (failed, size), error in failures.items():
        if failed == network:
            words.append(f"With {size:,} images the {name} did not finish. {error}")
    return " ".join(filter(None, words))


def _share(accuracy: Spread) -> str:
    return f"{accuracy.mean:.1%}" if accuracy.mean < 0.9995 else f"{accuracy.mean:.2%}"


def _gap(outcome: Outcome) -> str:
    points = outcome.gap.mean
    return f"a gap of {points:.1f} points" if points >= 0.05 else "no gap"


def _verdict(name: str, least: Outcome, most: Outcome) -> str:
    """What the two ends say together. Over seeds, a difference counts where the bands do not overlap."""
    if least.training.mean < 0.5:
        return f"The {name} has hardly learned yet, so its gap says nothing about over-fitting."
    if least.size == most.size:
        return ""
    if max(least.gap.mean, most.gap.mean) < LITTLE * 100:
        return "Neither is over-fitting to speak of."
    if most.gap.high < least.gap.low:
        gained = (most.validation.mean - least.validation.mean) * 100
        return f"It over-fits the small set: more data took {least.gap.mean - most.gap.mean:.1f} points off the gap" + (
            f" and put {gained:.1f} on what it gets right of the unseen." if gained > 0.05 else "."
        )
    if least.gap.high < most.gap.low:
        return "Here the gap grows with the data: the small set was not learned as far."
    return "The seeds differ by more than the sizes do, so nothing can be said about the gap."


def rows(outcomes: list[Outcome]) -> list[dict]:
    """The same numbers as a table: accuracies in percent, the gap in points, the time in seconds."""
    return [
        {
            "Network": NAMES[outcome.network],
            "Images": outcome.size,
            "Seeds": outcome.seeds,
            "Training %": round(outcome.training.mean * 100, 2),
            "Validation %": round(outcome.validation.mean * 100, 2),
            "Gap, points": round(outcome.gap.mean, 2),
            "Gap from": round(outcome.gap.low, 2),
            "to": round(outcome.gap.high, 2),
            "Seconds": round(outcome.seconds.mean, 2),
        }
        for outcome in outcomes
    ]
