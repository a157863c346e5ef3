"""What the page Over-fitting shows: which runs are compared, by the parameters of its address."""

from dataclasses import asdict
from typing import NamedTuple

from core.config import NETWORKS, Config, MLPConfig
from core.kinds import Choice
from core.sweep import FEWEST_SIZES, MOST_SIZES, SEEDS, SHARED, SIZE, Sweep
from ui.parameters import Parameter, Several
from ui.state import PageState, Values, parameters_of


class Wanted(NamedTuple):
    """A sweep as its controls have it, which may for a moment be none: one with a single size, say."""

    networks: tuple[str, ...]
    sizes: tuple[int, ...]
    seeds: int
    shared: Config

    @property
    def sweep(self) -> Sweep:
        """The sweep itself. Raises SettingsError where this is none."""
        networks = tuple(name for name in NETWORKS if name in self.networks)
        return Sweep(networks=networks, sizes=self.sizes, seeds=self.seeds, shared=self.shared)


def values_of(wanted: Wanted | Sweep) -> Values:
    """A sweep as the parameters of the page."""
    shared = {name: value for name, value in asdict(wanted.shared).items() if name in SHARED}
    return {"networks": wanted.networks, "sizes": wanted.sizes, "seeds": wanted.seeds, **shared}


def _made(values: Values) -> Wanted:
    shared = MLPConfig(**{name: values[name] for name in SHARED})
    return Wanted(values["networks"], values["sizes"], values["seeds"], shared)


STATE: PageState[Wanted] = PageState(
    "overfitting",
    [
        Parameter("networks", Several(Choice(tuple(NETWORKS)), 2, "networks", 1, ","), Sweep().networks, always=True),
        Parameter("sizes", Several(SIZE, MOST_SIZES, "sizes", FEWEST_SIZES, ","), Sweep().sizes, always=True),
        Parameter("seeds", SEEDS, Sweep().seeds, always=True),
        *(one for one in parameters_of(Config) if one.name in SHARED),
    ],
    _made,
    values_of,
    prefix="sweep_",
)
