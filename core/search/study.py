"""A search over all settings, as data: which settings are searched and how far, what its runs share, and how much it may cost.

Like a run and a grid it knows no pages and starts nothing. What a setting may be, and on which scale its values lie, follows from the
one table of settings in core/config.py.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from core.config import NAMES, NETWORKS, Config, label, number_words, phrase
from core.kinds import Choice, Range, SettingsError, check_settings, exactly, setting
from core.search.grid import default_of, kind_of, scale, settings, usual_values

SAMPLERS = (
    "random",
    "optuna",
)  # at random, and Optuna's Tree-structured Parzen Estimator, which learns from the runs before
PRUNERS = ("median", "hyperband", "none")
# Unless somebody says otherwise: what is searched of each network, of these. What costs time alone is not, nor what changes the network.
USUAL = (
    "learning_rate",
    "batch_size",
    "weight_decay",
    "learning_rate_decay",
    "hidden_units",
    "activation",
    "momentum",
    "dropout",
    "augmentation",
)
# Beside what core/search/grid.py finds worth a try: with less than 0.8 nothing is left of a rate after 20 epochs.
NARROWER = {"learning_rate_decay": (0.8, 1.0)}
DIGITS = 3  # of a number that is searched: of a rate with more nobody could tell the difference
MOST_RUNS = 200
SEEDS_AT_LAST = 3
ALL_IMAGES = 50_000


class Span(NamedTuple):
    """A setting that is searched: the smallest and the largest value of a number, or the words that may be."""

    setting: str
    values: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Study:
    """A search over several settings of one network. Raises SettingsError, one sentence, for what is none.

    `shared` has what all runs have in common; what it says of a setting that is searched counts for nothing.
    """

    shared: Config
    space: tuple[Span, ...]
    sampler: str = setting("optuna", Choice(SAMPLERS))
    pruner: str = setting("median", Choice(PRUNERS))
    runs: int = setting(20, Range(2, MOST_RUNS, int))
    minutes: int = setting(10, Range(1, 240, int))  # in one go: then it stops, and can go on
    seed: int = setting(0, Range(0, 9_990, int))  # of the sampler, and of every run

    def __post_init__(self) -> None:
        check_settings(self)
        names = [span.setting for span in self.space]
        if not names or len({*names}) != len(names):
            raise SettingsError("Choose at least one setting to search, and each once.")
        own = settings(type(self.shared))
        for name in names:
            if name not in own:
                raise SettingsError(f"{label(name)} is no setting of the {NAMES[self.network]}: choose another one.")
        in_order = sorted((checked(span) for span in self.space), key=lambda span: own.index(span.setting))
        object.__setattr__(self, "space", tuple(in_order))
        usual = {name: getattr(type(self.shared), name) for name in names}
        object.__setattr__(self, "shared", replace(self.shared, seed=self.seed, **usual))

    @property
    def network(self) -> str:
        return self.shared.network

    @property
    def searched(self) -> list[str]:
        """The settings that are searched."""
        return [span.setting for span in self.space]

    @property
    def key(self) -> str:
        """The word search and ten hex digits of the SHA-256 of all that it is made of: its file's name, and what caches know it by."""
        own = {spec.name: getattr(self, spec.name) for spec in fields(self) if spec.name not in ("shared", "space")}
        shared = {name: value for name, value in vars(self.shared).items() if name != "seed"}
        shared = {name: value for name, value in shared.items() if value != getattr(type(self.shared), name)}
        whole = {"network": self.network, "shared": shared, "space": self.space, **own}
        canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"))
        return f"search-{hashlib.sha256(canonical.encode()).hexdigest()[:10]}"

    def config(self, values: Mapping[str, Any]) -> Config:
        """The settings of a run that has these values of what is searched, numbers rounded to DIGITS."""
        return replace(self.shared, **{span.setting: _rounded(span, values[span.setting]) for span in self.space})

    def words(self, config: Config) -> str:
        """What sets one of its runs apart from the others, e.g. "batch 32, rate 0.0218, tanh"."""
        return ", ".join(phrase(name, getattr(config, name)) for name in self.searched)

    def at_last(self, best: Config) -> list[Config]:
        """The best settings with all images, and with seeds that the search has not used."""
        seeds = range(self.seed + 1, self.seed + 1 + SEEDS_AT_LAST)
        return [replace(best, train_size=ALL_IMAGES, seed=seed) for seed in seeds]


def _rounded(span: Span, value: Any) -> Any:
    if not isinstance(value, float):
        return value
    low, high = span.values
    return min(max(float(f"{value:.{DIGITS}g}"), low), high)


def checked(span: Span) -> Span:
    """A span whose values may be. Raises SettingsError, one sentence, where they may not."""
    name, kind = label(span.setting), kind_of(span.setting)
    try:
        values = tuple(dict.fromkeys(kind.checked(value) for value in span.values))
    except SettingsError as error:
        raise SettingsError(f"{name} {error}.") from None
    if isinstance(kind, Choice):
        if len(values) < 2:
            raise SettingsError(f"{name} needs two words or more to be searched.")
        return Span(span.setting, tuple(sorted(values, key=kind.words.index)))
    if len(values) != 2:
        raise SettingsError(f"{name} needs a smallest and a largest value to be searched.")
    low, high = sorted(values)
    if low == 0 and scale(span.setting) == "log":
        raise SettingsError(f"{name} is searched by ratios, and 0 has none: its smallest value must be above that.")
    return Span(span.setting, (low, high))


def usual_span(name: str) -> Span:
    """Between which values a setting is first searched."""
    values = NARROWER.get(name) or usual_values(name)
    if isinstance(kind_of(name), Choice):
        return Span(name, values)
    if scale(name) == "log":
        values = tuple(value for value in values if value > 0)
    return Span(name, (values[0], values[-1]))


def usual_space(network: str) -> tuple[Span, ...]:
    """What is first searched of a network."""
    return tuple(usual_span(name) for name in settings(NETWORKS[network]) if name in USUAL)


def position(span: Span, value: Any) -> float:
    """Where a value lies between the ends of its span, from 0 to 1, on the scale that the setting is searched on."""
    if isinstance(kind_of(span.setting), Choice):
        return span.values.index(value) / (len(span.values) - 1)
    low, high = span.values
    if scale(span.setting) == "log":
        low, high, value = map(math.log, (low, high, value))
    return (value - low) / (high - low)


def between(span: Span, share: float) -> Any:
    """The value at a position from 0 to 1, as `position` has them."""
    low, high = span.values
    if scale(span.setting) == "log":
        return low * (high / low) ** share
    return low + (high - low) * share


def span_words(span: Span) -> str:
    """A span in words: "0.001 to 0.1", "sigmoid, tanh"."""
    if isinstance(kind_of(span.setting), Choice):
        return ", ".join(span.values)
    return " to ".join(map(number_words, span.values))


def span_text(span: Span) -> str:
    """A span's values as an address has them, which `read_span` reads: "0.001:0.1", "sigmoid:tanh"."""
    return ":".join(value if isinstance(value, str) else number_words(value) for value in span.values)


def read_span(name: str, text: str) -> Span:
    """The span that a text says. Raises SettingsError, one sentence, for any other text."""
    try:
        values = [exactly(kind_of(name), word) for word in text.split(":")[:20]]
    except SettingsError as error:
        raise SettingsError(f"{label(name)} {error}.") from None
    return checked(Span(name, tuple(values)))


def stops(name: str, more: Sequence[Any] = ()) -> list[Any]:
    """The values that the ends of a setting's span are chosen from: its limits, its usual ones, and any more."""
    kind = kind_of(name)
    assert isinstance(kind, Range), f"{name} is no number"
    found = {kind.low, kind.high, *usual_values(name), default_of(name), *more}
    return sorted(kind.checked(value) for value in found if value > 0 or scale(name) != "log")


def beyond(span: Span, side: str) -> bool:
    """Whether a setting may be smaller ("low") or larger ("high") than it is searched."""
    kind = kind_of(span.setting)
    if not isinstance(kind, Range):
        return False
    return span.values[0] > kind.low if side == "low" else span.values[1] < kind.high
