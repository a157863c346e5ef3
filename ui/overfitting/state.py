"""What the page Over-fitting shows: which runs are compared, by the parameters of its address."""

from dataclasses import asdict
from typing import NamedTuple

from core.config import NETWORKS, Config, MLPConfig, changed_settings, phrase
from core.kinds import Choice
from core.search.along import ALONG
from core.search.grid import SEEDS
from core.sweep import FEWEST_SIZES, MOST_SIZES, SHARED, SIZE, Sweep
from core.words import listed
from ui.links import Link
from ui.parameters import Parameter, Several
from ui.state import PageState, Values, parameters_of


class Wanted(NamedTuple):
    """A sweep as its controls have it, which may for a moment be none: one with a single size, say."""

    networks: tuple[str, ...]
    sizes: tuple[int, ...]
    seeds: int
    shared: Config
    along: str = "epochs"  # at equal what runs are compared: epochs, steps or seconds

    @property
    def sweep(self) -> Sweep:
        """The sweep itself. Raises SettingsError where this is none."""
        networks = tuple(name for name in NETWORKS if name in self.networks)
        return Sweep(networks=networks, sizes=self.sizes, seeds=self.seeds, shared=self.shared)


def values_of(wanted: Wanted | Sweep) -> Values:
    """A sweep as the parameters of the page that say which runs it is made of."""
    shared = {name: value for name, value in asdict(wanted.shared).items() if name in SHARED}
    return {"networks": wanted.networks, "sizes": wanted.sizes, "seeds": wanted.seeds, **shared}


def _values(wanted: Wanted) -> Values:
    return values_of(wanted) | {"along": wanted.along}


def _made(values: Values) -> Wanted:
    shared = MLPConfig(**{name: values[name] for name in SHARED})
    return Wanted(values["networks"], values["sizes"], values["seeds"], shared, values["along"])


STATE: PageState[Wanted] = PageState(
    "overfitting",
    [
        Parameter("networks", Several(Choice(tuple(NETWORKS)), 2, "networks", 1, ","), Sweep().networks, always=True),
        Parameter("sizes", Several(SIZE, MOST_SIZES, "sizes", FEWEST_SIZES, ","), Sweep().sizes, always=True),
        Parameter("seeds", SEEDS, Sweep().seeds, always=True),
        Parameter("along", Choice(tuple(ALONG)), "epochs"),
        *(one for one in parameters_of(Config) if one.name in SHARED),
    ],
    _made,
    _values,
    prefix="sweep_",
)


def sweep_link(config: Config) -> Link:
    """The comparison of a run's size with the usual ones, with the settings that all runs of a comparison share, as an address."""
    sizes = tuple(sorted({config.train_size, *Sweep().sizes}))
    shared = MLPConfig(**{name: getattr(config, name) for name in SHARED})
    return STATE.link(Wanted((config.network,), sizes, Sweep().seeds, shared))


def left_behind(config: Config) -> str:
    """What a comparison takes over of a run's settings, in a sentence, and what it does not."""
    own = [
        phrase(name, value) for name, value in changed_settings(config).items() if name not in (*SHARED, "train_size")
    ]
    without = f", without {listed(own)}, which a comparison leaves as usual" if own else ""
    return f"The same settings on several sizes{without}."
