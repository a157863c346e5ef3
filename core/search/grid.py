"""Which runs a sweep is made of: networks, the values of one setting or of two, how many seeds, and what all runs share.

A grid is data, like a run. It knows no pages and starts nothing. What a setting may be, and which of its values are worth a
try, follows from the one table of settings in core/config.py.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from core.config import NAMES, NETWORKS, Config, limits, number_words, phrase
from core.kinds import Choice, Range, SettingsError, exactly, label

SEEDS = Range(1, 5, int)
FEWEST_VALUES, MOST_VALUES = 2, 8
MOST_RUNS = 60
QUICK = {"train_size": 2_000, "epochs": 20}  # what the settings that cost time are, unless somebody says otherwise
WIDE = 16  # times its least value is what a setting reaches to that is thought of in ratios
ROUND = (1, 2, 5)
Place = tuple[Any, ...]  # of a run but for its seed: its network, and its value of each setting that is varied


class Axis(NamedTuple):
    """A setting that is varied, and its values."""

    setting: str
    values: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Networks times the values of a setting, or of two, times seeds. `shared` has for each network what its runs have besides.

    Raises SettingsError, one sentence, for what cannot be compared.
    """

    shared: tuple[Config, ...]
    axes: tuple[Axis, ...]
    seeds: int = 1

    def __post_init__(self) -> None:
        if not self.shared or len({*self.networks}) != len(self.shared):
            raise SettingsError("Choose the MLP, the CNN or both.")
        if len(self.axes) not in (1, 2) or len({axis.setting for axis in self.axes}) != len(self.axes):
            raise SettingsError("Choose one setting, or two different ones.")
        object.__setattr__(self, "axes", tuple(self._checked(axis) for axis in self.axes))
        try:
            object.__setattr__(self, "seeds", SEEDS.checked(self.seeds))
        except SettingsError as error:
            raise SettingsError(f"The number of seeds {error}.") from None
        runs = len(self.shared) * math.prod(len(axis.values) for axis in self.axes) * self.seeds
        if runs > MOST_RUNS:
            raise SettingsError(
                f"This would be {runs} runs, and at most {MOST_RUNS} fit into one comparison: take fewer values, or fewer seeds."
            )

    def _checked(self, axis: Axis) -> Axis:
        name = label(axis.setting)
        for config in self.shared:
            if axis.setting not in settings(type(config)):
                raise SettingsError(f"{name} is no setting of the {NAMES[config.network]}: choose another one.")
        kind = limits(type(self.shared[0]), axis.setting)
        try:
            values = [kind.checked(value) for value in axis.values]
        except SettingsError as error:
            raise SettingsError(f"{name} {error}.") from None
        if not FEWEST_VALUES <= len({*values}) == len(values) <= MOST_VALUES:
            raise SettingsError(f"Choose {FEWEST_VALUES} to {MOST_VALUES} different values of the {name.lower()}.")
        in_order = kind.words.index if isinstance(kind, Choice) else None
        return Axis(axis.setting, tuple(sorted(values, key=in_order)))

    @property
    def networks(self) -> tuple[str, ...]:
        return tuple(config.network for config in self.shared)

    def config(self, place: Place, seed: int = 0) -> Config:
        """The settings of one of its runs."""
        network, *values = place
        shared = self.shared[self.networks.index(network)]
        varied = dict(zip([axis.setting for axis in self.axes], values, strict=True))
        return replace(shared, seed=seed, **varied)

    def panels(self) -> dict[Place, list[Config]]:
        """The runs of each place, one for each seed, in the order in which they are shown."""
        places: list[Place] = [(network,) for network in self.networks]
        for axis in self.axes:
            places = [(*place, value) for place in places for value in axis.values]
        return {place: [self.config(place, seed) for seed in range(self.seeds)] for place in places}

    def configs(self) -> list[Config]:
        """All its runs, the quickest first: every place with a seed before the next seed."""
        runs = [config for panel in self.panels().values() for config in panel]
        return sorted(runs, key=lambda config: (config.seed, config.train_size * config.epochs))

    def phrases(self, place: Place) -> list[str]:
        """The value of each setting that is varied, e.g. ["rate 0.01", "batch 64"]."""
        return [phrase(axis.setting, value) for axis, value in zip(self.axes, place[1:], strict=True)]

    def words(self, place: Place) -> str:
        """What sets a place apart from the others of its network, e.g. "rate 0.01 at batch 64"."""
        return " at ".join(self.phrases(place))


def settings(network: type[Config]) -> list[str]:
    """The settings of a network that can be varied. The seed is none of them: it is what every value is repeated with."""
    return [spec.name for spec in fields(network) if spec.name != "seed"]


def alike(networks: Sequence[str], values: Mapping[str, Any]) -> tuple[Config, ...]:
    """The settings of each network that have these values, of which those count that it has."""
    return tuple(
        NETWORKS[network](**{name: values[name] for name in settings(NETWORKS[network]) if name in values})
        for network in networks
    )


SETTINGS = tuple(dict.fromkeys(name for network in NETWORKS.values() for name in settings(network)))


def kind_of(setting: str) -> Range | Choice:
    """What a setting of either network may be. One that both have may be the same in both."""
    return next(limits(network, setting) for network in NETWORKS.values() if setting in settings(network))


def default_of(setting: str) -> Any:
    """What a setting of either network is by default."""
    return next(getattr(network, setting) for network in NETWORKS.values() if setting in settings(network))


def scale(setting: str) -> str:
    """How far apart the values of a setting lie: "log" by their ratio, "linear" by their difference; "words" have no distance.

    By their ratio, where the limits are far apart or the default is next to nothing beside the largest value.
    """
    kind = kind_of(setting)
    if isinstance(kind, Choice):
        return "words"
    least = kind.low or default_of(setting)
    return "log" if least and kind.high / least >= WIDE else "linear"


def usual_values(setting: str) -> tuple[Any, ...]:
    """Values of a setting that are worth a try, its default among them or between them.

    Of words all of them; by difference even steps from end to end; by ratio five: numbers of images and epochs are 1, 2 or 5 times
    a power of ten, other counts double, a rate is about tripled, and of what may be 0 there is nothing and then powers of ten.
    """
    kind, default = kind_of(setting), default_of(setting)
    if isinstance(kind, Choice):
        return kind.words
    if scale(setting) == "linear":
        step = next(
            10.0**power * n for power in (-2, -1, 0, 1) for n in ROUND if 10.0**power * n * 5 >= kind.high - kind.low
        )
        count = math.floor((kind.high - kind.low) / step + 1e-9)
        even = {round(kind.low + i * step, 6) for i in range(count + 1)}
        return tuple(sorted(kind.checked(kind.kind(value)) for value in {*even, default}))
    if kind.low == 0:
        return (kind.checked(0), *(float(f"{default * 10.0**power:.1g}") for power in (-1, 0, 1, 2)))
    if kind.kind is float:
        half = math.sqrt(10)
        return tuple(float(f"{default * half**power:.1g}") for power in range(-2, 3))
    if math.log2(default).is_integer():
        return tuple(int(default * 2.0**power) for power in range(-2, 3))
    rounded = [10**power * n for power in range(6) for n in ROUND]
    return tuple([value for value in rounded if kind.low <= value <= default][-5:])


def value_words(value: Any) -> str:
    """A value of a setting as an axis and a control have it, which `read_value` reads."""
    return value if isinstance(value, str) else number_words(value)


def read_value(setting: str, text: str) -> Any:
    """The value of a setting that a text says. Raises SettingsError, one sentence, where it may not be that."""
    try:
        return exactly(kind_of(setting), text)
    except SettingsError as error:
        raise SettingsError(f"{label(setting)} {error}.") from None


def read_values(setting: str, texts: Sequence[str]) -> tuple[Any, ...]:
    """The values that texts say, each once. Raises SettingsError, one sentence, where one of them may not be."""
    return tuple(dict.fromkeys(read_value(setting, text) for text in texts))
