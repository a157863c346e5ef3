"""Which runs a comparison of training-set sizes is made of: a grid whose one setting is that size.

A sweep is data, like a run. It knows no pages and starts nothing.
"""

from dataclasses import dataclass, field, fields

from core.config import NETWORKS, Config, MLPConfig, range_of
from core.kinds import SettingsError
from core.search.grid import SEEDS, Axis, Grid, Place

SHARED = [spec.name for spec in fields(Config) if spec.name not in ("train_size", "seed")]
FEWEST_SIZES, MOST_SIZES = 2, 6
SIZE = range_of(MLPConfig, "train_size")


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

    @property
    def grid(self) -> Grid:
        """The same as a grid."""
        shared = {name: getattr(self.shared, name) for name in SHARED}
        networks = tuple(NETWORKS[network](**shared) for network in self.networks)
        return Grid(shared=networks, axes=(Axis("train_size", self.sizes),), seeds=self.seeds)

    def config(self, network: str, size: int, seed: int) -> Config:
        """The settings of one of its runs."""
        return self.grid.config((network, size), seed)

    def panels(self) -> dict[Place, list[Config]]:
        """The runs of each network and size, one for each seed, in the order in which they are shown."""
        return self.grid.panels()

    def configs(self) -> list[Config]:
        """All its runs, the quickest first: every size of a seed before the next seed."""
        return self.grid.configs()


# The report's comparisons: Figures 3 and 4 are of the MLP, Figures 7 and 8 of the CNN.
FIGURES = {"MLP: Figures 3 and 4": Sweep(networks=("mlp",)), "CNN: Figures 7 and 8": Sweep(networks=("cnn",))}
